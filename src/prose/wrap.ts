import wrapAnsi from 'wrap-ansi'
import type { Line, Span, Style } from './spans.ts'
import { graphemes, graphemeWidth } from './text-width.ts'

export interface WrapOptions {
  /** Cut words that are wider than `width`, for the cells of a table. Otherwise they stick out. */
  readonly hard?: boolean
}

/**
 * Breaks spans into lines of at most `width` columns. Runs of blanks count as one, a newline is a blank.
 *
 * wrap-ansi breaks at blanks only, so a Chinese paragraph would be one long word to it, and it knows one style at
 * a time. Therefore it gets a stand-in: an `x` for each column, and a blank where a line may end. The
 * real text is then dealt out to the rows that come back.
 */
export function wrap(spans: readonly Span[], width: number, { hard = false }: WrapOptions = {}): Line[] {
  const cells = toCells(spans)
  if (cells.length === 0) return []
  const standIns = cells.map((cell, index) => columnsOf(cell, cells[index + 1], hard))
  // The blank after a wide character is one of its two columns, and is lost at the end of a row.
  const columns = Math.max(1, cells.some(isWide) ? width - 1 : width)
  const rows = wrapAnsi(standIns.join('').replace(ENDLESS, '$& '), columns, { hard, trim: true }).split('\n')
  let at = 0
  let room = 0
  return rows.map((row) => {
    room += marks(row)
    const line: Cell[] = []
    while (cells[at]?.blank) at += 1
    for (let cell = cells[at]; cell !== undefined && room > 0; cell = cells[at]) {
      line.push(cell)
      room -= marks(standIns[at] ?? '')
      at += 1
    }
    return toSpans(line)
  })
}

// The time for one word grows with its square; nobody reads a word of this length anyway.
const ENDLESS = /x{1000}(?=x)/g

interface Cell {
  readonly text: string
  readonly width: number
  readonly blank: boolean
  readonly styles: readonly Style[]
  readonly link: string | undefined
}

function toCells(spans: readonly Span[]): Cell[] {
  const all = spans.flatMap(({ text, styles, link }) =>
    graphemes(text).map((grapheme) => ({ text: grapheme, styles, link })),
  )
  const cells: Cell[] = []
  for (const [index, { text, styles, link }] of all.entries()) {
    const previous = cells.at(-1)
    const blank = /^[ \t\n]+$/.test(text)
    const width = blank ? 1 : graphemeWidth(text)
    if (blank && (previous === undefined || previous.blank)) continue
    // Chinese and Japanese have no blanks between words: a line break of the source is not one either.
    if (text === '\n' && previous && isWide(previous) && graphemeWidth(all[index + 1]?.text ?? '') === 2) continue
    if (width > 0) cells.push({ text: blank ? ' ' : text, width, blank, styles, link })
    else if (previous) cells[cells.length - 1] = { ...previous, text: previous.text + text }
  }
  if (cells.at(-1)?.blank) cells.pop()
  return cells
}

function columnsOf(cell: Cell, next: Cell | undefined, hard: boolean): string {
  if (cell.blank) return ' '
  if (!isWide(cell)) return 'x'.repeat(cell.width)
  const stays = next === undefined || next.blank || CLOSING.test(next.text) || OPENING.test(cell.text)
  return stays && !hard ? 'xx' : 'x '
}

// Typesetting rule of Chinese and Japanese: no line starts with a closing mark or ends with an opening one.
const CLOSING = /^[\p{Pe}\p{Pf}。，、；：！？．…～ー々.,;:!?%]/u
const OPENING = /^[\p{Ps}\p{Pi}]/u

function marks(standIn: string): number {
  return standIn.replaceAll(' ', '').length
}

function isWide(cell: Cell): boolean {
  return cell.width === 2
}

function toSpans(cells: readonly Cell[]): Span[] {
  const spans: Span[] = []
  for (const { text, styles, link } of cells) {
    const previous = spans.at(-1)
    // The spans that came in have a list of styles each, so the same list is the same span.
    const joined = previous?.styles === styles ? previous.text + text : text
    const next = link === undefined ? { text: joined, styles } : { text: joined, styles, link }
    if (previous?.styles === styles) spans[spans.length - 1] = next
    else spans.push(next)
  }
  return spans
}
