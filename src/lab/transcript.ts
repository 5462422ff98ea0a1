import type { ProblemList } from './problem.ts'

export interface TranscriptEntry {
  readonly text: string
  readonly line: number
  readonly exit: number
  readonly output: readonly string[]
  readonly outputLine: number
}

/** Takes a `console` block apart: `$ ` or `# ` begins a command, `> ` continues it, the rest is its output. */
export function parseTranscript(lines: readonly string[], line: number, problems: ProblemList): TranscriptEntry[] {
  const entries: { text: string; line: number; exit: number; output: string[]; outputLine: number }[] = []
  for (const [index, text] of lines.entries()) {
    const current = entries.at(-1)
    const command = /^[$#](?: (.*))?$/.exec(text)
    if (command) {
      entries.push({ text: command[1] ?? '', line: line + index, exit: 0, output: [], outputLine: line + index + 1 })
    } else if (!current) {
      if (text.trim() !== '') {
        problems.add(
          { line: line + index },
          'transcript-start',
          {},
          'write expected output in an `output` block instead',
        )
        return []
      }
    } else if (current.output.length === 0 && current.outputLine === line + index && /^>(?: |$)/.test(text)) {
      current.text += `\n${text.slice(2)}`
      current.outputLine++
    } else {
      const status = /^\[exit (\d{1,3})\]\s*$/.exec(text)
      if (status) current.exit = Number(status[1])
      else current.output.push(text)
    }
  }
  return entries.filter((entry) => entry.text.trim() !== '')
}
