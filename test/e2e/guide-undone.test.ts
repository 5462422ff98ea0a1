import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import { Screen } from './screen.ts'

const PROMPT = /root@host:\S+# ?$/

let folder: string
let screens: Screen[]

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-undone-'))
  screens = []
  const task = fence('sh solution', 'touch /tmp/one /tmp/two')
  const checks = fence('yaml check', '- run: test -e /tmp/one', '- run: test -e /tmp/two')
  const parts = ['## A task', 'Make both.', task, checks, '## The next', fence('sh', 'echo next')]
  writeFileSync(join(folder, 'both.md'), [frontMatter('title: Both'), ...parts].join('\n\n'))
})

afterEach(async () => {
  for (const screen of screens) screen.close()
  await Promise.all(screens.map(({ ended }) => ended))
  rmSync(folder, { recursive: true, force: true })
})

function open(): Screen {
  const screen = new Screen([join(folder, 'both.md')], { XDG_STATE_HOME: join(folder, 'state'), TMUX: '' })
  screens.push(screen)
  return screen
}

it('sees that a check holds no more after what was typed for a later one, also when it was left and gone on with', async () => {
  const screen = open()
  await screen.answer('It is your turn', 'touch /tmp/one\r')
  await screen.answer('# touch /tmp/one', '\r')
  await screen.answer('✗ run: test -e /tmp/two', 'mv /tmp/one /tmp/two\r')
  await screen.answer(/✓ run: test -e \/tmp\/two[\s\S]*✗ run: test -e \/tmp\/one/, 'q\r')
  await screen.ended
  const again = open()
  await again.answer('You were at', '\r')
  await again.answer('✗ run: test -e /tmp/one', 'touch /tmp/one\r')
  await again.shows(/# touch \/tmp\/one\n[\s\S]*✓ run: test -e \/tmp\/two\n[\s\S]*✓ run: test -e \/tmp\/one\n/)
  await again.answer('▸ echo next', '\r')
  await again.shows(/You have finished Both: (\d+) of \1 passed/)
})

it('counts a check that was left when it holds after all, also after a resume', async () => {
  const screen = open()
  await screen.answer('It is your turn', '\r')
  await screen.answer('✗ run: test -e /tmp/one', 'g\r')
  await screen.answer('✗ run: test -e /tmp/two', 'touch /tmp/one /tmp/two\r')
  await screen.answer(/✓ run: test -e \/tmp\/two\n[\s\S]*✓ run: test -e \/tmp\/one\n[\s\S]*▸ echo next/, 'q\r')
  await screen.ended
  const again = open()
  await again.answer('You were at', '\r')
  await again.answer('▸ echo next', '\r')
  await again.shows(/You have finished Both: (\d+) of \1 passed/)
  expect(again.text()).not.toContain('Not everything is as it was')
})

it('sees it in a shell of one’s own too', async () => {
  const screen = open()
  await screen.answer('It is your turn', 'd\r')
  for (const [line, seen] of [
    ['touch /tmp/one', '1 of 2'],
    ['next', '✗ run: test -e /tmp/two'],
    ['mv /tmp/one /tmp/two', /mv[^\n]*\n[\s\S]*0 of 2|mv[^\n]*\n[\s\S]*1 of 2/],
    ['next', '✗ run: test -e /tmp/one'],
    ['touch /tmp/one', '2 of 2 hold'],
    ['next', 'echo next'],
  ] as const) {
    await screen.shows(PROMPT)
    screen.type(`${line}\r`)
    await screen.shows(seen)
  }
  expect(screen.text()).toContain('Step 2 of 2')
})
