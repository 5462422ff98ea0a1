import { diffArrays } from 'diff'
import { compileExpected, compileLine, type LinePattern, matchExpected, matchLine } from '../../lab/expected.ts'
import { loosenPattern } from '../../lab/pattern.ts'
import { expectedLine, type Place } from './expected-line.ts'
import { type Known, keepPlaceholders } from './keep-line.ts'
import { type Row, rowsOf } from './rows.ts'
import { slotsOf } from './slots.ts'
import { featuresOf, inCommon, type Token, tokensOf } from './tokens.ts'
import type { Surroundings } from './volatile.ts'

/** A line of the old text, by index from 0, or a new one. */
export type Line = number | string

export interface Observed {
  /** What the command has printed in each run, at least in one. */
  readonly outputs: readonly string[]
  readonly known: Known
  readonly place: Place
  readonly surroundings: Surroundings
}

/** An expected text for what was printed, with nothing to keep. */
export function expectedText(observed: Observed): string[] {
  return rowsOf(observed.outputs).map((row, index) => newLine(row, observed, index === 0))
}

/**
 * Brings an expected text up to date so that it matches every run, and keeps all of it that still matches: lines,
 * placeholders and `...`.
 */
export function rewriteExpected(old: readonly string[], observed: Observed): readonly Line[] {
  const all = [...old.keys()]
  if (matchesAll(old, observed)) return all
  const entries = old.map((line): Entry => (line.trim() === '...' ? 'gap' : compileLine(line).pattern))
  const rows = rowsOf(observed.outputs)
  const kept = withoutDoubleGaps(new Rewriting(entries, rows, observed).lines(), old)
  const written = kept.map((line) => (typeof line === 'number' ? old[line]! : line))
  const saysNothing = written.every(isGap) && !old.every(isGap) && rows.length > 0
  if (!saysNothing && matchesAll(written, observed)) return kept
  const anew = expectedText(observed)
  return matchesAll(anew, observed) ? anew : ['...']
}

type Entry = LinePattern | 'gap'

interface Pair {
  readonly entry: number
  readonly row: number
  /** The old line matches in every run. */
  readonly isExact: boolean
}

/** Old lines and new ones that are worth looking at pair by pair. */
const MOST_PAIRS = 20_000
/** Below this, a line is another one, and not the old one with another value. */
const ALIKE = 0.5

class Rewriting {
  readonly #entries: readonly Entry[]
  readonly #rows: readonly Row[]
  readonly #observed: Observed

  constructor(entries: readonly Entry[], rows: readonly Row[], observed: Observed) {
    this.#entries = entries
    this.#rows = rows
    this.#observed = observed
  }

  lines(): Line[] {
    const lines: Line[] = []
    let [entry, row] = [0, 0]
    const few = this.#entries.length * this.#rows.length <= MOST_PAIRS
    for (const pair of few ? this.#bestPairs() : this.#exactPairs()) {
      lines.push(...this.#between(entry, pair.entry, row, pair.row))
      lines.push(pair.isExact ? pair.entry : this.#renewed(pair))
      entry = pair.entry + 1
      row = pair.row + 1
    }
    return [...lines, ...this.#between(entry, this.#entries.length, row, this.#rows.length)]
  }

  /** What has no counterpart: a `...` takes the new lines there, but for those in place of old ones around it. */
  #between(entry: number, entryEnd: number, row: number, rowEnd: number): Line[] {
    const entries = this.#entries.slice(entry, entryEnd)
    const rows = Array.from({ length: rowEnd - row }, (_, index) => this.#new(row + index))
    const before = entries.indexOf('gap')
    if (before < 0) return rows
    const after = entries.length - 1 - entries.lastIndexOf('gap')
    const head = rows.slice(0, before)
    return [...head, entry + before, ...rows.slice(Math.max(head.length, rows.length - after))]
  }

  #new(row: number): string {
    return newLine(this.#rows[row]!, this.#observed, row === 0)
  }

  #renewed({ entry, row }: Pair): string {
    const { known, place, surroundings } = this.#observed
    const slots = slotsOf(this.#rows[row] as readonly string[], surroundings)
    return keepPlaceholders(this.#entries[entry] as LinePattern, slots, known, place, row === 0) ?? this.#new(row)
  }

  /** The best way to lay the old lines over the new ones, in order. */
  #bestPairs(): Pair[] {
    const [entries, rows] = [this.#entries.length, this.#rows.length]
    const best = Array.from({ length: entries + 1 }, () => new Float64Array(rows + 1))
    const scores = this.#entries.map((entry) => this.#rows.map((row) => this.#score(entry, row)))
    for (let entry = entries - 1; entry >= 0; entry--) {
      for (let row = rows - 1; row >= 0; row--) {
        const score = scores[entry]![row]!
        const taken = score > 0 ? score + best[entry + 1]![row + 1]! : 0
        best[entry]![row] = Math.max(taken, best[entry + 1]![row]!, best[entry]![row + 1]!)
      }
    }
    const pairs: Pair[] = []
    for (let [entry, row] = [0, 0]; entry < entries && row < rows; ) {
      const score = scores[entry]![row]!
      if (score > 0 && best[entry]![row] === score + best[entry + 1]![row + 1]!)
        pairs.push({ entry: entry++, row: row++, isExact: score >= 2 })
      else if (best[entry]![row] === best[entry + 1]![row]!) entry++
      else row++
    }
    return pairs
  }

  /** 2 and more for a line that matches, the more the more it says; up to 1 for one that is alike. */
  #score(entry: Entry, row: Row): number {
    if (entry === 'gap' || row === 'gap') return 0
    if (this.#isExact(entry, row)) return 2 + literalShare(entry)
    const score = entry.expression === undefined ? likenessTo(entry, row[0]!) : 0
    return score >= ALIKE ? score : 0
  }

  #exactPairs(): Pair[] {
    const entries = this.#entries.map((_, index) => -1 - index)
    const comparator = (left: number, right: number) => {
      const [entry, row] = [this.#entries[-1 - left], this.#rows[right]]
      return entry !== undefined && row !== undefined && entry !== 'gap' && row !== 'gap' && this.#isExact(entry, row)
    }
    const pairs: Pair[] = []
    let [entry, row] = [0, 0]
    for (const change of diffArrays(entries, [...this.#rows.keys()], { comparator, timeout: 1000 }) ?? []) {
      const { added, removed, count } = change
      for (let index = 0; index < count && !added && !removed; index++)
        pairs.push({ entry: entry + index, row: row + index, isExact: true })
      if (!added) entry += count
      if (!removed) row += count
    }
    return pairs
  }

  /** A name that is not known yet may stand for anything: whether its values agree is seen in the end. */
  #isExact(pattern: LinePattern, row: readonly string[]): boolean {
    return row.every((text, run) => {
      const known = this.#observed.known[run]!
      return matchLine(loosenPattern(pattern, known), text, known) !== undefined
    })
  }
}

function newLine(row: Row, { place, surroundings }: Observed, first: boolean): string {
  return row === 'gap' ? '...' : expectedLine(slotsOf(row, surroundings), place, first)
}

function matchesAll(lines: readonly string[], { outputs, known }: Observed): boolean {
  const { pattern, problems } = compileExpected(lines.join('\n'))
  return problems.length === 0 && outputs.every((output, run) => matchExpected(pattern, output, known[run]).matched)
}

/** One `...` is enough; of two, the old one stays. */
function withoutDoubleGaps(lines: readonly Line[], old: readonly string[]): Line[] {
  const isGapLine = (line: Line | undefined) =>
    line !== undefined && isGap(typeof line === 'number' ? old[line]! : line)
  const kept: Line[] = []
  for (const line of lines) {
    if (!isGapLine(line) || !isGapLine(kept.at(-1))) kept.push(line)
    else if (typeof line === 'number') kept[kept.length - 1] = line
  }
  return kept
}

function isGap(line: string): boolean {
  return line.trim() === '...'
}

function literalShare({ parts, source }: LinePattern): number {
  const literal = parts.reduce((sum, part) => sum + (part.type === 'text' ? part.text.length : 0), 0)
  return literal / Math.max(1, source.length)
}

function likenessTo({ parts }: LinePattern, line: string): number {
  const tokens = parts.flatMap((part): Token[] => {
    if (part.type === 'text') return tokensOf(part.text)
    return part.type === 'value' ? [{ text: '', class: part.kind === 'if' ? 'word' : part.kind }] : []
  })
  const [wanted, there] = [featuresOf(tokens).filter(Boolean), featuresOf(tokensOf(line.slice(0, 1000)))]
  // What a `<*>` or a name stands for does not speak against it.
  const isOpen = parts.some(({ type }) => type === 'any' || type === 'reference')
  const all = isOpen ? 2 * wanted.length : wanted.length + there.length
  return all === 0 ? 0 : (2 * inCommon(wanted, there)) / all
}
