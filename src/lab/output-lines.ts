import { stripVTControlCharacters } from 'node:util'

const LONGEST_SHOWN = 4_096

/** The lines of a command's output without escape sequences, carriage returns and trailing blanks. */
export function outputLines(text: string): string[] {
  const lines = withoutEscapes(text)
    .split('\n')
    .map((line) => line.trimEnd())
  // The newline at the end of the output ends its last line, it does not begin another one.
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Runs of blanks as one blank: the form in which lines are compared. */
export function collapseBlanks(line: string): string {
  return line.replace(/[ \t]+/g, ' ')
}

/** A line that is safe to print and not too long; control characters are shown as pictures (`␇`). */
export function showLine(line: string): string {
  const short = line.length > LONGEST_SHOWN ? `${line.slice(0, LONGEST_SHOWN)}…` : line
  return withoutEscapes(short)
    .replace(/[\u0000-\u0008\u000a-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/**
 * Node's function needs quadratic time for one long broken sequence, so it gets pieces that hold one sequence each.
 * ESC \ ends a sequence, therefore it does not begin a new piece.
 */
function withoutEscapes(text: string): string {
  return text.replace(/[\u001b\u009b](?:[^\u001b\u009b\n]|\u001b\\){0,255}/g, stripVTControlCharacters)
}
