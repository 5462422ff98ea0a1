import { collapseBlanks, outputLines } from './output-lines.ts'
import { fillNames, type LinePattern, type Remembered } from './pattern.ts'
import { type Allowance, ExpressionTester } from './pattern-expression.ts'
import type { Work } from './pattern-values.ts'
import { capturedValues, type Way, waysToMatch } from './pattern-ways.ts'

const LONGEST_LINE = 65_536
const STEPS_FOR_ONE_LINE = 5_000_000
const MILLISECONDS = 3_000
/** What starting an expression costs at most. */
const MILLISECONDS_TO_START = 0.5

const allowances = new WeakMap<LinePattern, Allowance>()

/**
 * Matches the whole line; gives all that is remembered afterwards, or undefined if it does not match. All calls with
 * the same pattern together spend at most three seconds on a regular expression that hangs, then it never matches.
 */
export function matchLine(pattern: LinePattern, line: string, remembered: Remembered): Remembered | undefined {
  const lines = outputLines(line)
  if (lines.length > 1) return undefined
  const allowance = allowances.get(pattern) ?? { left: MILLISECONDS }
  allowances.set(pattern, allowance)
  const comparer = new LineComparer(lines.length === 0 ? [''] : lines, STEPS_FOR_ONE_LINE, allowance)
  const way = comparer.compare(pattern, 0, remembered)
  allowance.left = Math.min(MILLISECONDS, allowance.left + MILLISECONDS_TO_START)
  return way === undefined ? undefined : new Map([...remembered, ...capturedValues(way.captured)])
}

/** Compares patterns with the lines of one output, within a number of steps for all of them together. */
export class LineComparer {
  /** With runs of blanks as one blank. */
  readonly lines: readonly string[]
  readonly work: Work
  readonly #tester: ExpressionTester

  constructor(lines: readonly string[], steps: number, allowance: Allowance = { left: MILLISECONDS }) {
    this.lines = lines.map(collapseBlanks)
    this.work = { left: steps }
    this.#tester = new ExpressionTester(this.lines, allowance)
  }

  /**
   * The ways in which a line matches, the best first; only one of those that give the same values to the names that
   * are `needed` later on.
   */
  ways(
    pattern: LinePattern,
    index: number,
    known: Remembered,
    needed: (name: string) => boolean,
  ): Iterator<Way, undefined> {
    const line = this.lines[index]!
    const isLong = line.length > LONGEST_LINE
    if (isLong && (pattern.expression !== undefined || pattern.parts.some(({ type }) => type === 'value')))
      return plainWay(line === collapseBlanks(pattern.source))
    if (pattern.expression === undefined) {
      const [first] = pattern.parts
      // Most lines that a `...` passes over end here.
      if (first?.type === 'text' && !line.startsWith(first.text)) return plainWay(false)
      return waysToMatch(pattern, line, known, needed, this.work)
    }
    const expression = filledExpression(pattern.expression, known)
    this.work.left--
    return plainWay(expression !== undefined && this.#tester.test(expression, index))
  }

  /** The best way alone. */
  compare(pattern: LinePattern, index: number, known: Remembered): Way | undefined {
    return this.ways(pattern, index, known, () => false).next().value
  }

  /** Whether the line's expression took too long and was given up. */
  wasTooSlow(pattern: LinePattern, known: Remembered): boolean {
    if (pattern.expression === undefined) return false
    return this.#tester.slow.has(filledExpression(pattern.expression, known) ?? '')
  }
}

function plainWay(matches: boolean): Iterator<Way, undefined> {
  return (matches ? [{ captured: undefined }] : []).values()
}

function filledExpression(expression: string, known: Remembered): string | undefined {
  return fillNames(expression, (name) => known.get(name)?.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
}
