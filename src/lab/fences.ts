import { parseAttributes } from './attributes.ts'
import { splitCommands } from './commands.ts'
import { compileExpected } from './expected.ts'
import type { Filler } from './fill.ts'
import type { Block, Command, ExpectedOutput } from './lab.ts'
import type { ProblemList } from './problem.ts'
import { unseal } from './secrets.ts'
import { parseTranscript } from './transcript.ts'

/** A fenced block of the file. `line` is that of the fence; `indent` what stands before each of its lines. */
export interface Fence {
  readonly info: string
  readonly line: number
  readonly infoColumn: number
  readonly indent: number
  readonly text: string
  /** For what is sealed. */
  readonly filler: Filler
}

export type FenceRole = 'commands' | 'output' | 'check' | 'question' | 'shown'

/** What a fence is, from the words after the backticks. */
export function fenceRole(info: string): FenceRole {
  const [language = '', second = ''] = info.split(/\s+/)
  if (['sh', 'bash', 'console'].includes(language)) return 'commands'
  if (language === 'output') return 'output'
  if ((language === 'yaml' || language === 'yml') && (second === 'check' || second === 'question')) return second
  return 'shown'
}

export function parseBlock(fence: Fence, problems: ProblemList): Block | undefined {
  const { exit, ...attributes } = parseAttributes(fence.info, fence.line, fence.infoColumn, problems)
  const form = fence.info.startsWith('console') ? 'console' : 'sh'
  const before = problems.problems.length
  if (attributes.sealed) return parseSealed(fence, { ...attributes, exit, form }, problems)
  const commands = form === 'console' ? transcriptCommands(fence, exit, problems) : typedCommands(fence, exit, problems)
  if (commands.length === 0) {
    if (problems.problems.length === before) problems.add({ line: fence.line }, 'empty-block')
    return undefined
  }
  return { kind: 'block', line: fence.line, form, ...attributes, commands, expected: undefined }
}

/** The block that students get where the lab has a setup block; all of it is in one place of the file. */
function parseSealed(
  fence: Fence,
  { exit, form, ...attributes }: ReturnType<typeof parseAttributes> & { readonly form: Block['form'] },
  problems: ProblemList,
): Block | undefined {
  const place = { line: fence.line }
  const text = unseal(fence.text)
  if (text === undefined || attributes.role !== 'setup' || form !== 'sh') {
    problems.add(place, 'bad-seal')
    return undefined
  }
  const opened = { ...fence, text: fence.filler.fillText(text, place, problems) }
  const commands = typedCommands(opened, exit, problems).map((command) => ({ ...command, ...place }))
  return { kind: 'block', line: fence.line, form, ...attributes, commands, expected: undefined }
}

/** `line` is that of the first of the lines. */
export function parseExpected(
  lines: readonly string[],
  line: number,
  indent: number,
  problems: ProblemList,
): ExpectedOutput {
  const { pattern, problems: found } = compileExpected(lines.join('\n'))
  for (const problem of found) {
    const place = { line: line + problem.line, column: indent + problem.column + 1, length: problem.length }
    problems.add(place, 'bad-pattern', { reason: problem.message }, problem.suggestion)
  }
  return { line, lines, pattern }
}

function typedCommands(fence: Fence, exit: number | 'any', problems: ProblemList): Command[] {
  const { commands, unfinished } = splitCommands(fence.text.replace(/\n$/, ''))
  if (unfinished) {
    problems.add({ line: fence.line + 1 + unfinished.line }, 'unfinished-command', { construct: unfinished.construct })
  }
  return commands.map(({ text, line }, index) => ({
    text,
    line: fence.line + 1 + line,
    exit: exit === 'any' || index === commands.length - 1 ? exit : 0,
    expected: undefined,
  }))
}

function transcriptCommands(fence: Fence, exit: number | 'any', problems: ProblemList): Command[] {
  const lines = fence.text.replace(/\n$/, '').split('\n')
  const entries = parseTranscript(lines, fence.line + 1, problems)
  return entries.map((entry, index) => {
    const { unfinished } = splitCommands(entry.text)
    if (unfinished) problems.add({ line: entry.line }, 'unfinished-command', { construct: unfinished.construct })
    const last = index === entries.length - 1
    return {
      text: entry.text,
      line: entry.line,
      exit: exit === 'any' || (last && exit !== 0) ? exit : entry.exit,
      expected: {
        ...parseExpected(entry.output, entry.outputLine, fence.indent, problems),
        lines: entry.below,
      },
    }
  })
}
