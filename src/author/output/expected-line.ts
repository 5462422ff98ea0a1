import { compileLine, matchLine, type Remembered } from '../../lab/expected.ts'
import { statusIn } from '../../lab/transcript.ts'
import type { Slot } from './slots.ts'

/** Where an expected line is going to stand. */
export interface Place {
  readonly form: 'sh' | 'console'
  /** The backticks or tildes of the fence. */
  readonly markup: string
}

/** A piece of an expected line: a text that stands for itself, or a placeholder as it is written. */
export type Piece = { readonly text: string } | { readonly placeholder: string; readonly expression: string }

/**
 * Writes a line so that it matches what each run has printed at its place, as narrowly as can be. What would mean
 * something else in a lab (`...`, `<int>`, `# ls`) becomes a regular expression. `first`: it is the first line below a
 * command.
 */
export function expectedLine(slots: readonly Slot[], place: Place, first: boolean): string {
  const texts =
    slots.length === 0 ? [''] : slots[0]!.texts.map((_, run) => slots.map((slot) => slot.texts[run]).join(''))
  const narrow = slots.map(pieceOf)
  // A word that has digits in it, such as the name of a device, may be cut where a value of its kind is never cut.
  const wider = narrow.map((piece, index) => (['hex', 'if'].includes(slots[index]!.kind) ? ANYTHING : piece))
  const widest = narrow.map((piece) => ('text' in piece ? piece : ANYTHING))
  for (const pieces of [narrow, wider, widest]) {
    const line = lineOf(pieces, place, first)
    if (line !== undefined && texts.every((text) => matches(line, text, new Map()))) return line
  }
  return '<*>'
}

/** The line that the pieces make at this place: as they are, or as a regular expression; undefined if neither can be. */
export function lineOf(pieces: readonly Piece[], place: Place, first: boolean): string | undefined {
  const plain = pieces
    .map((piece) => ('text' in piece ? piece.text : piece.placeholder))
    .join('')
    .trimEnd()
  const placeholders = pieces.filter((piece) => 'placeholder' in piece).length
  if (isPlain(plain, placeholders, place, first)) return plain
  const expression = pieces.map((piece) => ('text' in piece ? escaped(piece.text) : piece.expression)).join('')
  const line = `/${expression.trimEnd()}/`
  const { pattern, problems } = compileLine(line)
  return problems.length === 0 && pattern.expression !== undefined ? line : undefined
}

export function matches(line: string, text: string, known: Remembered): boolean {
  return matchLine(compileLine(line).pattern, text, known) !== undefined
}

export const EXPRESSIONS = {
  int: String.raw`-?\d+`,
  num: String.raw`-?\d+(?:\.\d+)?`,
  ip: String.raw`[\da-fA-F:.]+`,
  mac: String.raw`[\da-f:]+`,
  if: String.raw`[^\s/:]+`,
  hex: String.raw`(?:0x)?[\da-fA-F]+`,
  time: String.raw`[\d:.]+`,
  '*': '.*',
} as const

const ANYTHING: Piece = { placeholder: '<*>', expression: EXPRESSIONS['*'] }

export function pieceOf({ texts, kind }: Slot): Piece {
  return kind === 'text' ? { text: texts[0]! } : { placeholder: `<${kind}>`, expression: EXPRESSIONS[kind] }
}

/** Whether a line means in a lab what it says. */
function isPlain(line: string, placeholders: number, place: Place, first: boolean): boolean {
  if (line.trimStart() === '...' || closes(line, place)) return false
  if (place.form === 'console' && (/^[$#](?: |$)/.test(line) || statusIn(line) !== undefined)) return false
  if (place.form === 'console' && first && /^>(?: |$)/.test(line)) return false
  const { pattern, problems } = compileLine(line)
  if (problems.length > 0 || pattern.expression !== undefined) return false
  return pattern.parts.filter(({ type }) => type !== 'text' && type !== 'blank').length === placeholders
}

function closes(line: string, { markup }: Place): boolean {
  const trimmed = line.trim()
  return trimmed.length >= markup.length && trimmed === markup[0]!.repeat(trimmed.length)
}

/** Blanks are compared as one blank. */
function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(/[ \t]+/g, ' ')
}
