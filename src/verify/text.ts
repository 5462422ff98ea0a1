import { findings } from '../reporters/describe.ts'
import { annotation } from '../reporters/github.ts'
import { sanitize } from '../sanitize.ts'
import type { Verification } from './verify-lab.ts'

/** What came of a file: a proof or a failed one, a lab that has not changed since it was proven, one with mistakes. */
export type Outcome = { readonly file: string } & (
  | { readonly verification: Verification }
  | { readonly unchanged: string }
  | { readonly trouble: string; readonly problems?: readonly Mistake[] }
)

interface Mistake {
  readonly line: number
  readonly column: number
  readonly message: string
}

/** One lab for people: a line, and below it everything that is in the way of the proof. */
export function describeOutcome(outcome: Outcome): string {
  if ('trouble' in outcome) return `✗ ${outcome.file}\n${sanitize(outcome.trouble)}`
  if ('unchanged' in outcome) return `✓ ${outcome.unchanged}: not changed since it was proven`
  const {
    lab,
    file,
    status,
    steps,
    checks,
    proven,
    guards,
    doubts,
    run,
    duration,
    remedies,
    repetitions,
    students,
    student,
  } = outcome.verification
  if (status === 'skipped') return `- ${lab}: interrupted`
  const guarding = guards > 0 ? `, ${guards} guard` : ''
  const often = repetitions > 1 ? `, ${repetitions} times` : ''
  const forWhom = students > 1 ? `, for ${students} students` : ''
  const head = `${status === 'passed' ? '✓' : '✗'} ${lab}: ${steps} steps, ${checks} checks: ${proven} fail before and pass after${guarding}${often}${forWhom} (${inSeconds(duration)})`
  const trouble = run.trouble ? [[run.trouble, ...remedies.map((one) => `  → ${one}`)].join('\n  ')] : []
  const failures = findings(run).map(({ line, title, details }) => ({ line, text: `${title}\n${indented(details)}` }))
  const shown = student !== null && (trouble.length > 0 || failures.length > 0) ? [`for the student ${student}:`] : []
  const said = doubts.map(({ line, what, advice }) => ({ line, text: `${what}\n    → ${advice}` }))
  const places = [...failures, ...said].toSorted((a, b) => a.line - b.line)
  return sanitize(
    [head, ...shown, ...trouble, ...places.map(({ line, text }) => `${file}:${line}: ${text}`)].join('\n  '),
  )
}

/** The last line: how much was proven, in milliseconds. */
export function describeSummary(outcomes: readonly Outcome[], planned: number, duration: number): string {
  const unchanged = outcomes.filter((one) => 'unchanged' in one).length
  const done = outcomes.flatMap((one) => ('verification' in one ? one.verification : []))
  const proven = done.filter(({ status }) => status === 'passed').length
  const sum = (part: 'proven' | 'guards' | 'checks') => done.reduce((total, one) => total + one[part], 0)
  const guards = sum('guards') > 0 ? `, ${sum('guards')} guard` : ''
  const able = `${sum('proven')} of ${sum('checks')} checks proven able to fail${guards}`
  const before = unchanged > 0 ? ` (${unchanged} of them before)` : ''
  return `${proven + unchanged} of ${planned} labs proven${before}, ${able} (${inSeconds(duration)})`
}

/** One lab for GitHub Actions: an annotation for each thing that is in the way of the proof. */
export function annotateOutcome(outcome: Outcome): string {
  const { file } = outcome
  if ('unchanged' in outcome) return ''
  if ('trouble' in outcome) {
    const mistakes = outcome.problems ?? [{ line: 1, column: 1, message: outcome.trouble }]
    return mistakes.map((one) => annotation({ file, title: 'this lab cannot be read', ...one })).join('')
  }
  const { lab, run, doubts, remedies, student } = outcome.verification
  const forWhom = student === null ? '' : `\nfor the student ${student}`
  const trouble = run.trouble ? [{ file, line: 1, title: lab, message: [run.trouble, ...remedies].join('\n→ ') }] : []
  const failures = findings(run).map(({ line, title, status, details }) => ({
    file,
    line,
    title: `${lab}: ${title}`,
    message: `${status}: ${details}${forWhom}`,
  }))
  const said = doubts.map(({ line, column, what, advice }) => ({
    file,
    line,
    column,
    title: `${lab}: not proven`,
    message: `${what}\n→ ${advice}`,
  }))
  return [...trouble, ...failures, ...said].map(annotation).join('')
}

/** One lab for programs: its verification, or why there is none. */
export function plainOutcome(outcome: Outcome): unknown {
  if ('verification' in outcome) return outcome.verification
  const { file } = outcome
  if ('unchanged' in outcome) return { lab: outcome.unchanged, file, status: 'passed', unchanged: true }
  return { file, status: 'error', trouble: outcome.trouble }
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}

function inSeconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
