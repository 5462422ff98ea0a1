import { compileLine, type LinePattern, matchLine, type Remembered } from '../lab/expected.ts'
import { collapseBlanks } from '../lab/output-lines.ts'

/**
 * Finds a shortened line in a line of tcpdump's: it may begin and end anywhere, but not within a word, so that
 * `seq 1` is not found in `seq 10`, while `10.0.0.1 > 10.0.0.2` is found in `IP 10.0.0.1 > 10.0.0.2: ICMP echo`. A
 * regular expression between slashes is for the whole line.
 */
export class LineFinder {
  readonly source: string
  readonly #pattern: LinePattern
  readonly #texts: readonly string[]
  /** The same line with what may come after it. */
  readonly #longer = new Map<string, LinePattern>()

  constructor(source: string) {
    this.source = source.trim()
    this.#pattern = compileLine(this.source).pattern
    this.#texts = this.#pattern.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  }

  /** What is remembered if it is in the line, otherwise undefined. */
  find(text: string, remembered: Remembered): Remembered | undefined {
    const line = collapseBlanks(text.replaceAll('\n', ' '))
    if (this.#pattern.expression !== undefined) return matchLine(this.#pattern, line, remembered)
    if (!this.#texts.every((part) => line.includes(part))) return undefined
    for (const start of this.#starts(line)) {
      const rest = line.slice(start)
      for (const pattern of this.#patternsFor(rest)) {
        const found = matchLine(pattern, rest, remembered)
        if (found) return found
      }
    }
    return undefined
  }

  /** Where it may begin. */
  #starts(line: string): number[] {
    const [first] = this.#pattern.parts
    if (first === undefined || first.type === 'any') return [0]
    const starts: number[] = []
    if (first.type !== 'text') {
      for (let at = 0; at < line.length; at++) if (!isWord(line[at - 1])) starts.push(at)
      return starts
    }
    for (let at = line.indexOf(first.text); at >= 0; at = line.indexOf(first.text, at + 1)) {
      if (!isWord(first.text[0]) || !isWord(line[at - 1])) starts.push(at)
    }
    return starts
  }

  /** It may be all that is left, or be followed by something that does not go on with its last word. */
  #patternsFor(rest: string): LinePattern[] {
    const last = this.#pattern.parts.at(-1)
    if (last?.type === 'any') return [this.#pattern]
    if (last?.type === 'text' && !isWord(last.text.at(-1))) return [this.#pattern, this.#followedBy('')]
    const followers = new Set([...rest].filter((character) => !isWord(character)))
    return [this.#pattern, ...[...followers].map((character) => this.#followedBy(character))]
  }

  #followedBy(character: string): LinePattern {
    const known = this.#longer.get(character)
    if (known) return known
    const { pattern } = compileLine(`${this.source}${character}<*>`)
    this.#longer.set(character, pattern)
    return pattern
  }
}

/** Which line each of several expected ones is, or the one that could not be found. */
export interface LinesFound {
  readonly missing: string | undefined
  readonly remembered: Remembered
}

/** Combinations that are tried before it is given up. */
const MOST_TRIES = 50_000

/**
 * Finds a line for each expected one, every line for one of them only; if they are `ordered`, one after the other. What
 * `<name:kind>` finds in one has to be the same in all.
 */
export function findLines(
  expected: readonly string[],
  lines: readonly string[],
  ordered: boolean,
  remembered: Remembered,
): LinesFound {
  const finders = expected.map((source) => new LineFinder(source))
  const candidates = finders.map((finder) => lines.flatMap((line, at) => (finder.find(line, remembered) ? [at] : [])))
  const none = candidates.findIndex((each) => each.length === 0)
  if (none >= 0) return { missing: expected[none]!, remembered }
  let tries = 0
  let furthest = 0
  const search = (index: number, taken: readonly number[], known: Remembered): Remembered | undefined => {
    furthest = Math.max(furthest, index)
    if (index === finders.length) return known
    for (const at of candidates[index]!) {
      if (ordered ? at <= (taken.at(-1) ?? -1) : taken.includes(at)) continue
      if (++tries > MOST_TRIES) return undefined
      const now = finders[index]!.find(lines[at]!, known)
      const all = now && search(index + 1, [...taken, at], now)
      if (all) return all
    }
    return undefined
  }
  const found = search(0, [], remembered)
  return found ? { missing: undefined, remembered: found } : { missing: expected[furthest]!, remembered }
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /\w/.test(character)
}
