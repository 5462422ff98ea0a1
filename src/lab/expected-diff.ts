import type { Alignment } from './expected-align.ts'
import { showLine } from './output-lines.ts'
import { type Entry, fillRemembered } from './pattern.ts'
import type { LineComparer } from './pattern-match.ts'

/** `same` and `unexpected` show the output, `missing` the expected line, `any` what a `...` stands for. */
export interface DiffLine {
  readonly kind: 'same' | 'missing' | 'unexpected' | 'any'
  readonly text: string
}

/** Longer runs of one kind are shortened to so many lines at either end. */
const RUNS = {
  any: { most: 6, kept: 2 },
  same: { most: 200, kept: 100 },
  missing: { most: 1_000, kept: 500 },
  unexpected: { most: 1_000, kept: 500 },
} as const

/** All lines in order: pairs, and between them what is missing, unexpected, or covered by a `...`. */
export function renderDiff(
  entries: readonly Entry[],
  lines: readonly string[],
  alignment: Alignment,
  comparer: LineComparer,
): DiffLine[] {
  const { pairs } = alignment
  const used = lines.findLastIndex((line) => line !== '') + 1
  const end = { entry: entries.length, line: Math.max(used, (pairs.at(-1)?.line ?? -1) + 1) }
  // Empty lines at the very end, with or without a `...` there, are never missing.
  const needed = entries.findLastIndex((entry) => entry !== 'gap' && entry.source !== '') + 1
  const diff: DiffLine[] = []
  const addMissing = (from: number, to: number) => {
    for (let index = from; index < Math.min(to, needed); index++) addExpected(diff, entries, index, alignment, comparer)
  }
  let gap = entries.indexOf('gap')
  let from = { entry: 0, line: 0 }
  for (const to of [...pairs, end]) {
    if (gap >= 0 && gap < from.entry) gap = entries.indexOf('gap', from.entry)
    const hasGap = gap >= 0 && gap < to.entry
    // A `...` takes all that lies between: what is missing before it comes first, what is missing after it last.
    addMissing(from.entry, hasGap ? gap : to.entry)
    for (let line = from.line; line < to.line; line++) addCovered(diff, lines, line, hasGap, alignment)
    if (hasGap) addMissing(gap, to.entry)
    if (to !== end) diff.push({ kind: 'same', text: lines[to.line]! })
    from = { entry: to.entry + 1, line: to.line + 1 }
  }
  return shortened(diff)
}

function addExpected(
  diff: DiffLine[],
  entries: readonly Entry[],
  index: number,
  { known, skippedEntries: skipped }: Alignment,
  comparer: LineComparer,
): void {
  const entry = entries[index]!
  if (skipped && index >= skipped.from && index < skipped.to) {
    if (index === skipped.from) diff.push(note(`${skipped.to - skipped.from} expected lines not compared`))
  } else if (entry !== 'gap') {
    const text = fillRemembered(entry.source, known)
    const isSlow = comparer.wasTooSlow(entry, known)
    diff.push({ kind: 'missing', text: isSlow ? `${text} (given up: this expression takes too long)` : text })
  }
}

function addCovered(
  diff: DiffLine[],
  lines: readonly string[],
  line: number,
  hasGap: boolean,
  { skippedLines: skipped }: Alignment,
): void {
  if (hasGap || !skipped || line < skipped.from || line >= skipped.to) {
    diff.push({ kind: hasGap ? 'any' : 'unexpected', text: lines[line]! })
  } else if (line === skipped.from) diff.push(note(`${skipped.to - skipped.from} lines not compared`))
}

function note(text: string): DiffLine {
  return { kind: 'any', text: `(… ${text})` }
}

function shortened(diff: readonly DiffLine[]): DiffLine[] {
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
