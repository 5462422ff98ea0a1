import { diffArrays } from 'diff'
import { outputLines } from '../../lab/output-lines.ts'
import { likeness, shapeOf } from './tokens.ts'

/** One line of an output as each run has printed it, or a place where the runs differ in how many lines there are. */
export type Row = readonly string[] | 'gap'

/** Lays the outputs of the same command in several runs beside each other, line by line. */
export function rowsOf(outputs: readonly string[]): Row[] {
  const [first = [], ...others] = outputs.map(linesOf)
  let rows: Row[] = first.map((line) => [line])
  for (const lines of others) rows = beside(rows, lines, LEVELS)
  return rows.filter((row, index) => row !== 'gap' || rows[index - 1] !== 'gap')
}

/** Without empty lines at the end, which do not count. */
function linesOf(output: string): string[] {
  const lines = outputLines(output)
  return lines.slice(0, lines.findLastIndex((line) => line !== '') + 1)
}

/** By what two lines are taken for the same one: first by what they say, then by their shape. */
const LEVELS = [(line: string) => line.replace(/[ \t]+/g, ' '), shapeOf] as const

/** Of two lines that are neither equal nor of the same shape, but in the same place. */
const ALIKE = 0.3

function beside(rows: readonly Row[], lines: readonly string[], levels: readonly ((line: string) => string)[]): Row[] {
  const [keyOf, ...rest] = levels
  if (!keyOf) return inPlace(rows, lines)
  if (rows.length === 0 && lines.length === 0) return []
  const keys = rows.map((row) => (row === 'gap' ? undefined : keyOf(row[0]!)))
  const all: Row[] = []
  let [row, line] = [0, 0]
  for (const pair of [...pairsOf(keys, lines.map(keyOf)), { row: rows.length, line: lines.length }]) {
    all.push(...beside(rows.slice(row, pair.row), lines.slice(line, pair.line), rest))
    const same = rows[pair.row]
    if (same && same !== 'gap') all.push([...same, lines[pair.line]!])
    row = pair.row + 1
    line = pair.line + 1
  }
  return all
}

function inPlace(rows: readonly Row[], lines: readonly string[]): Row[] {
  if (rows.length === 0 && lines.length === 0) return []
  const both = rows.map((row, index) => (row === 'gap' ? undefined : { row, line: lines[index] ?? '' }))
  const isAlike = both.every((pair) => pair && likeness(pair.row[0]!, pair.line) >= ALIKE)
  if (rows.length !== lines.length || !isAlike) return ['gap']
  return both.map((pair) => [...pair!.row, pair!.line])
}

/** The longest common part; nothing where that takes too long. A row without a key is like none. */
function pairsOf(rows: readonly (string | undefined)[], lines: readonly string[]): { row: number; line: number }[] {
  const pairs: { row: number; line: number }[] = []
  let [row, line] = [0, 0]
  for (const { added, removed, count } of diffArrays([...rows], [...lines], { timeout: 1000 }) ?? []) {
    for (let index = 0; index < count && !added && !removed; index++)
      pairs.push({ row: row + index, line: line + index })
    if (!added) row += count
    if (!removed) line += count
  }
  return pairs
}
