import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fence, frontMatter } from '../support/lab-text.ts'
import type { Screen } from './screen.ts'
import { eachWithScreens } from './screens.ts'

const screens = eachWithScreens()
const PROMPT = /root@host:\S+# ?$/

function open(): Screen {
  const steps = ['## A room', fence('sh', 'ip netns add net1'), fence('yaml check', '- netns: net1')]
  const end = ['## Explore further', '- Try `ip netns list`.']
  writeFileSync(join(screens.folder, 'ends.md'), [frontMatter('title: Ends'), ...steps, ...end].join('\n\n'))
  return screens.open([join(screens.folder, 'ends.md')])
}

function progress() {
  const folder = join(screens.state, 'labrun', 'progress')
  return JSON.parse(readFileSync(join(folder, readdirSync(folder).find((name) => name.endsWith('.json'))!), 'utf8'))
}

it('what the author says at the end can be tried, and is no part of the lab', async () => {
  const screen = open()
  await screen.answer('▸ ip netns add net1', '\r')
  await screen.answer(
    /Explore further[\s\S]*That was the last step[\s\S]*Enter: leave/,
    'ip netns list; echo tri""ed\r',
  )
  await screen.answer(/^ +net1\n +tried$/m, 'check\r')
  await screen.answer('There is nothing more to check', 'd\r')
  await screen.shows(/next: leave the lab[\s\S]*# ?$/)
  screen.type('ip netns add net2 && echo ma""de\r')
  await screen.shows(/^made\n/m)
  expect(progress()).toMatchObject({ typed: [], finished: true })
  screen.type('follow\r')
  await screen.answer(/# follow[\s\S]*Enter: leave/, '\r')
  await screen.shows('You have finished Ends: 2 of 2 passed.')
  expect(await screen.ended).toBe(0)
  expect(progress()).toMatchObject({ typed: [], finished: true })
})

it('who quits after the last step has finished, and so has who closes the window', async () => {
  const screen = open()
  await screen.answer('▸ ip netns add net1', 'd\r')
  await screen.shows(PROMPT)
  screen.type('ip netns add net1; next\r')
  await screen.shows(/That was the last step[\s\S]*next: leave the lab[\s\S]*# ?$/)
  screen.kill()
  await screen.ended
  const again = screens.open([join(screens.folder, 'ends.md')])
  await again.answer(/You have finished this lab before[\s\S]*▸ ip netns add net1/, 'd\r')
  await again.shows(PROMPT)
  again.type('ip netns add net1; next\r')
  await again.shows(/That was the last step[\s\S]*next: leave the lab[\s\S]*# ?$/)
  again.type('quit\r')
  await again.shows('You have finished Ends')
  expect(await again.ended).toBe(0)
})

describe('a command that fails', () => {
  const step = [fence('sh', 'cat /tmp/x'), fence('output', 'as written')]
  const check = fence('yaml check', '- run: grep -q x /tmp/x')

  function begin(...parts: string[]): Screen {
    const file = join(screens.folder, 'fails.md')
    const first = ['## First', fence('sh', 'echo one'), '## Second', ...step]
    writeFileSync(file, [frontMatter('title: Fails'), ...first, ...parts].join('\n\n'))
    return screens.open([file])
  }

  it('does not count where the student has repaired what it was for, or made it print something else', async () => {
    const screen = begin(check)
    await screen.answer('▸ echo one', '\r')
    await screen.answer('▸ cat /tmp/x', '\r')
    await screen.answer(/✗ ended with status 1[\s\S]*✗ run/, 'echo x > /tmp/x\r')
    await screen.shows(/✓ run[\s\S]*You have finished Fails: 2 of 2 passed\.$/)
    expect(await screen.ended).toBe(0)
    const other = begin(check)
    await other.answer('▸ echo one', 'echo x > /tmp/x\r')
    await other.answer(/# echo x[\s\S]*▸ echo one/, '\r')
    await other.answer('▸ cat /tmp/x', '\r')
    await other.shows(/✗ the output is not what is expected[\s\S]*You have finished Fails: 3 of 3 passed\.$/)
    expect(await other.ended).toBe(0)
  })

  it('is not told beside the check that says what is missing, where the student did without it', async () => {
    const screen = begin(check)
    await screen.answer('▸ echo one', '\r')
    await screen.answer('▸ cat /tmp/x', 'd\r')
    for (const [line, shown] of [
      ['true', '# true'],
      ['next', '✗ run: '],
      ['next', 'The end of Fails: 1 of 2 passed.'],
    ] as const) {
      await screen.shows(PROMPT)
      screen.type(`${line}\r`)
      await screen.shows(shown)
    }
    expect(await screen.ended).toBe(1)
    expect(screen.text()).toMatch(/1 of 2 passed\.\n +✗ \S*fails\.md:\d+ run: grep[^\n]*$/)
  })

  it('counts where nobody knows whether it is repaired, and where it is no work of the student', async () => {
    const screen = begin()
    await screen.answer('▸ echo one', '\r')
    await screen.answer('▸ cat /tmp/x', 'echo x > /tmp/y\r')
    await screen.answer(/# echo x[\s\S]*▸ cat \/tmp\/x/, '\r')
    await screen.shows(/The end of Fails: 1 of 3 passed\.\n[\s\S]*cat \/tmp\/x$/m)
    expect(await screen.ended).toBe(1)
    const other = begin(fence('yaml check', '- run: test ! -e /tmp/x'))
    await other.answer('▸ echo one', '\r')
    await other.answer('▸ cat /tmp/x', '\r')
    await other.shows(/✓ run[\s\S]*The end of Fails: 2 of 4 passed\.\n[\s\S]*cat \/tmp\/x$/m)
    expect(await other.ended).toBe(1)
  })
})

it('what is ended there, such as a server of the lab, is no failure of it', async () => {
  const file = join(screens.folder, 'serves.md')
  const server = ['## A server', fence('sh background until=lab', 'echo begun; sleep 1000'), fence('sh', 'echo one')]
  writeFileSync(file, [frontMatter('title: Serves'), ...server, '## Explore further', 'Kill it.'].join('\n\n'))
  const screen = screens.open([file])
  await screen.answer('▸ echo one', '\r')
  await screen.answer(/That was the last step[\s\S]*Enter: leave/, 'pkill sleep; sleep 0.3; echo kil""led\r')
  await screen.answer(/^ +killed$/m, '\r')
  await screen.shows(/You have finished Serves: (\d) of \1 passed/)
  expect(await screen.ended).toBe(0)
})

it('one goes back from the end to the last step, and what can be typed there is told as it is', async () => {
  const steps = ['## First', fence('sh', 'echo one'), '## Second', fence('sh', 'echo two')]
  const file = join(screens.folder, 'goes.md')
  writeFileSync(file, [frontMatter('title: Goes'), ...steps, '## Explore further', 'Look.'].join('\n\n'))
  const screen = screens.open([file])
  await screen.answer('▸ echo one', '\r')
  await screen.answer('▸ echo two', '\r')
  await screen.answer(/That was the last step[\s\S]*Enter: leave/, '?\r')
  await screen.answer(/back to the beginning of the last step\n[\s\S]*leave the lab, which is finished/, 'd\r')
  await screen.shows(/This shell is yours\.\n +next: leave the lab[\s\S]*# ?$/)
  screen.type('check\r')
  await screen.shows(/There is nothing more to check\. next: leave the lab\n[\s\S]*# ?$/)
  screen.type('help\r')
  await screen.shows(/next +leave the lab[\s\S]*quit +leave the lab, which is finished\n[\s\S]*# ?$/)
  expect(screen.text()).not.toMatch(/keeps your place|go on in the text|step before|look at everything/)
  screen.type('back\r')
  await screen.shows(/That was[\s\S]*Step 2 of 2[\s\S]*echo two[\s\S]*# ?$/)
  expect(screen.text()).not.toMatch(/That was[\s\S]*Step 1 of 2/)
  expect(progress()).toMatchObject({ finished: false, done: 1, step: 'second' })
})

it('one can go back from the end', async () => {
  const screen = open()
  await screen.answer('▸ ip netns add net1', '\r')
  await screen.answer('That was the last step', 'r\r')
  await screen.shows(/Step 1 of 1[\s\S]*Step 1 of 1/)
  expect(progress().finished).toBe(false)
  await screen.answer(/Step 1 of 1[\s\S]*Step 1 of 1[\s\S]*▸ ip netns add net1/, '\r')
  await screen.answer(/(?:That was the last step[\s\S]*){2}Enter: leave/, 'q\r')
  await screen.shows('You have finished Ends')
})
