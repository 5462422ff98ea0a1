import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const LOG = 'cat /tmp/log; echo "that was al"l'

const screens = eachWithScreens()

describe('what was typed at a check before and after a new start is done again in its order', () => {
  function open(): Screen {
    const file = join(screens.folder, 'order.md')
    const parts = [fence('sh', 'echo first', 'echo second'), fence('yaml check', '- run: test -e /tmp/never')]
    writeFileSync(file, [frontMatter('title: Order'), '## A step', ...parts, fence('sh', 'echo third')].join('\n'))
    return screens.open([file])
  }

  async function goOn(): Promise<Screen> {
    const screen = open()
    await screen.answer('go on there', '\r')
    return screen
  }

  async function inShell(screen: Screen, ...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      await screen.shows(/root@host:\S+# ?$/)
      screen.type(`${line}\r`)
    }
    await screen.ended
  }

  it('in a shell of one’s own', async () => {
    const first = open()
    await first.answer('▸ echo first', 'd\r')
    await inShell(first, 'next', 'echo one >> /tmp/log', 'quit')
    await inShell(await goOn(), 'echo two >> /tmp/log', 'quit')
    const last = await goOn()
    await inShell(last, LOG, 'quit')
    expect(last.text()).toMatch(/^one\ntwo\nthat was all$/m)
  })

  it('following, and where labrun 0.1.0 has kept it', async () => {
    const first = open()
    await first.answer('▸ echo first', 'a\r')
    await first.answer(/✗ run: /, 'echo one >> /tmp/log\r')
    await first.answer(/as before/, 'q\r')
    await first.ended
    const second = await goOn()
    await second.answer(/✗ run: /, 'echo two >> /tmp/log\r')
    await second.answer(/as before/, 'q\r')
    await second.ended
    const third = await goOn()
    await third.answer(/✗ run: /, `${LOG}\r`)
    await third.answer(/^ +one\n +two\n +that was all$/m, 'q\r')
    await third.ended
    const folder = join(screens.state, 'labrun', 'progress')
    const file = join(folder, readdirSync(folder).find((name) => name.endsWith('.json'))!)
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { typed: { before: number }[] }
    expect(kept.typed.map(({ before }) => before)).toEqual([2, 2, 2])
    kept.typed[1]!.before = 1
    writeFileSync(file, JSON.stringify(kept))
    const fourth = await goOn()
    await fourth.answer(/✗ run: /, `${LOG}\r`)
    await fourth.answer(/^ +one\n +two\n +that was all$/m, 'q\r')
    await fourth.ended
  })
})
