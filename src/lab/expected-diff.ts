import { diffArrays } from 'diff'
import type { Pair } from './expected-search.ts'
import { showLine } from './output-lines.ts'
import { type Entry, fillRemembered, type LinePattern, loosenPattern, type Remembered } from './pattern.ts'
import { capturedValues, type LineComparer } from './pattern-match.ts'

/** `same` and `unexpected` show the output, `missing` the expected line, `any` what a `...` stands for. */
export interface DiffLine {
  readonly kind: 'same' | 'missing' | 'unexpected' | 'any'
  readonly text: string
}

const MOST_ALIGNED = 2_000
const LONGEST_ALIGNMENT = 1_000
/** Longer runs of one kind are shortened to so many lines at either end. */
const RUNS = {
  any: { most: 6, kept: 2 },
  same: { most: 200, kept: 100 },
  missing: { most: 1_000, kept: 500 },
  unexpected: { most: 1_000, kept: 500 },
} as const

/**
 * The longest common part of the expected lines (without `...`) and an output that does not match, and the values
 * found in it. Of long lists only both ends of what follows the first difference are aligned.
 */
export function alignLines(
  entries: readonly Entry[],
  comparer: LineComparer,
  remembered: Remembered,
): { pairs: Pair[]; known: Remembered } {
  const known = new Map(remembered)
  const pairs: Pair[] = []
  const take = (entry: number, line: number): boolean => {
    const pattern = entries[entry]
    if (pattern === undefined || pattern === 'gap' || line >= comparer.lines.length) return false
    const [way] = comparer.compare(pattern, line, known, () => false)
    if (way === undefined) return false
    for (const [name, value] of capturedValues(way.captured)) known.set(name, value)
    pairs.push({ entry, line })
    return true
  }
  let start = 0
  while (take(start, start)) start++
  const used = comparer.lines.findLastIndex((line) => line !== '') + 1
  const restOfEntries = indexes(start, entries.length).filter((index) => entries[index] !== 'gap')
  const restOfLines = indexes(start, used)
  for (const { entry, line } of commonLines(entries, bothEnds(restOfEntries), bothEnds(restOfLines), comparer, known))
    take(entry, line)
  return { pairs, known }
}

/** All lines in order: pairs, and between them what is missing, unexpected, or covered by a `...`. */
export function renderDiff(
  entries: readonly Entry[],
  lines: readonly string[],
  pairs: readonly Pair[],
  known: Remembered,
  comparer: LineComparer,
): DiffLine[] {
  const diff: DiffLine[] = []
  const add = (kind: DiffLine['kind'], texts: readonly string[]) => {
    for (const text of texts) diff.push({ kind, text })
  }
  const written = (between: readonly Entry[]) =>
    between.filter((entry) => entry !== 'gap').map((pattern) => missingText(pattern, known, comparer))
  const used = lines.findLastIndex((line) => line !== '') + 1
  let entry = 0
  let line = 0
  for (const pair of [...pairs, { entry: entries.length, line: Math.max(used, (pairs.at(-1)?.line ?? -1) + 1) }]) {
    const between = entries.slice(entry, pair.entry)
    const covered = lines.slice(line, pair.line)
    const gap = between.indexOf('gap')
    const isLast = pair.entry === entries.length
    const nothingMore = isLast && between.every((each) => each === 'gap' || each.source === '')
    if (!nothingMore) add('missing', written(gap < 0 ? between : between.slice(0, gap)))
    add(gap < 0 ? 'unexpected' : 'any', covered)
    if (!nothingMore && gap >= 0) add('missing', written(between.slice(gap)))
    if (!isLast) add('same', lines.slice(pair.line, pair.line + 1))
    entry = pair.entry + 1
    line = pair.line + 1
  }
  return shorten(diff)
}

function indexes(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index)
}

function bothEnds(list: readonly number[]): readonly number[] {
  if (list.length <= MOST_ALIGNED) return list
  return [...list.slice(0, MOST_ALIGNED / 2), ...list.slice(-MOST_ALIGNED / 2)]
}

/** Names without a value yet stand for anything here; whether the values agree is seen when the pairs are taken. */
function commonLines(
  entries: readonly Entry[],
  expected: readonly number[],
  actual: readonly number[],
  comparer: LineComparer,
  known: Remembered,
): Pair[] {
  const loose = new Map<number, LinePattern>()
  for (const index of expected) {
    const entry = entries[index]
    if (entry !== undefined && entry !== 'gap') loose.set(index, loosenPattern(entry, known))
  }
  const fits = (entry: number, line: number): boolean =>
    comparer.work.left > 0 && comparer.compare(loose.get(entry)!, line, known, () => false).length > 0
  // Expected lines are told from lines of the output by their sign.
  const changes = diffArrays(
    expected.map((entry) => -1 - entry),
    [...actual],
    { comparator: (left, right) => fits(-1 - left, right), timeout: LONGEST_ALIGNMENT },
  )
  if (changes === undefined) return commonEnd(expected, actual, fits)
  const pairs: Pair[] = []
  let nextExpected = 0
  let nextActual = 0
  for (const { added, removed, count } of changes) {
    if (!added && !removed) {
      for (let i = 0; i < count; i++) {
        pairs.push({ entry: expected[nextExpected + i]!, line: actual[nextActual + i]! })
      }
    }
    if (!added) nextExpected += count
    if (!removed) nextActual += count
  }
  return pairs
}

/** What is left to say where a full comparison takes too long. */
function commonEnd(
  expected: readonly number[],
  actual: readonly number[],
  fits: (entry: number, line: number) => boolean,
): Pair[] {
  const pairs: Pair[] = []
  for (let back = 1; back <= Math.min(expected.length, actual.length); back++) {
    const pair = { entry: expected.at(-back)!, line: actual.at(-back)! }
    if (!fits(pair.entry, pair.line)) break
    pairs.push(pair)
  }
  return pairs.reverse()
}

function missingText(pattern: LinePattern, known: Remembered, comparer: LineComparer): string {
  const text = fillRemembered(pattern.source, known)
  return comparer.wasTooSlow(pattern, known) ? `${text} (given up: this expression takes too long)` : text
}

function shorten(diff: readonly DiffLine[]): DiffLine[] {
  const short: DiffLine[] = []
  for (let from = 0; from < diff.length; ) {
    const { kind } = diff[from]!
    let to = from + 1
    while (to < diff.length && diff[to]!.kind === kind) to++
    const { most, kept } = RUNS[kind]
    const run = diff.slice(from, to)
    if (run.length <= most) short.push(...run)
    else {
      const text = `(… ${run.length - 2 * kept} more lines)`
      short.push(...run.slice(0, kept), { kind, text }, ...run.slice(-kept))
    }
    from = to
  }
  return short.map(({ kind, text }) => ({ kind, text: showLine(text) }))
}
