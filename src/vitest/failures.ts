import type { LabNotFound } from '../commands/labs.ts'
import { LabError } from '../lab/problem.ts'
import type { Trouble } from '../machine/trouble.ts'
import { stepFindings } from '../reporters/describe.ts'
import type { BlockResult, Status } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import type { Doubt } from '../verify/messages.ts'
import type { StepOutcome } from './playback.ts'

/** Something that did not pass. Lines and columns count from 1. */
export interface Failure {
  /** What it is introduced with. */
  readonly name: Status | 'no verdict' | 'not proven' | 'mistake'
  readonly text: string
  readonly file: string
  readonly line: number
  readonly column?: number | undefined
}

/** The failures as a test framework knows them: errors whose stacks lead into the Markdown. */
export function thrown(failures: readonly Failure[]): AggregateError {
  return new AggregateError(failures.map(toError), `${failures.length} failures`)
}

/** Everything about a step that did not pass, each at its own line; at least one unless the step has passed. */
export function stepFailures(
  file: string,
  { status, result, trouble }: StepOutcome,
  blockedBy: string | undefined,
): Failure[] {
  const here = { file, line: result.line }
  if (status === 'passed') return []
  if (status === undefined && trouble !== undefined) return [{ name: 'error', text: trouble, file, line: 1 }]
  if (status === 'blocked') {
    const text = `not run, because it needs the step "${blockedBy ?? ''}", which did not pass`
    return [{ name: 'blocked', text, ...here }]
  }
  const found = stepFindings(result).map(
    ({ status: name, title, details, line, column }): Failure => ({
      name,
      text: `${title}\n${details}`,
      file,
      line,
      column,
    }),
  )
  if (found.length > 0) return found
  return [{ name: 'no verdict', text: 'the run ended before this step did', ...here }]
}

/** A background block that ends with the lab. */
export function blockFailures(file: string, { status, line, commands, reason }: BlockResult): Failure[] {
  if (status !== 'failed' && status !== 'error') return []
  const [command] = commands
  return [{ name: status, text: `$ ${command?.text ?? ''}\n${reason ?? ''}`, file, line: command?.line ?? line }]
}

export function doubtFailure(file: string, { line, column, what, advice }: Doubt): Failure {
  return { name: 'not proven', text: `${what}\n→ ${advice}`, file, line, column }
}

/** A machine that cannot be had, with the ways out. */
export function troubled(file: string, { message, remedies }: Trouble): Failure {
  return { name: 'error', text: [message, ...remedies.map((one) => `→ ${one}`)].join('\n'), file, line: 1 }
}

/** The mistakes of a lab that cannot be read, all at once. */
export function unreadable(file: string, error: LabError | LabNotFound, line = 1): Failure[] {
  if (!(error instanceof LabError)) return [{ name: 'error', text: error.message, file, line }]
  return error.problems.map(({ message, suggestion, line, column, file: place }) => {
    const text = suggestion ? `${message}\n→ ${suggestion}` : message
    return { name: 'mistake', text, file: place, line, column }
  })
}

function toError({ name, text, file, line, column = 1 }: Failure): Error {
  const message = sanitize(text).trimEnd()
  const error = new Error(message)
  error.name = name
  // A line of the text that looks like a part of a stack would be taken for one.
  error.stack = `${name}: ${message.replace(/^(\s*)at /gm, '$1· at ')}\n    at ${file}:${line}:${column}`
  return error
}
