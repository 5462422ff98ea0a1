import { alignLines, type DiffLine, renderDiff } from './expected-diff.ts'
import { type Search, searchLines } from './expected-search.ts'
import { outputLines } from './output-lines.ts'
import type { Expected, Remembered } from './pattern.ts'
import { capturedValues, LineComparer } from './pattern-match.ts'

export {
  compileExpected,
  compileLine,
  type Expected,
  fillRemembered,
  type LinePattern,
  type PatternProblem,
  type Remembered,
} from './pattern.ts'
export { matchLine } from './pattern-match.ts'
export type { DiffLine }

export interface MatchResult {
  readonly matched: boolean
  /** What was given and what is newly found; after a failure, what was found in those lines that do match. */
  readonly remembered: Remembered
  /** All lines, shortened where there are many. Without `missing` and `unexpected` lines if it matched. */
  readonly diff: DiffLine[]
}

const STEPS = 20_000_000

/** Compares an output with the expected lines. Bounded in time for any pattern and any output; never throws. */
export function matchExpected(pattern: Expected, actual: string, remembered: Remembered = new Map()): MatchResult {
  const { entries } = pattern
  const lines = outputLines(actual)
  const comparer = new LineComparer(lines, STEPS)
  const search: Search = searchLines(entries, comparer, remembered)
  if (search.outcome === 'matched') {
    const known = new Map([...remembered, ...capturedValues(search.captured)])
    return { matched: true, remembered: known, diff: renderDiff(entries, lines, search.pairs, known, comparer) }
  }
  comparer.work.left = STEPS
  const { pairs, known } = alignLines(entries, comparer, remembered)
  const diff = renderDiff(entries, lines, pairs, known, comparer)
  if (search.outcome === 'different') return { matched: false, remembered: known, diff }
  // The search was given up, but a diff without differences is a proof all the same.
  if (diff.every(({ kind }) => kind === 'same' || kind === 'any')) return { matched: true, remembered: known, diff }
  const note = '(given up: there are too many ways to lay these expected lines over this output)'
  return { matched: false, remembered: known, diff: [{ kind: 'any', text: note }, ...diff] }
}
