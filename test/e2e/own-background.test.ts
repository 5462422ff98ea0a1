import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { Screen } from './screen.ts'

const PROMPT = /root@host:\S+# ?$/

let folder: string
let screen: Screen

afterEach(async () => {
  screen.close()
  await screen.ended
  rmSync(folder, { recursive: true, force: true })
})

it('ends what the lab has started in the background as a whole, without a word of the shell', async () => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-own-'))
  const file = join(folder, 'job.md')
  const parts = [
    frontMatter('title: A job'),
    ...['## One', fence('sh', 'echo one')],
    ...['## Two', fence('sh background', 'echo begun; sleep 1000', 'echo went on'), fence('sh', 'echo two')],
    ...['## Three', fence('sh', 'echo three')],
  ]
  writeFileSync(file, parts.join('\n\n'))
  screen = new Screen([file], { XDG_STATE_HOME: join(folder, 'state'), TMUX: '' })
  await screen.answer('▸ echo one', 'd\r')
  await screen.shows(PROMPT)
  screen.type('next\r')
  await screen.shows(/begun[\s\S]*echo two[\s\S]*# ?$/)
  screen.type('jobs; pgrep -c sleep\r')
  await screen.shows(/^1$/m)
  screen.type('next\r')
  await screen.shows(/echo three[\s\S]*# ?$/)
  screen.type('pgrep -c sleep; echo "the end"\r')
  await screen.shows(/^0$/m)
  await screen.shows(/^the end$[\s\S]*# ?$/m)
  expect(screen.text()).not.toMatch(/\[1\]|trap|\/run\/labrun|Terminated|^ *went on/m)
})
