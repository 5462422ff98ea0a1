import { collapseBlanks } from './output-lines.ts'
import type { LinePattern, Part, Remembered } from './pattern.ts'
import { valueEnds, type Work } from './pattern-values.ts'

/** A value that a name was given, and those before it. */
export interface Captured {
  readonly name: string
  readonly value: string
  readonly before: Captured | undefined
}

/** One way in which a line matches: the values that it gives to names. */
export interface Way {
  readonly captured: Captured | undefined
}

/**
 * The ways in which a pattern of parts matches a line whose runs of blanks are one blank, the best first; only one
 * of those that give the same values to the names that are `needed` later on. They end when `work` is used up.
 */
export function waysToMatch(
  pattern: LinePattern,
  line: string,
  known: Remembered,
  needed: (name: string) => boolean,
  work: Work,
): Iterator<Way, undefined> {
  return new LineMatch(pattern, line, known, needed, work).ways()
}

/** Names and their values, in the order in which they were found. */
export function capturedValues(captured: Captured | undefined): [name: string, value: string][] {
  const values: [string, string][] = []
  for (let each = captured; each !== undefined; each = each.before) values.push([each.name, each.value])
  return values.reverse()
}

/** A state to continue from: the next part and place. For a `<*>` that may grow: where it began, and its limit. */
interface Choice {
  readonly part: number
  readonly at: number
  readonly known: Remembered
  readonly captured: Captured | undefined
  readonly growing: { readonly from: number; readonly limit: number } | undefined
}

/**
 * One comparison by hand, because a RegExp made from several `<*>` backtracks without bound. Here a `<*>` never
 * tries a place twice, and one that reached the next `<*>` over fixed text is settled, as in a shell's glob.
 */
class LineMatch {
  readonly #parts: readonly Part[]
  readonly #line: string
  readonly #needed: (name: string) => boolean
  readonly #work: Work
  readonly #hasOneWay: boolean
  readonly #choices: Choice[]
  /** For each `<*>` from where on all places are tried, with what was known then. */
  readonly #tried: { readonly known: Remembered; readonly from: number }[] = []

  constructor(pattern: LinePattern, line: string, known: Remembered, needed: (name: string) => boolean, work: Work) {
    this.#parts = pattern.parts
    this.#line = line
    this.#needed = needed
    this.#work = work
    this.#hasOneWay = !pattern.names.some((name) => needed(name) && !known.has(name))
    this.#choices = [{ part: 0, at: 0, known, captured: undefined, growing: undefined }]
  }

  *ways(): Generator<Way, undefined> {
    const seen = new Set<string>()
    while (this.#work.left > 0) {
      const choice = this.#choices.pop()
      if (choice === undefined) return
      const end = choice.growing ? this.#grow(choice) : this.#forward(choice, false)
      if (end === undefined) continue
      const key = this.#keyOf(end.captured)
      if (!seen.has(key)) yield end
      if (this.#hasOneWay) return
      seen.add(key)
    }
  }

  /** Lets a `<*>` end at the next place where what follows it may begin. */
  #grow(choice: Choice): Choice | undefined {
    const { part, at, known, captured, growing } = choice
    const end = this.#nextPlace(part + 1, at)
    if (end === undefined || growing === undefined || end >= growing.limit) return undefined
    if (end < this.#line.length) this.#choices.push({ ...choice, at: end + 1 })
    const value = () => this.#line.slice(growing.from, end)
    return this.#forward({ part: part + 1, at: end, ...this.#bind(part, value, known, captured), growing }, true)
  }

  #nextPlace(part: number, at: number): number | undefined {
    const next = this.#parts[part]
    if (next === undefined) return this.#line.length
    if (next.type === 'blank') {
      const place = at > 0 && this.#line[at - 1] === ' ' ? at : this.#line.indexOf(' ', at)
      return place < 0 ? this.#line.length : place
    }
    if (next.type !== 'text') return at
    const last = this.#line.length - next.text.length
    if (part === this.#parts.length - 1) return last < at ? undefined : last
    const place = this.#line.indexOf(next.text, at)
    this.#work.left -= ((place < 0 ? this.#line.length : place) - at) >> 4
    return place < 0 ? undefined : place
  }

  /** Follows the parts up to the next `<*>`, which becomes a choice, or to the end of a line that matches. */
  #forward(start: Choice, afterAny: boolean): Choice | undefined {
    let { part, at, known, captured } = start
    let fixed = afterAny
    for (; ; part++) {
      this.#work.left--
      const current = this.#parts[part]
      if (current === undefined) return at === this.#line.length ? { ...start, part, at, known, captured } : undefined
      const remembered = 'name' in current && current.name !== undefined ? known.get(current.name) : undefined
      if (current.type === 'value') {
        const apart = afterAny && part === start.part && start.growing !== undefined && at > start.growing.from
        const [first, ...others] = this.#valueEnds(part, current, at, apart, remembered)
        if (first === undefined) return undefined
        const from = at
        const state = { known, captured }
        const bound = (end: number) => this.#bind(part, () => this.#line.slice(from, end), state.known, state.captured)
        for (const end of others.reverse()) {
          this.#choices.push({ part: part + 1, at: end, ...bound(end), growing: undefined })
        }
        at = first
        ;({ known, captured } = bound(first))
        fixed = false
      } else if (current.type === 'any' && remembered === undefined) {
        if (fixed && !this.#matters(current)) this.#settle(start.part - 1, known)
        this.#enter({ part, at, known, captured })
        return undefined
      } else {
        const text = current.type === 'text' ? current.text : remembered === undefined ? '' : collapseBlanks(remembered)
        if (current.type === 'reference' && remembered === undefined) return undefined
        const end = current.type === 'blank' ? this.#afterBlank(at) : this.#afterText(text, at)
        if (end === undefined) return undefined
        at = end
      }
    }
  }

  #settle(part: number, known: Remembered): void {
    const previous = this.#choices.at(-1)
    if (previous?.growing && previous.part === part && previous.known === known) this.#choices.pop()
  }

  #enter(state: { part: number; at: number; known: Remembered; captured: Captured | undefined }): void {
    let limit = Number.POSITIVE_INFINITY
    if (!this.#matters(this.#parts[state.part]!)) {
      const tried = this.#tried[state.part]
      if (tried?.known === state.known) limit = tried.from
      if (state.at >= limit) return
      this.#tried[state.part] = { known: state.known, from: state.at }
    }
    this.#choices.push({ ...state, growing: { from: state.at, limit } })
  }

  /** A blank may stand for nothing next to another one and at the end: runs count as one, trailing ones not at all. */
  #afterBlank(at: number): number | undefined {
    if (this.#line[at] === ' ') return at + 1
    return at === this.#line.length || (at > 0 && this.#line[at - 1] === ' ') ? at : undefined
  }

  #afterText(text: string, at: number): number | undefined {
    this.#work.left -= text.length >> 4
    return this.#line.startsWith(text, at) ? at + text.length : undefined
  }

  #valueEnds(
    part: number,
    value: Part & { type: 'value' },
    at: number,
    apart: boolean,
    remembered: string | undefined,
  ): number[] {
    const next = this.#parts[part + 1]
    const fits = {
      text: (end: number) => next?.type === 'text' && this.#line.startsWith(next.text, end),
      blank: (end: number) => this.#afterBlank(end) !== undefined,
      reference: () => true,
      any: undefined,
      value: undefined,
      end: undefined,
    }[next?.type ?? 'end']
    const ends = valueEnds(value.kind, this.#line, at, { apart, fits, work: this.#work })
    return remembered === undefined ? ends : ends.filter((end) => this.#line.slice(at, end) === remembered)
  }

  /** Names that nobody asks for again stay out of `known`, so that they do not multiply the states to try. */
  #bind(
    part: number,
    value: () => string,
    known: Remembered,
    captured: Captured | undefined,
  ): { known: Remembered; captured: Captured | undefined } {
    const named = this.#parts[part]
    if (named === undefined || !('again' in named) || named.name === undefined || known.has(named.name))
      return { known, captured }
    const now = { name: named.name, value: value(), before: captured }
    if (!this.#matters(named)) return { known, captured: now }
    this.#work.left -= 4 * known.size
    return { known: new Map([...known, [now.name, now.value]]), captured: now }
  }

  /** Whether it makes a difference later which value the part has, and not only where it ends. */
  #matters(part: Part): boolean {
    return 'again' in part && part.name !== undefined && (part.again || this.#needed(part.name))
  }

  #keyOf(captured: Captured | undefined): string {
    const values: string[] = []
    for (let each = captured; each !== undefined; each = each.before)
      if (this.#needed(each.name)) values.push(each.name, each.value)
    return JSON.stringify(values)
  }
}
