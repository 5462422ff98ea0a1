import type { MarkdownIt } from 'markdown-it'
import { drawPicture } from './picture.ts'
import { clean, type Line, type Style, span } from './spans.ts'
import { graphemes, graphemeWidth } from './text-width.ts'

export interface CodePlace {
  readonly width: number
  readonly plain: boolean
  readonly parser: MarkdownIt
}

/** Code as it stands, two columns in; a ```` ```mermaid ```` picture is drawn when it can be. */
export function drawCode(code: string, info: string, place: CodePlace): Line[] {
  if (code.trim() === '') return []
  const language = /^[\w+-]*/.exec(info)?.[0].toLowerCase() ?? ''
  const picture = language === 'mermaid' ? drawPicture(code, place) : undefined
  if (picture !== undefined) return picture
  const lines = clean(code)
    .trimEnd()
    .split('\n')
    .map((line) => [span(`  ${expandTabs(line)}`, styleOf(line, language))])
  if (!place.plain) return lines
  return [[span(language === '' ? 'Code:' : `Code (${language}):`)], ...lines, [span('End of code.')]]
}

/** Commands stand out, what they print stays back. */
function styleOf(line: string, language: string): Style {
  if (language === 'console') return /^[$#>] /.test(line) ? 'accent' : 'dim'
  return ['sh', 'bash', 'shell'].includes(language) ? 'accent' : 'dim'
}

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
