import type { HereDoc } from './shell-groups.ts'

/**
 * Reads the bodies of here-documents, in their order, from the beginning of a line at `start`.
 * `end` is the offset behind the last delimiter; `open` names the here-document that the text does not end.
 */
export function readHereDocs(
  text: string,
  start: number,
  docs: readonly HereDoc[],
  inSubstitution: boolean,
): { end: number; open?: { construct: string; at: number } } {
  let pos = start
  for (const doc of docs) {
    const end = endOfBody(text, pos, doc, inSubstitution)
    if (end === undefined)
      return { end: text.length, open: { construct: `here-document ${doc.delimiter}`, at: doc.at } }
    pos = end
  }
  return { end: pos }
}

function endOfBody(text: string, start: number, doc: HereDoc, inSubstitution: boolean): number | undefined {
  let pos = start
  while (pos < text.length) {
    const next = endOfLine(text, pos, doc.quoted)
    const whole = text.slice(pos, next - 1)
    const joined = doc.quoted ? whole : whole.replaceAll('\\\n', '')
    const line = doc.stripTabs ? joined.replace(/^\t+/, '') : joined
    if (line === doc.delimiter) return next
    const rest = line.startsWith(doc.delimiter) ? line.slice(doc.delimiter.length) : ''
    // Bash still takes `EOF)` for the end of a here-document in `$(…)`, with a warning.
    if (inSubstitution && rest.includes(')')) return next - 1 - rest.length
    pos = next
  }
  return undefined
}

/** Offset behind the newline; a line of an unquoted here-document goes on after a backslash. */
function endOfLine(text: string, start: number, quoted: boolean): number {
  let end = text.indexOf('\n', start) + 1
  while (!quoted && end < text.length && isContinued(text, end - 1, start)) end = text.indexOf('\n', end) + 1
  return end
}

function isContinued(text: string, newline: number, start: number): boolean {
  let first = newline
  while (first > start && text[first - 1] === '\\') first -= 1
  return (newline - first) % 2 === 1
}
