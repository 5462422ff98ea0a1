import { expect, test } from 'vitest'
import { fence, frontMatter, lab } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const TICK = ['while :; do', '  date +%s%N > /tmp/tick', '  sleep 0.05', 'done']

/** Holds while something writes into /tmp/tick. */
const TICKS = ['- run: a=$(cat /tmp/tick); sleep 0.3; test "$a" != "$(cat /tmp/tick)"', '  within: 3s']
const STOPPED = ['- run: a=$(cat /tmp/tick); sleep 0.3; test "$a" = "$(cat /tmp/tick)"']

test('a background block runs beside the others and ends with its step', async () => {
  const first = `## First\n${fence('sh background', ...TICK)}${fence('sh', 'echo beside')}${fence('yaml check', ...TICKS)}`
  const { result, events } = await runText(`${frontMatter()}${first}\n## Second\n${fence('yaml check', ...STOPPED)}`)
  expect(result).toMatchObject({ status: 'passed', ledger: { planned: 4, passed: 4 } })
  const lines = events.filter(({ type }) => type === 'block-end' || type === 'step-end').map(({ type }) => type)
  expect(lines).toEqual(['block-end', 'block-end', 'step-end', 'step-end'])
})

test('with until=lab it ends with the lab', async () => {
  const first = `## First\n${fence('sh background until=lab', ...TICK)}`
  const { result, blocks } = await runText(`${frontMatter()}${first}\n## Second\n${fence('yaml check', ...TICKS)}`)
  expect(result).toMatchObject({ status: 'passed', ledger: { planned: 2, passed: 2 } })
  expect(blocks[0]!.commands[0]!.text).toBe(TICK.join('\n'))
})

test('what it prints is its own output', async () => {
  const parts = [fence('sh background', 'echo from the back; sleep 60'), fence('output', 'from the back')]
  const text = `${frontMatter()}## It\n${parts.join('')}${fence('sh', 'sleep 0.3; echo front')}${fence('output', 'front')}`
  expect((await runText(text)).result).toMatchObject({ status: 'passed', ledger: { planned: 4, passed: 4 } })
})

test('one that ends by itself with the wrong status has failed', async () => {
  const { result, blocks } = await runText(
    `${frontMatter()}## It\n${fence('sh background', '(exit 4)')}${fence('sh', 'sleep 0.3')}`,
  )
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 2, passed: 1, failed: 1 } })
  expect(blocks[0]).toMatchObject({ exit: 4, reason: 'ended with status 4, expected 0' })
})

test('what a lab starts from is done unseen, without its checks', async () => {
  const before = lab(
    `${frontMatter()}## Before\n${fence('sh', 'ip netns add made')}${fence('yaml check', '- netns: never')}`,
  )
  const { result, events } = await runText(`${frontMatter()}## It\n${fence('yaml check', '- netns: made')}`, {
    before: before.steps,
  })
  expect(result).toMatchObject({ status: 'passed', ledger: { planned: 1, passed: 1 } })
  expect(events.map(({ type }) => type)).toEqual([
    'lab-start',
    'world-open',
    'step-start',
    'check-start',
    'check-end',
    'step-end',
    'lab-end',
  ])
})

test('if what a lab starts from does not work, the lab is not judged', async () => {
  const before = lab(`${frontMatter()}## Before\n${fence('sh', 'false')}`)
  const { result } = await runText(`${frontMatter()}## It\n${fence('sh', 'true')}`, { before: before.steps })
  expect(result).toMatchObject({
    status: 'error',
    trouble: expect.stringMatching(/starts from does not work: its step "Before" failed/),
    ledger: { planned: 1, skipped: 1 },
  })
})
