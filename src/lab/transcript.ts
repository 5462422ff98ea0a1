import type { ProblemList } from './problem.ts'

export interface TranscriptEntry {
  readonly text: string
  readonly line: number
  readonly exit: number
  readonly output: readonly string[]
  readonly outputLine: number
  /** The output with the `[exit N]` in it. */
  readonly below: readonly string[]
}

/** What a line of a transcript says of the status of its command; undefined for a line of output. */
export function statusIn(text: string): number | undefined {
  const status = /^\[exit (\d{1,3})\]\s*$/.exec(text)?.[1]
  return status === undefined ? undefined : Number(status)
}

/** Takes a `console` block apart: `$ ` or `# ` begins a command, `> ` continues it, the rest is its output. */
export function parseTranscript(lines: readonly string[], line: number, problems: ProblemList): TranscriptEntry[] {
  const entries: Writable<TranscriptEntry>[] = []
  for (const [index, text] of lines.entries()) {
    const current = entries.at(-1)
    const command = /^[$#](?: (.*))?$/.exec(text)
    if (command) {
      const place = { line: line + index, outputLine: line + index + 1 }
      entries.push({ text: command[1] ?? '', ...place, exit: 0, output: [], below: [] })
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
    } else if (current.below.length === 0 && /^>(?: |$)/.test(text)) {
      current.text += `\n${text.slice(2)}`
      current.outputLine++
    } else {
      const status = statusIn(text)
      current.below.push(text)
      if (status === undefined) current.output.push(text)
      else current.exit = status
    }
  }
  return entries.filter((entry) => entry.text.trim() !== '')
}

type Writable<T> = {
  -readonly [Key in keyof T]: T[Key] extends readonly (infer Item)[] ? Item[] : T[Key]
}
