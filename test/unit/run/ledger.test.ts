import { expect, test } from 'vitest'
import { fence, frontMatter } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const CHECK = fence('yaml check', '- netns: one')
const MAKE = fence('sh', 'ip netns add one')

/** Two steps, the first as given; the second has one command that passes. */
function twoSteps(first: string, directive = ''): string {
  return `${frontMatter()}## First\n${first}\n## Second\n\n${directive}\n${fence('sh', 'echo second')}`
}

test('all that is planned passes', async () => {
  const { result, steps } = await runText(twoSteps(`${MAKE}${fence('sh', 'echo hi')}${fence('output', 'hi')}${CHECK}`))
  expect(result).toMatchObject({ status: 'passed', trouble: null, ledger: { planned: 5, passed: 5 } })
  expect(steps.map(({ id, status, followsFailure }) => [id, status, followsFailure])).toEqual([
    ['first', 'passed', null],
    ['second', 'passed', null],
  ])
})

test('a command that fails does not stop its block, its step, nor the run', async () => {
  const { result, steps } = await runText(twoSteps(`${fence('sh', 'false', 'ip netns add one')}${CHECK}`))
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 4, passed: 3, failed: 1 } })
  expect(steps).toMatchObject([
    {
      status: 'failed',
      blocks: [{ status: 'failed', commands: [{ status: 'failed', exit: 1 }, { status: 'passed' }] }],
    },
    { status: 'passed', followsFailure: 'first' },
  ])
})

test('a check that fails, and one that needs it', async () => {
  const checks = fence(
    'yaml check',
    '- netns: one',
    '  id: made',
    '- netns: two',
    '  needs: [made]',
    '- netns: two',
    '  absent: true',
  )
  const { result, checks: results } = await runText(twoSteps(checks))
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 4, passed: 2, failed: 1, blocked: 1 } })
  expect(results.map(({ status }) => status)).toEqual(['failed', 'blocked', 'passed'])
  expect(results[1]!.actual).toMatch(/not looked at, because the check made/)
})

test('a command that takes too long ends its block, and the terminal goes on', async () => {
  const { result, blocks } = await runText(twoSteps(fence('sh timeout=300ms', 'sleep 60', 'echo never')))
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 3, passed: 1, failed: 1, skipped: 1 } })
  expect(blocks[0]!.commands).toMatchObject([
    { status: 'failed', exit: null, reason: expect.stringMatching(/in time/) },
    { status: 'skipped', exit: null, output: '' },
  ])
  expect(blocks[1]).toMatchObject({ status: 'passed', output: 'second\n' })
})

test('a command that ends the shell ends its block, and the next one gets a new shell', async () => {
  const block = `${fence('sh', 'here=1', 'exit 3', 'echo never')}${fence('sh', 'echo "[$here]"')}${fence('output', '[]')}`
  const { result, blocks } = await runText(twoSteps(block))
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 6, passed: 4, failed: 1, skipped: 1 } })
  expect(blocks[0]!.commands[1]).toMatchObject({ exit: 3, reason: expect.stringMatching(/shell with status 3/) })
})

test('a step is blocked by one that it needs, and what it planned is told as blocked', async () => {
  const text = `${twoSteps(fence('sh', 'false'), '<!-- step: second needs: [first] -->')}${fence('output', 'second')}${CHECK}`
  const { result, steps, events } = await runText(`${text}\n## Third\n\n<!-- step: third needs: [second] -->\n${MAKE}`)
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 5, failed: 1, blocked: 4 } })
  expect(steps.map(({ status }) => status)).toEqual(['failed', 'blocked', 'blocked'])
  expect(steps[1]!.blocks[0]).toMatchObject({ status: 'blocked', outputStatus: 'blocked' })
  expect(events.filter(({ type }) => type === 'command-start')).toHaveLength(1)
})

test('with --bail nothing is run after the first step that does not pass', async () => {
  const { result, events } = await runText(`${twoSteps(fence('sh', 'false', 'true'))}${CHECK}`, { bail: true })
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 4, passed: 1, failed: 1, skipped: 2 } })
  expect(events.filter(({ type }) => type === 'step-start')).toHaveLength(1)
})

test('what is interrupted has no verdict, and the world is closed at once', async () => {
  const stop = new AbortController()
  const start = performance.now()
  const { result, blocks } = await runText(twoSteps(`${MAKE}${fence('sh', 'sleep 60', 'true')}${CHECK}`), {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'command-start' && event.text === 'sleep 60') setTimeout(() => stop.abort(), 100)
    },
  })
  expect(performance.now() - start).toBeLessThan(5000)
  expect(result).toMatchObject({ status: 'skipped', ledger: { planned: 5, passed: 1, skipped: 4 } })
  expect(blocks[1]!.commands[0]).toMatchObject({ status: 'skipped', exit: null, reason: 'interrupted' })
})

test('a check is not waited for after the run was interrupted', async () => {
  const stop = new AbortController()
  const start = performance.now()
  const { result } = await runText(twoSteps(fence('yaml check', '- run: sleep 8', '- netns: one', '  within: 60s')), {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'check-start') setTimeout(() => stop.abort(), 100)
    },
  })
  expect(performance.now() - start).toBeLessThan(5000)
  expect(result).toMatchObject({ status: 'skipped', ledger: { planned: 3, skipped: 3 } })
})

test('a check that was still tried when the run was interrupted has not failed', async () => {
  const stop = new AbortController()
  const { result } = await runText(twoSteps(fence('yaml check', '- netns: one', '  within: 60s')), {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'check-start') setTimeout(() => stop.abort(), 300)
    },
  })
  expect(result).toMatchObject({ status: 'skipped', ledger: { planned: 2, skipped: 2 } })
})

test('interrupted before it began, nothing is run', async () => {
  const { result } = await runText(twoSteps(MAKE), { signal: AbortSignal.abort() })
  expect(result).toMatchObject({ status: 'skipped', ledger: { planned: 2, skipped: 2 } })
})

test('a world that dies is trouble of the lab, and what came before keeps its verdict', async () => {
  const die = `python3 -c 'import ctypes; ctypes.CDLL(None).reboot(0x1234567)'`
  const { result, events } = await runText(twoSteps(`${MAKE}${fence('sh', die, 'true')}${CHECK}`))
  expect(result).toMatchObject({
    status: 'error',
    trouble: expect.stringMatching(/the world has died/),
    ledger: { planned: 5, passed: 1, skipped: 4 },
  })
  expect(events.find(({ type }) => type === 'lab-trouble')).toMatchObject({ remedies: [expect.any(String)] })
})

test('checks on one line have a verdict each', async () => {
  const { result, checks } = await runText(twoSteps(`${MAKE}${fence('yaml check', '[{netns: two}, {netns: one}]')}`))
  expect(checks.map(({ status }) => status)).toEqual(['failed', 'passed'])
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 4, passed: 3, failed: 1 } })
})
