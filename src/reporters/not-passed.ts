import { wrapText } from '../prose/text.ts'
import type { LabResult, Status } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import type { Sink } from './reporter.ts'
import { statusMark } from './status.ts'

/** So many are named; of more, how many there are. */
const MOST = 10
/** Of what is named by its first line. */
const LONGEST = 60

/** Something that a lab asks for. */
export interface Part {
  readonly status: Status
  readonly line: number
  readonly what: string
}

/**
 * What of a lab did not pass, a line for each with its place in the file: first what is wrong, then what was not reached. `more`:
 * what is no part of the result.
 */
export function notPassed(
  result: LabResult,
  sink: Omit<Sink, 'write' | 'links' | 'height'>,
  more: readonly Part[] = [],
): string[] {
  const all = [...partsOf(result), ...more].toSorted((a, b) => rank(a) - rank(b) || a.line - b.line)
  const named = all.slice(0, MOST).map(({ status, line, what }) => {
    const text = `${sanitize(result.file)}:${line} ${shortened(sanitize(what))}`
    // In a file a line is a line.
    const shown = sink.live || sink.plain ? wrapText(text, sink.width - 4).replaceAll('\n', '\n    ') : text
    return `  ${statusMark(status, sink)} ${shown}`
  })
  return all.length > MOST ? [...named, `  and ${all.length - MOST} more`] : named
}

function partsOf({ steps }: LabResult): Part[] {
  const parts = steps.flatMap(({ blocks, checks }): Part[] => [
    ...blocks.flatMap(({ commands, outputStatus, outputLine, line, sealed }): Part[] => [
      ...commands.map(({ text, ...command }) => ({ ...command, what: sealed ? 'a sealed command' : text })),
      ...(outputStatus ? [{ status: outputStatus, line: outputLine ?? line, what: 'expected output' }] : []),
    ]),
    ...checks.map(({ label, ...check }) => ({ ...check, what: label })),
  ])
  return parts.filter(({ status }) => status !== 'passed')
}

function rank({ status }: Part): number {
  return status === 'failed' || status === 'error' ? 0 : 1
}

function shortened(what: string): string {
  const [first = '', ...rest] = what.trim().split('\n')
  return first.length > LONGEST || rest.length > 0 ? `${first.slice(0, LONGEST).trimEnd()} …` : first
}
