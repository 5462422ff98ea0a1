import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import type { RunResult } from '../../src/run/results.ts'
import { isAsleep, until } from '../support/asleep.ts'
import { CLI, endOf, startLabrun } from '../support/labrun.ts'

const SLOW = 'test/fixtures/slow.md'
/** What the slow lab sleeps: a number that nobody else sleeps, so that its process can be found. */
const SECONDS = '61.0934'

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 130],
  ['SIGHUP', 130],
  ['SIGKILL', undefined],
] as const)(
  '%s in the middle of a step: the world is gone',
  async (signal, status) => {
    const child = startLabrun({}, 'run', SLOW)
    const ended = endOf(child)
    await until(() => isAsleep(SECONDS))
    child.kill(signal)
    const { stdout, stderr, ...end } = await ended
    expect(end.status).toBe(status)
    await until(() => !isAsleep(SECONDS))
    expect(stdout).toContain('before\n')
    expect(stdout).not.toMatch(/^ *(after|never)$/m)
    expect(stderr).toBe('')
  },
  15_000,
)

test('what was done until then is told', async () => {
  const child = startLabrun({}, 'run', SLOW, '--json')
  const ended = endOf(child)
  await until(() => isAsleep(SECONDS))
  child.kill('SIGINT')
  const { status, stdout } = await ended
  expect(status).toBe(130)
  const { labs } = JSON.parse(stdout) as RunResult
  expect(labs[0]).toMatchObject({ status: 'skipped', ledger: { planned: 4, passed: 1, skipped: 3 } })
})

test('a reader that goes away early is no fault', async () => {
  const line = `set -o pipefail; "$0" "$1" run labs/01-netns.md | head -n 1; echo "status \${PIPESTATUS[0]}"`
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', line, process.execPath, CLI])
  expect(stderr).toBe('')
  expect(stdout).toMatch(/^01-netns: A second network inside one machine .*\nstatus \d+\n$/)
})
