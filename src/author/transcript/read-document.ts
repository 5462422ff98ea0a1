import MarkdownIt from 'markdown-it'
import { strongPrompt } from './prompts.ts'

/** A part of a document that was written for people. `line` counts from 0. */
export type Part =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly line: number }
  | { readonly kind: 'prose'; readonly text: string; readonly line: number }
  | {
      readonly kind: 'code'
      /** The word behind the fence. */
      readonly language: string
      readonly lines: readonly string[]
      readonly line: number
      /** As it stands in the document, with its fence. */
      readonly source: string
    }

/** With a number, marks a fence with its line in the text that the Markdown was made from. */
export const LINE = 'line-'

/** Takes a document apart: Markdown, or the plain text of a terminal with or without words between. */
export function readDocument(lines: readonly string[]): Part[] {
  const tokens = new MarkdownIt({ html: true }).parse(lines.join('\n'), {})
  const cuts = tokens.flatMap((token, index): { from: number; to: number; part: Part }[] => {
    const [from, to] = token.map ?? []
    if (from === undefined || to === undefined) return []
    if (token.type === 'heading_open' && token.level === 0) {
      const text = tokens[index + 1]?.content ?? ''
      return [{ from, to, part: { kind: 'heading', level: Number(token.tag.slice(1)), text, line: from } }]
    }
    if (token.type !== 'fence' && token.type !== 'code_block') return []
    const info = new RegExp(`^(?:${LINE}(?<marked>\\d+) ?)?(?<language>[^\\s{]*)`).exec(token.info.trim())!.groups!
    const first = info.marked ? Number(info.marked) - 1 : token.type === 'fence' ? from + 1 : from
    const language = info.language ?? ''
    const own = token.content.replace(/\n$/, '').split('\n')
    const source = dedented(lines.slice(from, to))
    return [{ from, to, part: { kind: 'code', language, lines: own, line: first, source } }]
  })
  if (isTerminal(lines, cuts)) return readTerminal(lines)
  const parts: Part[] = []
  let at = 0
  for (const { from, to, part } of cuts) {
    parts.push(...proseOf(lines, at, from), part)
    at = Math.max(at, to)
  }
  return [...parts, ...proseOf(lines, at, lines.length)]
}

/** Whether prompts stand at the left margin and not in blocks of code. */
function isTerminal(lines: readonly string[], cuts: readonly { from: number; to: number; part: Part }[]): boolean {
  const inCode = (index: number) =>
    cuts.some(({ from, to, part }) => part.kind === 'code' && from <= index && index < to)
  const isPrompted = (line: string) => strongPrompt(line) !== undefined || /^\$ \S/.test(line)
  const fenced = cuts.some(({ part }) => part.kind === 'code' && part.lines.some(isPrompted))
  if (fenced) return false
  const outside = lines.filter((_, index) => !inCode(index))
  if (outside.some(isPrompted)) return true
  return cuts.every(({ part }) => part.kind !== 'code') && outside.some((line) => ROOT_COMMAND.test(line))
}

/** A root prompt looks like a heading; headings do not begin like these. */
const ROOT_COMMAND =
  /^# (?:ip|iptables|ping|sysctl|brctl|bridge|tcpdump|echo|cat|curl|ss|docker|modprobe|ifconfig|route) /

/** Lines of a terminal, with headings and paragraphs that somebody has put between. */
function readTerminal(lines: readonly string[]): Part[] {
  const parts: Part[] = []
  let from = 0
  let kind: 'code' | 'prose' = 'code'
  const end = (to: number) => {
    const own = lines.slice(from, to)
    if (own.join('').trim() !== '') {
      if (kind === 'prose') parts.push(...proseOf(lines, from, to))
      else parts.push({ kind, language: 'console', lines: own, line: from, source: own.join('\n') })
    }
    from = to
  }
  for (const [index, line] of lines.entries()) {
    const isPrompt = strongPrompt(line) !== undefined || /^\$ \S/.test(line) || ROOT_COMMAND.test(line)
    const heading = isPrompt ? undefined : headingOf(line)
    if (heading) {
      end(index)
      parts.push({ kind: 'heading', ...heading, line: index })
      from = index + 1
      kind = 'prose'
    } else if (isPrompt) {
      if (kind === 'prose') end(index)
      kind = 'code'
    } else if (kind === 'code' && isProse(line) && (index === 0 || lines[index - 1]!.trim() === '')) {
      end(index)
      kind = 'prose'
    }
  }
  end(lines.length)
  return parts
}

function headingOf(line: string): { level: number; text: string } | undefined {
  const [, signs, text] = /^(#{1,6}) +(.*\S)\s*$/.exec(line) ?? []
  if (signs && text) return { level: signs.length, text }
  return /^(?:Step|Part|Task|Exercise|Lab) \d+\b.{0,80}$/i.test(line) ? { level: 2, text: line.trim() } : undefined
}

/** A sentence, and no message of a program. */
function isProse(line: string): boolean {
  if (/^(?:PING|RTNETLINK|Error|Cannot|Chain|Device|Usage|Object|Command|Kernel|Listening|---)\b/.test(line))
    return false
  const words = line.match(/\p{L}{2,}/gu) ?? []
  const isLong = words.length >= 4 || /[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}]{4,}/u.test(line)
  return isLong && /^\p{L}/u.test(line) && !/^\p{Ll}/u.test(line) && /[.:!?。：！？]\s*$/u.test(line)
}

function proseOf(lines: readonly string[], from: number, to: number): Part[] {
  const own = lines.slice(from, to)
  return own.join('').trim() === '' ? [] : [{ kind: 'prose', text: dedented(own), line: from }]
}

/** What stood in a list stands at the left margin now. */
function dedented(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim() !== '').map((line) => /^ */.exec(line)![0].length)
  const indent = Math.min(...indents)
  return lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join('\n')
}
