import type { Lab } from '../lab/lab.ts'
import { type LabResult, type Status, worst } from '../run/results.ts'
import { type Doubt, type DoubtCode, doubt } from './messages.ts'
import { inOrder, type Verification, type VerifyChoices, verifyLab } from './verify-lab.ts'

/**
 * Proves a lab several times. What had different verdicts in different repetitions is a doubt; else what is told is
 * that of the first repetition that went wrong, or of the first of all.
 */
export async function verifyRepeatedly(lab: Lab, choices: VerifyChoices, times: number): Promise<Verification> {
  const all: Verification[] = []
  while (all.length < times && !choices.signal.aborted) all.push(await verifyLab(lab, choices))
  if (all.length === 0) return await verifyLab(lab, choices)
  return together(all)
}

/** One verification of several of the same lab. */
export function together(all: readonly Verification[]): Verification {
  const status = worst(all.map((one) => one.status))
  const shown = all.find((one) => one.status === status)!
  const flaky = [...flakyVerdicts(all.map((one) => one.run)), ...flakyDoubts(all)]
  const certain = shown.doubts.filter((one) => all.every(({ doubts }) => doubts.some((other) => isSame(one, other))))
  return {
    ...shown,
    status: status === 'passed' && flaky.length > 0 ? 'failed' : status,
    proven: Math.min(...all.map((one) => one.proven)),
    guards: Math.min(...all.map((one) => one.guards)),
    repetitions: all.length,
    doubts: inOrder([...certain, ...flaky]),
    duration: all.reduce((sum, one) => sum + one.duration, 0),
  }
}

interface Verdict {
  readonly code: DoubtCode
  readonly line: number
  readonly column: number
  readonly title: string
  readonly status: Status
}

/** Commands, outputs and checks; one that was only blocked or skipped has followed another. */
function flakyVerdicts(runs: readonly LabResult[]): Doubt[] {
  const byPlace = new Map<string, Verdict[]>()
  for (const verdict of runs.flatMap(verdictsOf)) {
    const place = `${verdict.code} ${verdict.line}:${verdict.column}`
    byPlace.set(place, [...(byPlace.get(place) ?? []), verdict])
  }
  return [...byPlace.values()].flatMap((verdicts) => {
    const known = verdicts.filter(({ status }) => status !== 'blocked' && status !== 'skipped')
    if (new Set(known.map(({ status }) => status)).size < 2) return []
    const { code, title } = known[0]!
    const counts = (['passed', 'failed', 'error'] as const).flatMap((status) => {
      const count = known.filter((verdict) => verdict.status === status).length
      return count === 0 ? [] : `${WORDS[status]} in ${count}`
    })
    return [doubt(code, known[0]!, { title, counts: `${counts.join(', ')} of ${runs.length} repetitions` })]
  })
}

const WORDS = { passed: 'passed', failed: 'failed', error: 'could not be judged' } as const

function verdictsOf({ steps }: LabResult): Verdict[] {
  return steps.flatMap(({ blocks, checks }) => [
    ...blocks.flatMap(({ line, commands, outputStatus, outputLine }) => [
      ...commands.map((command, index) => ({
        code: 'flaky-command' as const,
        line: command.line,
        column: index + 1,
        title: `\`${command.text.split('\n', 1)[0]}\``,
        status: command.status,
      })),
      ...(outputStatus
        ? [
            {
              code: 'flaky-output' as const,
              line: outputLine ?? line,
              column: 1,
              title: 'the expected output',
              status: outputStatus,
            },
          ]
        : []),
    ]),
    ...checks.map(({ line, column, label, status }) => ({
      code: 'flaky-check' as const,
      line,
      column,
      title: `\`${label}\``,
      status,
    })),
  ])
}

/** Those that some repetitions had and others had not. */
function flakyDoubts(all: readonly Verification[]): Doubt[] {
  const every = all.flatMap((one) => one.doubts)
  const different = every.filter((one, index) => every.findIndex((other) => isSame(one, other)) === index)
  return different.flatMap((one) => {
    const count = all.filter(({ doubts }) => doubts.some((other) => isSame(one, other))).length
    if (count === all.length) return []
    const counts = `${count} of ${all.length} repetitions`
    return [doubt('flaky-doubt', one, { counts, what: one.what, advice: one.advice })]
  })
}

function isSame(one: Doubt, other: Doubt): boolean {
  return one.code === other.code && one.line === other.line && one.column === other.column
}
