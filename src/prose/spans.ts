import { type Paint, painter } from '../paint.ts'

export type Style = 'bold' | 'italic' | 'underline' | 'dim' | 'accent' | 'name' | 'good'

/** Text in one style. Made with `span()`, so that it is always safe to print. */
export interface Span {
  readonly text: string
  readonly styles: readonly Style[]
  /** An address that a click on the text leads to, where the terminal can (OSC 8). Made with `linkTo()`. */
  readonly link?: string
}

/** One row of the terminal. */
export type Line = readonly Span[]

export function span(text: string, ...styles: readonly Style[]): Span {
  return { text: clean(text), styles }
}

/** The address of a page, in characters that are safe in an escape sequence; undefined for anything else. */
export function linkTo(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined
  const { protocol, href } = new URL(address)
  return /^(https?|mailto):$/.test(protocol) && /^[!-~]+$/.test(href) && href.length <= LONGEST_LINK ? href : undefined
}

/** Terminals need not take more. */
const LONGEST_LINK = 2000

/**
 * Text without anything that a terminal obeys or that turns its reading order around. Newlines and tabs stay.
 * Controls become their Unicode pictures rather than vanish, so that an author sees where they are.
 */
export function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\x00-\x08\x0b-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replace(/\x7f/g, '\u2421')
    .replace(/[\x80-\x9f\p{Surrogate}]/gu, '\ufffd')
    .replace(/[\u2028\u2029]/g, ' ')
    .replace(INVISIBLE, '')
}

/** The lines as text that ends with one newline. No style goes on over the end of a line. */
export function paint(lines: readonly Line[], colour: boolean): string {
  const brushes = painter(colour)
  return `${lines.map((line) => paintLine(line, brushes)).join('\n')}\n`
}

// Bidirectional controls, zero-width blanks, soft hyphens, invisible tags. The joiners U+200C and U+200D stay:
// several scripts and emoji need them.
const INVISIBLE =
  /[\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function paintLine(line: Line, brushes: Paint): string {
  return trimmed(line)
    .map(({ text, styles, link }) => {
      const painted = styles.reduce((inner, style) => brushes[style](inner), text.replace(/[\n\t]/g, ' '))
      return link === undefined ? painted : `\u001b]8;;${link}\u001b\\${painted}\u001b]8;;\u001b\\`
    })
    .join('')
}

function trimmed(line: Line): Line {
  const last = line.at(-1)
  if (last === undefined) return line
  const text = last.text.trimEnd()
  return text === '' ? trimmed(line.slice(0, -1)) : [...line.slice(0, -1), { ...last, text }]
}
