import { describe, expect, it } from 'vitest'
import type { CheckResult, CommandResult, LabResult, Status } from '../../../src/run/results.ts'
import { type Doubt, doubt } from '../../../src/verify/messages.ts'
import { together } from '../../../src/verify/repeat.ts'
import type { Verification } from '../../../src/verify/verify-lab.ts'

interface Verdicts {
  readonly command?: Status
  readonly output?: Status
  readonly check?: Status
  readonly doubts?: readonly Doubt[]
  readonly proven?: number
}

/** A repetition of a lab with one command in line 10, one expected output in line 14, and one check in line 20. */
function repetition({ command = 'passed', output = 'passed', check = 'passed', doubts = [], proven = 1 }: Verdicts) {
  const statuses = [command, output, check]
  const status = (['failed', 'error', 'blocked'] as const).find((one) => statuses.includes(one)) ?? 'passed'
  const typed = { text: 'make\nmore', line: 10, status: command } as CommandResult
  const looked = { line: 20, column: 3, label: 'netns: a', status: check } as CheckResult
  const block = { line: 9, commands: [typed], outputStatus: output, outputLine: 14 }
  const run = { status, steps: [{ blocks: [block], checks: [looked] }] } as unknown as LabResult
  return {
    lab: 'demo',
    status: status === 'passed' && doubts.length > 0 ? 'failed' : status,
    proven,
    guards: 0,
    repetitions: 1,
    doubts,
    run,
    duration: 100,
  } as unknown as Verification
}

const texts = (all: readonly Verdicts[]) =>
  together(all.map(repetition)).doubts.map(({ code, line, what }) => `${code} ${line}: ${what}`)

describe('several repetitions', () => {
  it('that are the same are no doubt', () => {
    const all = together([{}, {}, {}].map(repetition))
    expect(all).toMatchObject({ status: 'passed', repetitions: 3, doubts: [], proven: 1, duration: 300 })
  })

  it('that all fail are a failure, and not flaky', () => {
    const all = together([{ check: 'failed' as const }, { check: 'failed' as const }].map(repetition))
    expect(all).toMatchObject({ status: 'failed', doubts: [] })
  })

  it('name what differs, and how often', () => {
    expect(texts([{}, { command: 'failed' }, {}])).toEqual([
      'flaky-command 10: `make` is flaky: passed in 2, failed in 1 of 3 repetitions',
    ])
    expect(texts([{ output: 'failed' }, {}])).toEqual([
      'flaky-output 14: the expected output is flaky: passed in 1, failed in 1 of 2 repetitions',
    ])
    expect(texts([{ check: 'error' }, { check: 'failed' }, {}])).toEqual([
      'flaky-check 20: `netns: a` is flaky: passed in 1, failed in 1, could not be judged in 1 of 3 repetitions',
    ])
  })

  it('show one that went wrong', () => {
    expect(together([{}, { check: 'failed' as const }].map(repetition)).run.status).toBe('failed')
    expect(together([{}, { check: 'error' as const }].map(repetition)).status).toBe('error')
  })

  it('do not name what was only blocked: it follows another', () => {
    expect(texts([{ command: 'failed', check: 'blocked' }, {}])).toEqual([
      'flaky-command 10: `make` is flaky: passed in 1, failed in 1 of 2 repetitions',
    ])
  })

  it('tell doubts of all repetitions from those of some', () => {
    const certain = doubt('vacuous', { line: 20, column: 3 }, { check: 'netns: a', step: 'It' })
    const uncertain = doubt('guard', { line: 21, column: 3 }, { check: 'netns: b', seen: 'there are none' })
    expect(texts([{ doubts: [certain, uncertain] }, { doubts: [certain] }])).toEqual([
      `vacuous 20: ${certain.what}`,
      `flaky-doubt 21: only in 1 of 2 repetitions: ${uncertain.what}`,
    ])
  })

  it('count what was proven in each', () => {
    expect(together([{ proven: 3 }, { proven: 2 }].map(repetition)).proven).toBe(2)
  })
})
