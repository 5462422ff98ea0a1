import { withoutEscapes } from '../../sanitize.ts'

/**
 * The lines of a text as a person has seen them on a terminal: without colours, without what was typed and taken back,
 * and without the first and last line of script(1). Line n of the text stays line n.
 */
export function cleanLines(text: string): string[] {
  const lines = text
    .replace(/^\uFEFF/, '')
    .split(/\r*\n/)
    .map(cleanLine)
  if (/^Script started on /.test(lines[0] ?? '')) lines[0] = ''
  const last = lines.findLastIndex((line) => line.trim() !== '')
  if (/^Script done on /.test(lines[last] ?? '')) lines[last] = ''
  return lines
}

/** What sets the title of a terminal's window; it may hold any text. */
const TITLE = /\u001b\][^\u0007\u001b]{0,500}(?:\u0007|\u001b\\)/g

function cleanLine(line: string): string {
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(line)) return line
  // A carriage return begins the line anew: what counts is what was written last.
  const parts = withoutEscapes(line.replace(TITLE, '')).split('\r')
  const shown = parts.findLast((part) => part !== '') ?? ''
  const kept: string[] = []
  for (const character of shown) {
    if (character === '\b' || character === '\u007f') kept.pop()
    else if (character === '\t' || character >= ' ') kept.push(character)
  }
  return kept.join('').replace(/[\u0080-\u009f]/g, '')
}
