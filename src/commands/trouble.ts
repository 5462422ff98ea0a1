import { KeyError } from '../exam/key.ts'
import { RosterError } from '../exam/roster.ts'
import { TicketError } from '../exam/ticket.ts'
import { LabError, type Problem } from '../lab/problem.ts'
import { Trouble } from '../machine/trouble.ts'
import { inColumns } from '../prose/columns.ts'
import { sanitize } from '../sanitize.ts'
import { LabNotFound } from './labs.ts'
import { OutputError } from './sinks.ts'

/** An error as people should see it: what, why, and what to do next. */
export function describeTrouble(error: unknown): string {
  if (error instanceof LabError) return `${error.message}\n\n${count(error.problems.length)}. The lab was not run.`
  if (error instanceof LabNotFound && error.names.length > 0)
    return `labrun: ${sanitize(error.brief)}\n${inColumns(error.names, process.stderr.columns || 80)}`
  if ([LabNotFound, OutputError, TicketError, KeyError, RosterError].some((kind) => error instanceof kind))
    return `labrun: ${sanitize((error as Error).message)}`
  if (error instanceof Trouble)
    return [`labrun: ${error.message}`, ...error.remedies.map((one) => `  → ${one}`)].join('\n')
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return `labrun: this is a fault of labrun itself, please report it:\n${text}`
}

/** Why a lab cannot be read: its mistakes with their lines, all at once and one by one. */
export function whyUnreadable(error: LabError | LabNotFound): {
  readonly message: string
  readonly problems?: readonly Problem[]
} {
  if (error instanceof LabNotFound) return { message: error.message }
  return { message: error.message, problems: error.problems }
}

function count(problems: number): string {
  return problems === 1 ? '1 problem' : `${problems} problems`
}
