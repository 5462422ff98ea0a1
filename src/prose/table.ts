import { type Line, type Span, span } from './spans.ts'
import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

export interface Table {
  /** Cells as lines of spans, as from `inlineSpans()`; the first row is the heading. */
  readonly rows: readonly (readonly Cell[])[]
  readonly align: readonly ('left' | 'center' | 'right')[]
}

type Cell = readonly (readonly Span[])[]

/** The table in columns that fit into `width`, or undefined when there are too many columns for that. */
export function tableColumns({ rows, align }: Table, width: number): Line[] | undefined {
  const available = width - GAP.length * (align.length - 1)
  const wanted = align.map((_, column) => {
    const cells = rows.map((row) => row[column] ?? [])
    return { all: widest(cells, Number.POSITIVE_INFINITY), word: widest(cells, 1) }
  })
  const widths = shareOut(wanted, available)
  if (widths === undefined) return undefined
  const drawn = rows.map((row) => drawRow(row, widths, align))
  const rule = span(widths.map((columns) => '─'.repeat(columns)).join(GAP), 'dim')
  // Rows of several lines run into each other unless a blank line parts them.
  const tall = drawn.slice(1).some((lines) => lines.length > 1)
  const body = drawn.slice(1).flatMap((lines, index) => (tall && index > 0 ? [[], ...lines] : lines))
  return [...(drawn[0] ?? []), [rule], ...body]
}

/** The table as sentences, one for each row: "key: labrun; meaning: format version". */
export function tableSentences({ rows: [heading = [], ...rows] }: Table): Span[][] {
  const named = rows.map((row) =>
    row.map((cell, column) => {
      const name = (heading[column] ?? []).flat()
      const value = joined(cell, ' ')
      return name.length === 0 || value.length === 0 ? value : [...name, span(': '), ...value]
    }),
  )
  return (named.length === 0 ? [heading.map((cell) => cell.flat())] : named)
    .map((cells) =>
      joined(
        cells.filter((cell) => cell.length > 0),
        '; ',
      ),
    )
    .filter((sentence) => sentence.length > 0)
}

const GAP = '  '
const NARROWEST = 6

function widest(cells: readonly Cell[], width: number): number {
  const lines = cells.flatMap((cell) => cell.flatMap((line) => wrap(line, width)))
  return lines.reduce((most, line) => Math.max(most, lineWidth(line)), 1)
}

function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0)
}

/** All columns grow evenly from their longest word until the width is used up or they need no more. */
function shareOut(wanted: readonly { all: number; word: number }[], available: number): number[] | undefined {
  const even = Math.floor(available / wanted.length)
  const at = (level: number) => wanted.map(({ all, word }) => Math.min(all, Math.max(level, Math.min(word, even))))
  const total = (widths: readonly number[]) => widths.reduce((sum, columns) => sum + columns, 0)
  if (even < NARROWEST && total(at(Number.POSITIVE_INFINITY)) > available) return undefined
  let level = 1
  while (level < available && total(at(level + 1)) <= available) level += 1
  return at(level)
}

function drawRow(row: readonly Cell[], widths: readonly number[], align: Table['align']): Line[] {
  const cells = widths.map((width, column) => (row[column] ?? []).flatMap((line) => wrap(line, width, { hard: true })))
  const height = cells.reduce((most, lines) => Math.max(most, lines.length), 1)
  return Array.from({ length: height }, (_, index) =>
    cells.flatMap((lines, column) => {
      const line = lines[index] ?? []
      const free = Math.max(0, (widths[column] ?? 0) - lineWidth(line))
      const before = align[column] === 'right' ? free : align[column] === 'center' ? Math.floor(free / 2) : 0
      const after = free - before + (column < widths.length - 1 ? GAP.length : 0)
      return [span(' '.repeat(before)), ...line, span(' '.repeat(after))]
    }),
  )
}

function joined(parts: readonly (readonly Span[])[], separator: string): Span[] {
  return parts.flatMap((part, index) => (index === 0 ? part : [span(separator), ...part]))
}
