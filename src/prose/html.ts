import type { MarkdownIt } from 'markdown-it'
import { type Span, span } from './spans.ts'

/** The text of an HTML block, one array for each paragraph or line of it. A `<summary>` is bold. */
export function htmlSpans(html: string, parser: MarkdownIt): Span[][] {
  const lines: Span[][] = [[]]
  let summary = false
  for (const part of html.replace(UNSEEN, '').split(TAG)) {
    const tag = /^<(\/?)([a-z][\w-]*)/i.exec(part)
    if (tag === null) {
      const text = decodeEntities(part, parser)
      lines.at(-1)?.push(summary ? span(text, 'bold') : span(text))
      continue
    }
    const name = tag[2]?.toLowerCase() ?? ''
    if (name === 'summary') summary = tag[1] === ''
    if (!WITHIN_A_LINE.has(name)) lines.push([])
  }
  return lines.filter((line) => line.some(({ text }) => text.trim() !== ''))
}

/** Replaces `&amp;` and its like. */
export function decodeEntities(text: string, parser: MarkdownIt): string {
  return parser.utils.unescapeAll(text.replaceAll('\\', '\\\\'))
}

// Comments, declarations and what a browser does not show either. None of these may scan a hostile text twice.
const UNSEEN = /<!--[\s\S]*?(?:-->|$)|<(script|style|template)\b[\s\S]*?(?:<\/\1\s*>|$)|<[!?][^<>]*>/gi

const TAG = /(<\/?[a-z][^<>]*>)/i

const WITHIN_A_LINE = new Set(
  'a abbr b bdi bdo cite code del dfn em i img ins kbd mark q s samp small span strong sub sup u var wbr'.split(' '),
)
