import type { Entry, Remembered } from './pattern.ts'
import type { LineComparer } from './pattern-match.ts'
import { type Captured, capturedValues, type Way } from './pattern-ways.ts'

/** An expected line and the line of the output that it matches, both by index. */
export interface Pair {
  readonly entry: number
  readonly line: number
}

export type Search =
  | { readonly outcome: 'matched'; readonly pairs: readonly Pair[]; readonly captured: Captured | undefined }
  | { readonly outcome: 'different' | 'given up' }

/** Comparisons of one expected line with one line of the output. */
const MOST_COMPARISONS = 200_000

/** Lays the expected lines over the output: every `...` as short as possible, going back where a value must recur. */
export function searchLines(entries: readonly Entry[], comparer: LineComparer, remembered: Remembered): Search {
  return new ListSearch(entries, comparer, remembered).run()
}

interface PairList extends Pair {
  readonly before: PairList | undefined
}

/** A state to continue from, with what may be done there: let a `...` grow, or take a line in another way. */
interface Choice extends Pair {
  readonly known: Remembered
  readonly captured: Captured | undefined
  readonly pairs: PairList | undefined
  /** The line that the `...` may not reach. */
  readonly limit?: number
  readonly ways?: { readonly next: Way; readonly others: Iterator<Way, undefined> }
}

class ListSearch {
  readonly #entries: readonly Entry[]
  readonly #comparer: LineComparer
  readonly #lastMention: ReadonlyMap<string, number>
  readonly #used: number
  readonly #choices: Choice[] = []
  readonly #start: Choice
  /** By `...` and the values that still matter: from which line on all places are tried. */
  readonly #tried = new Map<string, number>()
  #left: number

  constructor(entries: readonly Entry[], comparer: LineComparer, remembered: Remembered) {
    this.#entries = entries
    this.#comparer = comparer
    this.#lastMention = lastMentions(entries)
    this.#used = comparer.lines.findLastIndex((line) => line !== '') + 1
    // A long output alone, without any ambiguity, must not use up what is meant for going back.
    this.#left = MOST_COMPARISONS + 4 * comparer.lines.length
    this.#start = { entry: 0, line: 0, known: remembered, captured: undefined, pairs: undefined }
  }

  run(): Search {
    let end = this.#forward(this.#start, false)
    while (end === undefined) {
      if (this.#left <= 0 || this.#comparer.work.left <= 0) return { outcome: 'given up' }
      const choice = this.#choices.pop()
      if (choice === undefined) return { outcome: 'different' }
      end = choice.ways ? this.#forward(this.#take(choice, choice.ways), false) : this.#grow(choice)
    }
    return { outcome: 'matched', pairs: toArray(end.pairs), captured: end.captured }
  }

  #grow(choice: Choice): Choice | undefined {
    const { limit = 0, line } = choice
    if (line >= limit || line > this.#comparer.lines.length) return undefined
    this.#choices.push({ ...choice, line: line + 1 })
    return this.#forward({ ...choice, entry: choice.entry + 1 }, true)
  }

  /** Follows the lines up to the next `...`, which becomes a choice, or to the end of an output that matches. */
  #forward(start: Choice, afterGap: boolean): Choice | undefined {
    let { entry, line, known, captured, pairs } = start
    let single = afterGap
    for (; ; entry++) {
      this.#left--
      const current = this.#entries[entry]
      if (current === undefined) return line >= this.#used ? { ...start, captured, pairs } : undefined
      if (current === 'gap') {
        if (entry === this.#entries.length - 1) return { ...start, captured, pairs }
        const state = { entry, line, known, captured, pairs }
        if (single) this.#settle(start.entry - 1, state)
        this.#enter(state)
        return undefined
      }
      if (line >= this.#comparer.lines.length) {
        // Empty lines at the end do not count, so those before a last `...` may be absent too.
        if (current.source === '') continue
        return undefined
      }
      const at = entry
      const others = this.#comparer.ways(current, line, known, (name) => this.#isNeeded(name, at))
      const next = others.next().value
      if (next === undefined) return undefined
      const choices = this.#choices.length
      const state = { entry, line, known, captured, pairs }
      ;({ line, known, captured, pairs } = this.#take(state, { next, others }))
      single &&= this.#choices.length === choices
    }
  }

  /** The state after the line is taken in the next way; where there is yet another way, that becomes a choice. */
  #take(choice: Choice, { next: { captured: found }, others }: NonNullable<Choice['ways']>): Choice {
    const { entry, line, known, captured, pairs } = choice
    const next = others.next().value
    if (next) this.#choices.push({ ...choice, ways: { next, others } })
    const after = { entry: entry + 1, line: line + 1, pairs: { entry, line, before: pairs } }
    const values = capturedValues(found)
    let all = captured
    for (const [name, value] of values) all = { name, value, before: all }
    const needed = values.filter(([name]) => this.#isNeeded(name, entry))
    if (needed.length === 0) return { ...after, known, captured: all }
    this.#comparer.work.left -= 4 * known.size
    return { ...after, known: new Map([...known, ...needed]), captured: all }
  }

  /**
   * Where the lines since the last `...` fit in one way only and leave nothing behind that later lines ask for,
   * placing them further down cannot help: this `...` can skip as much itself.
   */
  #settle(gap: number, state: Choice): void {
    const previous = this.#choices.at(-1)
    if (previous?.limit === undefined || previous.entry !== gap) return
    if (this.#keyOf(previous.captured, state.entry) === this.#keyOf(state.captured, state.entry)) this.#choices.pop()
  }

  #enter(state: Choice): void {
    const key = `${state.entry} ${this.#keyOf(state.captured, state.entry)}`
    const limit = this.#tried.get(key) ?? Number.POSITIVE_INFINITY
    if (state.line >= limit) return
    this.#tried.set(key, state.line)
    this.#choices.push({ ...state, limit })
  }

  #keyOf(captured: Captured | undefined, entry: number): string {
    const values: string[] = []
    for (let each = captured; each !== undefined; each = each.before) {
      this.#comparer.work.left--
      if (this.#isNeeded(each.name, entry)) values.push(each.name, each.value)
    }
    return JSON.stringify(values)
  }

  #isNeeded(name: string, entry: number): boolean {
    return (this.#lastMention.get(name) ?? -1) > entry
  }
}

function lastMentions(entries: readonly Entry[]): Map<string, number> {
  const last = new Map<string, number>()
  for (const [index, entry] of entries.entries()) {
    if (entry !== 'gap') for (const name of entry.names) last.set(name, index)
  }
  return last
}

function toArray(list: PairList | undefined): Pair[] {
  const pairs: Pair[] = []
  for (let each = list; each !== undefined; each = each.before) pairs.push(each)
  return pairs.reverse()
}
