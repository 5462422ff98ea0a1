import { type MessageCode, message } from './messages.ts'

/** A mistake in a lab file. Line and column count from 1; `length` is in UTF-16 units and at least 1. */
export interface Problem {
  readonly file: string
  readonly line: number
  readonly column: number
  readonly length: number
  readonly code: MessageCode
  readonly message: string
  readonly suggestion: string | undefined
}

export interface Place {
  readonly line: number
  readonly column?: number
  readonly length?: number
}

/** Thrown where a lab cannot be used: carries all its problems, and the source to show them in. */
export class LabError extends Error {
  readonly problems: readonly Problem[]
  readonly source: readonly string[]

  constructor(problems: readonly Problem[], source: readonly string[]) {
    super(problems.map((problem) => formatProblem(problem, source)).join('\n\n'))
    this.name = 'LabError'
    this.problems = problems
    this.source = source
  }
}

/** Collects the problems of one file; keeps every position inside the file. */
export class ProblemList {
  readonly problems: Problem[] = []
  readonly #file: string
  readonly #source: readonly string[]
  /** From a place in the text that is parsed to that in the file, where values were filled in. */
  toFile: (place: Place) => Place = (place) => place

  constructor(file: string, source: readonly string[]) {
    this.#file = file
    this.#source = source
  }

  add(parsed: Place, code: MessageCode, values: Readonly<Record<string, string>> = {}, suggestion?: string): void {
    const place = this.toFile(parsed)
    const line = clamp(place.line, 1, Math.max(1, this.#source.length))
    const text = this.#source[line - 1] ?? ''
    const indent = text.length - text.trimStart().length
    const column = clamp(place.column ?? indent + 1, 1, text.length + 1)
    const rest = Math.max(1, text.trimEnd().length - column + 1)
    const length = clamp(place.length ?? rest, 1, rest)
    this.problems.push({ file: this.#file, line, column, length, code, message: message(code, values), suggestion })
  }

  /** In the order of the file. */
  sorted(): Problem[] {
    return this.problems.toSorted((a, b) => a.line - b.line || a.column - b.column)
  }
}

/** `file:line:column: message`, the source line with `^^^^` under it, and the suggestion. */
export function formatProblem(problem: Problem, source: readonly string[]): string {
  // Of a very long line only the part around the mistake.
  const from = Math.max(0, problem.column - 200)
  const text = (source[problem.line - 1] ?? '').slice(from, from + 500)
  const number = String(problem.line)
  const gutter = ' '.repeat(number.length)
  const before = text.slice(0, problem.column - 1 - from).replace(/[^\t]/g, ' ')
  const lines = [
    `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`,
    `  ${number} | ${text}`,
    `  ${gutter} | ${before}${'^'.repeat(Math.min(problem.length, 200))}`,
  ]
  if (problem.suggestion) lines.push(`  ${gutter} = ${problem.suggestion}`)
  // A file may hold anything, also what would move the cursor of a terminal.
  return lines.join('\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
