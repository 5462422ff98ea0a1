import { readCommand } from './shell-reader.ts'

/** One command as a person types it: its lines without the last newline; `line` is the 0-based offset of the first. */
export interface CommandText {
  readonly text: string
  readonly line: number
}

/** What the block leaves open at its end, e.g. `quote '` or `if`, and the 0-based line on which that was opened. */
export interface Unfinished {
  readonly line: number
  readonly construct: string
}

/**
 * Splits bash text at the newlines at which an interactive bash would execute what it has read so far.
 *
 * Blank and comment lines between commands are dropped; every other line belongs to exactly one command. Text that
 * bash rejects never throws: like bash at its prompt, the command ends with the line on which the error shows.
 */
export function splitCommands(block: string): { commands: CommandText[]; unfinished?: Unfinished } {
  const lines = linesOf(block)
  // A newline after the last line too, so that the reader never has to treat the end of the text as a special case.
  const text = lines.map((line) => `${line}\n`).join('')
  const starts = startsOf(lines)
  const commands: CommandText[] = []
  let line = 0
  while (line < lines.length) {
    if (isBlankOrComment(lines[line]!)) {
      line += 1
      continue
    }
    const first = line
    const { end, open } = readCommand(text, starts[first]!)
    while (line < lines.length && starts[line]! < end) line += 1
    commands.push({ text: lines.slice(first, line).join('\n'), line: first })
    if (open) {
      const opened = starts.findLastIndex((start) => start <= open.at)
      return { commands, unfinished: { line: opened, construct: open.construct } }
    }
  }
  return { commands }
}

function linesOf(block: string): string[] {
  const lines = block.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

function startsOf(lines: readonly string[]): number[] {
  let next = 0
  return lines.map((line) => {
    const start = next
    next += line.length + 1
    return start
  })
}

// Blanks of the shell are space and tab alone: a line with another white-space character is a command to bash.
function isBlankOrComment(line: string): boolean {
  return /^[ \t]*(#|$)/.test(line)
}
