import { diffArrays } from 'diff'
import type { Pair } from './expected-search.ts'
import { type Entry, type LinePattern, loosenPattern, type Remembered } from './pattern.ts'
import type { LineComparer } from './pattern-match.ts'
import { capturedValues } from './pattern-ways.ts'

/** Lines that agree, in order, the values found in them, and what was too much to compare. */
export interface Alignment {
  readonly pairs: readonly Pair[]
  readonly known: Remembered
  readonly skippedEntries: Range | undefined
  readonly skippedLines: Range | undefined
}

export interface Range {
  readonly from: number
  readonly to: number
}

const MOST_COMPARED = 2_000
const MOST_MILLISECONDS = 1_000

/**
 * Aligns an output with expected lines that it does not match, leaving `...` aside: the longest common part. Of
 * very long lists only both ends of what lies between the first and the last difference are compared.
 */
export function alignLines(entries: readonly Entry[], comparer: LineComparer, remembered: Remembered): Alignment {
  const known = new Map(remembered)
  const same: Pair[] = []
  for (let i = 0; takePair(entries, comparer, known, { entry: i, line: i }); i++) same.push({ entry: i, line: i })

  const first = commonPairs(entries, comparer, known, same.length)
  const trial = new Map(known)
  for (const pair of first.pairs) takePair(entries, comparer, trial, pair)
  // The second time a name stands for the value found the first time, and no longer for anything.
  const { pairs, ...skipped } = trial.size === known.size ? first : commonPairs(entries, comparer, trial, same.length)
  const taken = pairs.filter((pair) => takePair(entries, comparer, known, pair))
  return { pairs: [...same, ...taken], known, ...skipped }
}

/** Whether the two match with what is known so far; adds the values found to it. */
function takePair(
  entries: readonly Entry[],
  comparer: LineComparer,
  known: Map<string, string>,
  { entry, line }: Pair,
): boolean {
  const pattern = entries[entry]
  if (pattern === undefined || pattern === 'gap' || line >= comparer.lines.length) return false
  const way = comparer.compare(pattern, line, known)
  for (const [name, value] of capturedValues(way?.captured)) known.set(name, value)
  return way !== undefined
}

/** Names without a value stand for anything here: whether the values agree is seen when the pairs are taken. */
function commonPairs(
  entries: readonly Entry[],
  comparer: LineComparer,
  known: Remembered,
  from: number,
): Omit<Alignment, 'known'> {
  const loose = entries.map((entry) => (entry === 'gap' ? entry : loosenPattern(entry, known)))
  const fits = (entry: number, line: number): boolean => {
    const pattern = loose[entry] as LinePattern
    return comparer.work.left > 0 && comparer.compare(pattern, line, known) !== undefined
  }
  const used = comparer.lines.findLastIndex((line) => line !== '') + 1
  const end: Pair[] = []
  for (let entry = entries.length - 1, line = used - 1; entry >= from && line >= from; entry--, line--) {
    if (entries[entry] === 'gap' || !fits(entry, line)) break
    end.push({ entry, line })
  }
  const expected = bothEnds(indexes(from, entries.length - end.length).filter((index) => entries[index] !== 'gap'))
  const actual = bothEnds(indexes(from, used - end.length))
  const pairs = [...longestCommon(expected.list, actual.list, fits), ...end.reverse()]
  return { pairs, skippedEntries: expected.skipped, skippedLines: actual.skipped }
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

function bothEnds(list: readonly number[]): { list: readonly number[]; skipped: Range | undefined } {
  if (list.length <= MOST_COMPARED) return { list, skipped: undefined }
  const half = MOST_COMPARED / 2
  const skipped = { from: list[half]!, to: list[list.length - half]! }
  return { list: [...list.slice(0, half), ...list.slice(-half)], skipped }
}

/** Nothing, if it takes too long. */
function longestCommon(
  expected: readonly number[],
  actual: readonly number[],
  fits: (entry: number, line: number) => boolean,
): Pair[] {
  // Expected lines are told from lines of the output by their sign.
  const changes = diffArrays(
    expected.map((entry) => -1 - entry),
    [...actual],
    { comparator: (left, right) => fits(-1 - left, right), timeout: MOST_MILLISECONDS },
  )
  const pairs: Pair[] = []
  let nextExpected = 0
  let nextActual = 0
  for (const { added, removed, count } of changes ?? []) {
    for (let i = 0; i < count && !added && !removed; i++) {
      pairs.push({ entry: expected[nextExpected + i]!, line: actual[nextActual + i]! })
    }
    if (!added) nextExpected += count
    if (!removed) nextActual += count
  }
  return pairs
}
