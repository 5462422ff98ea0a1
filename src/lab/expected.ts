import { alignLines } from './expected-align.ts'
import { type DiffLine, renderDiff } from './expected-diff.ts'
import { searchLines } from './expected-search.ts'
import { outputLines } from './output-lines.ts'
import type { Expected, Remembered } from './pattern.ts'
import { LineComparer } from './pattern-match.ts'
import { capturedValues } from './pattern-ways.ts'

export {
  compileExpected,
  compileLine,
  type Expected,
  fillRemembered,
  type LinePattern,
  placeholdersOf,
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

const STEPS = 10_000_000

/** Compares an output with the expected lines. Bounded in time for any pattern and any output; never throws. */
export function matchExpected(pattern: Expected, actual: string, remembered: Remembered = new Map()): MatchResult {
  const { entries } = pattern
  const lines = outputLines(actual)
  const comparer = new LineComparer(lines, STEPS)
  const search = searchLines(entries, comparer, remembered)
  if (search.outcome === 'matched') {
    const known = new Map([...remembered, ...capturedValues(search.captured)])
    const alignment = { pairs: search.pairs, known, skippedEntries: undefined, skippedLines: undefined }
    return { matched: true, remembered: known, diff: renderDiff(entries, lines, alignment, comparer) }
  }
  comparer.work.left = STEPS
  const alignment = alignLines(entries, comparer, remembered)
  const diff = renderDiff(entries, lines, alignment, comparer)
  const result = { matched: false, remembered: alignment.known, diff }
  if (search.outcome === 'different') return result
  // The search was given up, but a complete diff without differences is a proof all the same.
  const isComplete = !alignment.skippedEntries && !alignment.skippedLines
  if (isComplete && diff.every(({ kind }) => kind === 'same' || kind === 'any')) return { ...result, matched: true }
  const note = '(given up: there are too many ways to lay these expected lines over this output)'
  return { ...result, diff: [{ kind: 'any', text: note }, ...diff] }
}
