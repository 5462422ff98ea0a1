import type { LinePattern, Remembered } from '../../lab/expected.ts'
import type { Part } from '../../lab/pattern.ts'
import { EXPRESSIONS, lineOf, matches, type Piece, type Place, pieceOf } from './expected-line.ts'
import { fitsAll, type Slot } from './slots.ts'
import { tokensOf } from './tokens.ts'

/** What is known in each run before the line. */
export type Known = readonly Remembered[]

/** Longer lines are written anew. */
const MOST_CELLS = 200
/** So many tokens a value may have: `veth1@if3` has five. */
const MOST_TOKENS = 12

/**
 * An expected line that is out of date, brought up to date with as many of its placeholders as still have their place.
 * `slots` is the line as the runs have printed it. Undefined if nothing of it can be kept.
 */
export function keepPlaceholders(
  pattern: LinePattern,
  slots: readonly Slot[],
  known: Known,
  place: Place,
  first: boolean,
): string | undefined {
  if (pattern.expression !== undefined || pattern.parts.every(({ type }) => type === 'text' || type === 'blank')) {
    return undefined
  }
  const cells = slots.flatMap(cellsOf)
  const items = pattern.parts.flatMap(itemsOf)
  if (cells.length > MOST_CELLS || items.length > MOST_CELLS) return undefined
  const pieces = new Alignment(items, cells, known).pieces()
  const line = lineOf(pieces, place, first)
  const texts = known.map((_, run) => slots.map((slot) => slot.texts[run]).join(''))
  return line !== undefined && texts.every((text, run) => matches(line, text, known[run]!)) ? line : undefined
}

/** A token of the expected line, or a placeholder. */
type Item = { readonly literal: string; readonly weight: number } | { readonly holder: Exclude<Part, { type: 'text' }> }

function itemsOf(part: Part): Item[] {
  if (part.type === 'blank') return [{ literal: ' ', weight: 0.5 }]
  if (part.type !== 'text') return [{ holder: part }]
  return tokensOf(part.text).map(({ text, class: kind }) => {
    if (kind === 'blank') return { literal: ' ', weight: 0.5 }
    return { literal: text, weight: kind === 'sign' ? 1 : 2 }
  })
}

/** Tokens one by one; what differs between the runs is in one piece already. */
function cellsOf(slot: Slot): Slot[] {
  if (slot.kind !== 'text') return [slot]
  const runs = slot.texts.map(tokensOf)
  return runs[0]!.map((_, index) => ({ texts: runs.map((tokens) => tokens[index]?.text ?? ''), kind: 'text' }))
}

interface Choice {
  readonly score: number
  /** The item and the cell to go on with. */
  readonly item: number
  readonly cell: number
  readonly piece: Piece | undefined
}

/** Lays the items over the cells so that as much as can be agrees: what is left of the items is dropped. */
class Alignment {
  readonly #items: readonly Item[]
  readonly #cells: readonly Slot[]
  readonly #known: Known
  readonly #best = new Map<number, Choice>()

  constructor(items: readonly Item[], cells: readonly Slot[], known: Known) {
    this.#items = items
    this.#cells = cells
    this.#known = known
    for (let item = items.length; item >= 0; item--) {
      for (let cell = cells.length; cell >= 0; cell--) this.#best.set(this.#key(item, cell), this.#choose(item, cell))
    }
  }

  pieces(): Piece[] {
    const pieces: Piece[] = []
    let [item, cell] = [0, 0]
    while (item < this.#items.length || cell < this.#cells.length) {
      const choice = this.#best.get(this.#key(item, cell))!
      if (choice.piece && !(isAny(choice.piece) && isAny(pieces.at(-1)))) pieces.push(choice.piece)
      item = choice.item
      cell = choice.cell
    }
    return pieces
  }

  #choose(item: number, cell: number): Choice {
    const choices = [...this.#takeItem(item, cell), ...this.#dropItem(item, cell), ...this.#takeCell(item, cell)]
    const end = { score: 0, item, cell, piece: undefined }
    return choices.reduce((best, choice) => (choice.score > best.score ? choice : best), choices[0] ?? end)
  }

  /** The longest first: of equal ones a `<*>` takes as much as it can. */
  #takeItem(index: number, cell: number): Choice[] {
    const item = this.#items[index]
    if (!item) return []
    if ('literal' in item) {
      const text = this.#cells[cell]
      if (text?.kind !== 'text' || !isEqual(text.texts[0]!, item.literal)) return []
      return [this.#go(index + 1, cell + 1, item.weight, { text: text.texts[0]! })]
    }
    const { holder } = item
    const most = holder.type === 'any' ? this.#cells.length : Math.min(this.#cells.length, cell + MOST_TOKENS)
    const choices: Choice[] = []
    for (let end = most; end >= cell; end--) {
      const texts = this.#known.map((_, run) => this.#textOf(cell, end, run))
      if (this.#fits(holder, texts)) {
        choices.push(this.#go(index + 1, end, holder.type === 'any' ? 1 : 3, holderPiece(holder)))
      }
    }
    return choices
  }

  #dropItem(item: number, cell: number): Choice[] {
    return item < this.#items.length ? [this.#go(item + 1, cell, 0, undefined)] : []
  }

  #takeCell(item: number, cell: number): Choice[] {
    const slot = this.#cells[cell]
    return slot ? [this.#go(item, cell + 1, 0, pieceOf(slot))] : []
  }

  #go(item: number, cell: number, more: number, piece: Piece | undefined): Choice {
    return { score: more + (this.#best.get(this.#key(item, cell))?.score ?? 0), item, cell, piece }
  }

  #fits(holder: Exclude<Part, { type: 'text' }>, texts: readonly string[]): boolean {
    if (holder.type === 'blank') return false
    const { name } = holder
    const isKnown = (text: string, run: number) => this.#known[run]!.get(name!) === text
    if (holder.type === 'reference') return texts.every(isKnown)
    if (name && !texts.every((text, run) => isKnown(text, run) || !this.#known[run]!.has(name))) return false
    return holder.type === 'any' || fitsAll(holder.kind, texts)
  }

  #textOf(from: number, to: number, run: number): string {
    return this.#cells
      .slice(from, to)
      .map((cell) => cell.texts[run]!)
      .join('')
  }

  #key(item: number, cell: number): number {
    return item * (this.#cells.length + 1) + cell
  }
}

function isEqual(text: string, literal: string): boolean {
  return text === literal || (literal === ' ' && text.trim() === '' && text !== '')
}

function holderPiece(holder: Exclude<Part, { type: 'text' }>): Piece {
  if (holder.type === 'blank') return { text: ' ' }
  if (holder.type === 'reference') return { placeholder: `{{${holder.name}}}`, expression: `{{${holder.name}}}` }
  const kind = holder.type === 'any' ? '*' : holder.kind
  return { placeholder: holder.name ? `<${holder.name}:${kind}>` : `<${kind}>`, expression: EXPRESSIONS[kind] }
}

function isAny(piece: Piece | undefined): boolean {
  return piece !== undefined && 'placeholder' in piece && piece.placeholder === '<*>'
}
