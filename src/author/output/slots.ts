import { diffArrays } from 'diff'
import { compileLine, type LinePattern, matchLine } from '../../lab/expected.ts'
import type { ValueKind } from '../../lab/pattern.ts'
import { type Token, type TokenClass, tokensOf } from './tokens.ts'
import { type Surroundings, volatileParts } from './volatile.ts'

/** A piece of a line as several runs have printed it. */
export interface Slot {
  /** What each run has at this place. */
  readonly texts: readonly string[]
  /** `text`: the same in all runs, but for blanks, and nothing that looks as if it would change. */
  readonly kind: 'text' | ValueKind | '*'
}

/** Takes a line apart into what lasts and what does not. `texts` is the same line in each run, at least one. */
export function slotsOf(texts: readonly string[], surroundings: Surroundings): Slot[] {
  const columns = sameTokens(texts.map(tokensOf)) ?? commonTokens(texts.map((text) => tokensOf(text)))
  const parts = volatileParts(texts[0]!, surroundings)
  let at = 0
  const marks = columns.map((column): string => {
    const { length } = column[0]!.text
    // Offsets count in the first run; a place where it has nothing belongs to what is around it.
    const part = parts.findIndex(({ from, to }) => at < to && at + length > from)
    at += length
    return part >= 0 ? String(part) : isSame(column) ? TEXT : DIFFERS
  })
  markNames(columns, marks)
  const groups: { readonly texts: string[]; readonly mark: string }[] = []
  for (const [index, column] of columns.entries()) {
    const last = groups.at(-1)
    const mark = marks[index]!
    // What is volatile together, or differs side by side, is one value.
    if (last?.mark === mark) for (const [run, { text }] of column.entries()) last.texts[run] += text
    else groups.push({ texts: column.map(({ text }) => text), mark })
  }
  return groups.map(({ texts: values, mark }) => {
    if (mark === TEXT) return { texts: values, kind: 'text' }
    const looks = parts[Number(mark)]?.kind
    return { texts: values, kind: looks && fitsAll(looks, values) ? looks : kindOf(values) }
  })
}

const TEXT = 'text'
const DIFFERS = 'differs'

/** Of a word with digits in it, such as an id, either only the digits differ or all of it does. */
function markNames(columns: readonly Column[], marks: string[]): void {
  const isInName = (index: number) =>
    (marks[index] === TEXT || marks[index] === DIFFERS) && columns[index]!.every(({ text }) => /^\w*$/.test(text))
  for (let from = 0; from < columns.length; from++) {
    if (!isInName(from)) continue
    let to = from
    while (to < columns.length && isInName(to)) to++
    const differing = columns.slice(from, to).filter((_, index) => marks[from + index] === DIFFERS)
    const isCounted = differing.every((column) => column.every(({ text }) => /^\d+$/.test(text)))
    if (!isCounted) marks.fill(DIFFERS, from, to)
    from = to
  }
}

/** Whether a value of that kind is all that each of the texts is. */
export function fitsAll(kind: ValueKind | '*', texts: readonly string[]): boolean {
  return texts.every((text) => text !== '' && matchLine(patternOf(kind), text, new Map()) !== undefined)
}

/** One token, or the nothing that stands for it, of each run. */
type Column = readonly Token[]

const NOTHING: Token = { text: '', class: 'sign' }

/** Where all runs have tokens of the same classes, each stands beside the one at its place. */
function sameTokens(runs: readonly Token[][]): Column[] | undefined {
  const [first = []] = runs
  const isSameForm = (tokens: readonly Token[]) =>
    tokens.length === first.length && tokens.every((token, index) => isAlike(token, first[index]!))
  if (!runs.every(isSameForm)) return undefined
  return first.map((_, index) => runs.map((tokens) => tokens[index]!))
}

const NUMBERS: readonly TokenClass[] = ['int', 'num']

function isAlike(a: Token, b: Token): boolean {
  if (a.class === 'sign') return a.text === b.text
  return a.class === b.class || (NUMBERS.includes(a.class) && NUMBERS.includes(b.class))
}

/** Otherwise only what all have in common, in order, is at one place; what lies between stands beside each other. */
function commonTokens(runs: readonly Token[][]): Column[] {
  const [first = [], ...others] = runs
  let common = first
  for (const tokens of others) common = commonOf(common, tokens)
  const columns: Column[] = []
  const places = runs.map(() => 0)
  for (const shared of [...common, undefined]) {
    const ends = runs.map((tokens, run) => {
      const end = shared ? tokens.findIndex((token, at) => at >= places[run]! && isEqual(token, shared)) : tokens.length
      return end < 0 ? tokens.length : end
    })
    const between = runs.map((tokens, run) => tokens.slice(places[run], ends[run]))
    if (between.some((tokens) => tokens.length > 0)) columns.push(between.map(oneToken))
    if (shared) columns.push(runs.map((tokens, run) => tokens[ends[run]!] ?? NOTHING))
    for (const [run, end] of ends.entries()) places[run] = end + 1
  }
  return columns
}

function commonOf(a: readonly Token[], b: readonly Token[]): Token[] {
  const changes = diffArrays([...a], [...b], { comparator: isEqual, timeout: 200 }) ?? []
  return changes.flatMap(({ added, removed, value }) => (added || removed ? [] : value))
}

function isEqual(a: Token, b: Token): boolean {
  return a.class === b.class && (a.class === 'blank' || a.text === b.text)
}

function isSame([first, ...others]: Column): boolean {
  return others.every((token) => isEqual(token, first!))
}

function oneToken(tokens: readonly Token[]): Token {
  return tokens.length === 1 ? tokens[0]! : { text: tokens.map(({ text }) => text).join(''), class: 'sign' }
}

const KINDS = ['mac', 'time', 'ip', 'int', 'num'] as const
const DEVICE = /^(?:veth|vnet|tap|tun|docker|br-|eth|ens|if)[\w.-]{1,12}(?:@[\w.-]{1,15})?$/

/** The narrowest kind that all the values are of. */
function kindOf(values: readonly string[]): ValueKind | '*' {
  const kind = KINDS.find((one) => fitsAll(one, values))
  if (kind) return kind
  if (values.every((value) => DEVICE.test(value))) return 'if'
  const isId = values.every((value) => /^(?:0x)?[\da-f]{4,}$/i.test(value)) && values.some((value) => /\d/.test(value))
  return isId ? 'hex' : '*'
}

const patterns = new Map<string, LinePattern>()

function patternOf(kind: ValueKind | '*'): LinePattern {
  const known = patterns.get(kind) ?? compileLine(`<${kind}>`).pattern
  patterns.set(kind, known)
  return known
}
