import { splitCommands } from '../../lab/commands.ts'
import { isCommandLike, type Prompted, strongPrompt, weakPrompt } from './prompts.ts'

/** A part of a transcript. `line` counts from 0. */
export type Entry =
  | { readonly kind: 'comment'; readonly line: number; readonly text: string }
  | { readonly kind: 'output'; readonly line: number; readonly text: string }
  | {
      readonly kind: 'command'
      readonly line: number
      readonly text: string
      readonly host: string | undefined
      /** What is below it; undefined where only commands are told. */
      readonly printed: string | undefined
    }

type Take = (line: string) => Prompted | undefined

/** Takes lines apart that were copied from a terminal, or that are to be typed; undefined for anything else. */
export function readTranscript(lines: readonly string[], isShell: boolean): Entry[] | undefined {
  const take = promptsOf(lines)
  if (take) return readPrompted(lines, take)
  const spoken = lines.filter((line) => !/^\s*(?:#|$)/.test(line))
  const isScript = isShell
    ? spoken.some(isCommandLike)
    : spoken.every((line, index) => isCommandLike(line) || goesOn(spoken, index))
  return spoken.length > 0 && isScript ? readScript(lines) : undefined
}

/** The kind of prompt that the lines have. */
function promptsOf(lines: readonly string[]): Take | undefined {
  if (lines.some(strongPrompt)) return strongPrompt
  if (lines.some((line) => /^\$ \S/.test(line))) return (line) => weakPrompt(line, '$')
  // Commands without a prompt beside them: then a `#` begins a comment.
  if (lines.some((line) => /^\S/.test(line) && isCommandLike(line))) return undefined
  if (!lines.some((line) => isRootCommand(line))) return undefined
  return (line) => (line === '#' || isRootCommand(line) ? weakPrompt(line, '#') : undefined)
}

function isRootCommand(line: string): boolean {
  return line.startsWith('# ') && isCommandLike(line.slice(2))
}

/** A line that belongs to the command above it. */
function goesOn(lines: readonly string[], index: number): boolean {
  return index > 0 && (/\\$/.test(lines[index - 1]!) || /^\s+\S/.test(lines[index]!))
}

/** So many lines a command may have. */
const MOST_LINES = 60

function readPrompted(lines: readonly string[], take: Take): Entry[] {
  const entries: Entry[] = []
  let from = 0
  for (let index = 0; index <= lines.length; index++) {
    const prompted = index < lines.length ? take(lines[index]!) : undefined
    if (index < lines.length && !prompted) continue
    entries.push(...below(lines.slice(from, index), from, entries.at(-1)?.kind === 'command'))
    if (!prompted) break
    const { text, count } = whole(prompted.command, lines, index, take)
    if (/^\s*#/.test(text)) entries.push({ kind: 'comment', line: index, text: text.replace(/^\s*#+ ?/, '') })
    else if (text !== '') entries.push({ kind: 'command', line: index, text, host: prompted.host, printed: '' })
    index += count - 1
    from = index + 1
  }
  return joinedOutput(entries)
}

/** A command with the lines that it goes on in, with or without the `> ` of the shell. */
function whole(command: string, lines: readonly string[], index: number, take: Take): { text: string; count: number } {
  let text = command
  for (let count = 1; count <= MOST_LINES; count++) {
    if (!splitCommands(text).unfinished && !text.endsWith('\\')) return { text, count }
    const next = lines[index + count]
    if (next === undefined || take(next)) break
    text += `\n${next.replace(/^> ?/, '')}`
  }
  return { text: command, count: 1 }
}

/** What stands between two prompts: output, and at its end comments on what comes next. */
function below(lines: readonly string[], from: number, isOutput: boolean): Entry[] {
  const end = lines.findLastIndex((line) => line.trim() !== '' && !/^\s*#+(?: |$)/.test(line)) + 1
  const comments = lines.slice(end).flatMap((line, index): Entry[] => {
    const text = line.replace(/^\s*#+ ?/, '')
    return text.trim() === '' ? [] : [{ kind: 'comment', line: from + end + index, text }]
  })
  const text = lines
    .slice(0, end)
    .join('\n')
    .replace(/^(?:[ \t]*\n)+/, isOutput ? '$&' : '')
  return [...(text.trim() === '' ? [] : [{ kind: 'output' as const, line: from, text }]), ...comments]
}

/** Output belongs to the command above it; what has none above it stays for itself. */
function joinedOutput(entries: readonly Entry[]): Entry[] {
  const joined: Entry[] = []
  for (const entry of entries) {
    const last = joined.at(-1)
    if (entry.kind === 'output' && last?.kind === 'command')
      joined[joined.length - 1] = { ...last, printed: `${entry.text}\n` }
    else joined.push(entry)
  }
  return joined
}

function readScript(lines: readonly string[]): Entry[] {
  const { commands } = splitCommands(lines.join('\n'))
  const taken = new Set(commands.flatMap(({ text, line }) => text.split('\n').map((_, index) => line + index)))
  const comments = lines.flatMap((text, line): Entry[] => {
    const words = /^\s*#+(?!!) ?(.*\S)/.exec(text)?.[1]
    return taken.has(line) || words === undefined ? [] : [{ kind: 'comment', line, text: words }]
  })
  const typed = commands.map(
    ({ text, line }): Entry => ({ kind: 'command', line, text: text.trim(), host: undefined, printed: undefined }),
  )
  return [...typed, ...comments].toSorted((a, b) => a.line - b.line)
}
