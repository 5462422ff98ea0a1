import type { MarkdownIt } from 'markdown-it'
import { drawPicture } from './picture.ts'
import { shellSpans } from './shell.ts'
import { clean, type Line, type Span, span } from './spans.ts'
import { graphemes, graphemeWidth } from './text-width.ts'

export interface CodePlace {
  readonly width: number
  readonly plain: boolean
  readonly codeAtMargin: boolean
  readonly parser: MarkdownIt
}

/** Code as it stands, two columns in if not at the margin; a ```` ```mermaid ```` picture is drawn when it can be. */
export function drawCode(code: string, info: string, place: CodePlace): Line[] {
  if (code.trim() === '') return []
  const language = /^[\w+-]*/.exec(info)?.[0].toLowerCase() ?? ''
  const picture = language === 'mermaid' ? drawPicture(code, place) : undefined
  if (picture !== undefined) return picture
  const lines = clean(code)
    .trimEnd()
    .split('\n')
    .map((line) => [...(place.codeAtMargin ? [] : [span('  ')]), ...lineSpans(expandTabs(line), language)])
  if (!place.plain) return lines
  return [[span(language === '' ? 'Code:' : `Code (${language}):`)], ...lines, [span('End of code.')]]
}

/** Commands stand out, what they print stays back. */
function lineSpans(line: string, language: string): Span[] {
  if (SHELLS.has(language)) return shellSpans(line)
  const [, prompt, command = ''] = (language === 'console' && /^([$#>] )(.*)$/.exec(line)) || []
  return prompt === undefined ? [span(line, 'dim')] : [span(prompt, 'dim'), ...shellSpans(command)]
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'shell'])

function expandTabs(line: string): string {
  if (!line.includes('\t')) return line
  let column = 0
  let expanded = ''
  for (const grapheme of graphemes(line)) {
    const width = grapheme === '\t' ? TAB - (column % TAB) : graphemeWidth(grapheme)
    expanded += grapheme === '\t' ? ' '.repeat(width) : grapheme
    column += width
  }
  return expanded
}

const TAB = 8
