import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LAB = fileURLToPath(new URL('../fixtures/own.md', import.meta.url))
const PROMPT = /root@host:\S+# ?$/

const screens = eachWithScreens()

async function type(screen: Screen, text: string): Promise<void> {
  await screen.shows(PROMPT)
  screen.type(`${text}\r`)
}

it('what is typed at labrun’s own prompts is answered here too, unless it is a command, and is none that was typed', async () => {
  const screen = screens.open([LAB])
  await screen.answer('▸ NAME=kept', 'd\r')
  await type(screen, 'd')
  await screen.shows(/d: command not found[\s\S]*This shell is your own already\. help: what can be typed\n[\s\S]*# ?$/)
  await type(screen, 'do')
  await screen.shows(/(?:This shell is your own already[\s\S]*){2}# ?$/)
  await type(screen, 'h')
  await screen.shows(/Here it is the whole word: hint\n[\s\S]*# ?$/)
  await type(screen, 'q')
  await screen.shows(/Here it is the whole word: quit\n[\s\S]*# ?$/)
  for (let times = 2; times <= 7; times++) {
    await type(screen, 'q')
    await screen.shows(new RegExp(`(?:word: quit\n[\\s\\S]*){${times}}# ?$`), 5000)
  }
  await type(screen, 'm() { echo "an m"; }; false')
  await screen.shows(/0 of 3[\s\S]*# ?$/)
  await type(screen, 'm')
  await screen.shows(/^an m\n/m)
  expect(screen.text()).not.toContain('whole word: map')
  await type(screen, 'quit')
  await screen.ended
  const folder = join(screens.state, 'labrun', 'progress')
  const { typed } = JSON.parse(readFileSync(join(folder, readdirSync(folder)[0]!), 'utf8'))
  expect(typed.map(({ text }: { text: string }) => text)).toEqual(['m() { echo "an m"; }; false', 'm'])
})
