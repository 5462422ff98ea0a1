import { type Params, type Values, whyImpossible } from './params.ts'
import type { Place, ProblemList } from './problem.ts'
import { parseSubnet, partOfSubnet } from './subnet.ts'
import { didYouMean } from './suggest.ts'

/** `{{name}}` or `{{name.part}}`; other templates, as those of `docker --format`, begin with a dot. */
const PLACEHOLDER = /\{\{ *([A-Za-z]\w*)(?:\.([-\w]+))? *\}\}/g

/** Where a param may be used that is hidden. */
export const HIDDEN_ADVICE = 'use it in `sh setup`, in a solution, in an answer or in a hidden check'

/** Where a placeholder was and where its value is; columns count from 0. */
interface Piece {
  readonly name: string
  readonly from: number
  readonly length: number
  readonly filledFrom: number
  readonly filledLength: number
}

/** Puts one student's values into the text of a lab, and knows where everything was before. */
export class Filler {
  readonly #params: Params
  readonly #values: Values
  readonly #pieces = new Map<number, readonly Piece[]>()

  constructor(params: Params, values: Values) {
    this.#params = params
    this.#values = values
  }

  /** Fills the line of that number of the file; a part that a value does not have is a mistake. */
  fillLine(text: string, line: number, problems: ProblemList): string {
    if (this.#params.size === 0 || !text.includes('{{')) return text
    const pieces: Piece[] = []
    let shift = 0
    const filled = text.replace(PLACEHOLDER, (whole, name: string, part: string | undefined, from: number) => {
      const value = this.#value(name, part, { line, column: from + 1, length: whole.length }, problems)
      if (value === undefined) return whole
      pieces.push({ name, from, length: whole.length, filledFrom: from + shift, filledLength: value.length })
      shift += value.length - whole.length
      return value
    })
    if (pieces.length > 0) this.#pieces.set(line, pieces)
    return filled
  }

  /** Fills text that stands, sealed, in one place of the file. */
  fillText(text: string, place: Place, problems: ProblemList): string {
    return text.replace(PLACEHOLDER, (whole, name: string, part: string | undefined) => {
      return this.#value(name, part, place, problems) ?? whole
    })
  }

  /** Fills text of the front matter that everybody sees. */
  fillShown(text: string, place: Place, problems: ProblemList): string {
    for (const [, name = ''] of text.matchAll(PLACEHOLDER)) {
      if (this.#params.get(name)?.hidden) problems.add(place, 'hidden-param', { name }, HIDDEN_ADVICE)
    }
    return this.fillText(text, place, problems)
  }

  /** Whether anything was filled in in a line. */
  touched(line: number): boolean {
    return this.#pieces.has(line)
  }

  /** Where in the file something is that was found in the filled text. */
  toFile(place: Place): Place {
    const pieces = this.#pieces.get(place.line)
    if (!pieces || place.column === undefined) return place
    const column = before(pieces, place.column - 1) + 1
    if (place.length === undefined) return { line: place.line, column }
    return { line: place.line, column, length: after(pieces, place.column - 1 + place.length) + 1 - column }
  }

  /** Where the file uses params that students must not see. */
  hiddenUses(): (Required<Place> & { readonly name: string })[] {
    return [...this.#pieces].flatMap(([line, pieces]) =>
      pieces
        .filter(({ name }) => this.#params.get(name)?.hidden)
        .map(({ name, from, length }) => ({ name, line, column: from + 1, length })),
    )
  }

  #value(name: string, part: string | undefined, place: Place, problems: ProblemList): string | undefined {
    const param = this.#params.get(name)
    if (!param) {
      // It may be a remembered value, unless it is nearly the name of a param.
      const suggestion = didYouMean(name, this.#params.keys())
      if (suggestion && part === undefined) problems.add(place, 'unknown-param', { name }, suggestion)
      return undefined
    }
    const value = this.#values[name] ?? ''
    if (part === undefined) return value
    const found =
      param.kind === 'subnet'
        ? partOfSubnet(parseSubnet(value)!, part)
        : param.kind === 'pick' && param.count > 1 && /^[1-9]\d*$/.test(part)
          ? value.split(' ')[Number(part) - 1]
          : undefined
    if (found === undefined)
      problems.add(place, 'no-such-part', { name, part, value: param.hidden ? 'it' : value }, PARTS[param.kind])
    return found
  }
}

const PARTS = {
  int: 'a number has no parts',
  pick: 'with `count: 2` or more, the parts are 1, 2, …',
  subnet: 'parts of a subnet: 1, 2, … and -1 for addresses; network, prefix, mask, broadcast',
}

/** Why these values cannot be those of a lab; undefined if they can. */
export function whyNotValues(params: Params, values: Values): string | undefined {
  for (const [name, param] of params) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) return `there is no value for the param ${name}`
    const reason = whyImpossible(param, value)
    if (reason) return `the value of the param ${name} is not possible: ${reason}`
  }
  const stray = Object.keys(values).find((name) => !params.has(name))
  return stray === undefined ? undefined : `the lab has no param ${stray}`
}

/** The place in the file of a column of the filled text; what lies in a value is at the placeholder's begin. */
function before(pieces: readonly Piece[], column: number): number {
  const piece = pieces.findLast(({ filledFrom }) => filledFrom <= column)
  if (!piece) return column
  const behind = column - piece.filledFrom - piece.filledLength
  return behind < 0 ? piece.from : piece.from + piece.length + behind
}

/** As before; what lies in a value is at the placeholder's end. */
function after(pieces: readonly Piece[], column: number): number {
  const piece = pieces.findLast(({ filledFrom }) => filledFrom < column)
  if (!piece) return column
  return piece.from + piece.length + Math.max(0, column - piece.filledFrom - piece.filledLength)
}
