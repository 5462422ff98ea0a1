import markdownIt, { type Token } from 'markdown-it'
import { drawCode } from './code.ts'
import { htmlSpans } from './html.ts'
import { inlineSpans } from './inline.ts'
import { clean, type Line, paint, type Span, span } from './spans.ts'
import { type Table, tableColumns, tableSentences } from './table.ts'
import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

export interface ProseOptions {
  /** Columns of the terminal; less than 20 counts as 20, more than 1000 as 1000. */
  readonly width: number
  readonly colour: boolean
  /** For a screen reader: words instead of symbols, no boxes. */
  readonly plain?: boolean
  /** Links can be clicked (OSC 8). */
  readonly links?: boolean
  /** Code stands at the margin, to be copied: the end of a here-document has to stand there. */
  readonly codeAtMargin?: boolean
}

/**
 * Markdown as text for a terminal, ending with one newline. Only code and words that are too long exceed the width.
 * The Markdown may come from anybody: no control character of it gets through. Never throws.
 */
export function renderProse(
  markdown: string,
  { width, colour, plain = false, links = false, codeAtMargin = false }: ProseOptions,
): string {
  const place = { width: Math.min(Math.max(20, Math.floor(width) || 80), 1000), plain, links, codeAtMargin }
  return paint(stack(toTree(parser.parse(clean(markdown), {})), place), colour)
}

interface Place {
  readonly width: number
  readonly plain: boolean
  readonly links: boolean
  readonly codeAtMargin: boolean
}

interface Node {
  readonly token: Token
  readonly children: Node[]
}

// Without the strikethrough rule `~~text~~` keeps its tildes: not every terminal can strike through.
const parser = markdownIt({ html: true, linkify: false }).disable('strikethrough')

function toTree(tokens: readonly Token[]): Node[] {
  const root: Node[] = []
  const open = [root]
  for (const token of tokens) {
    if (token.nesting === -1) {
      open.pop()
      continue
    }
    const node: Node = { token, children: [] }
    open.at(-1)?.push(node)
    if (token.nesting === 1) open.push(node.children)
  }
  return root
}

/** Blocks below each other with a blank line between, except between the short ones of a tight list. */
function stack(nodes: readonly Node[], place: Place, tight = false): Line[] {
  const blocks = nodes.map((node) => ({ node, lines: drawBlock(node, place) })).filter(({ lines }) => lines.length > 0)
  return blocks.flatMap(({ node, lines }, index) => {
    const previous = blocks[index - 1]?.node
    const close = previous === undefined || (tight && isShort(previous) && isShort(node))
    return close ? lines : [[], ...lines]
  })
}

function isShort({ token }: Node): boolean {
  return ['paragraph_open', 'bullet_list_open', 'ordered_list_open'].includes(token.type)
}

function drawBlock(node: Node, place: Place): Line[] {
  const { token, children } = node
  switch (token.type) {
    case 'heading_open':
      return drawHeading(node, place)
    case 'paragraph_open':
      return drawLines(inlineSpans(children[0]?.token, place), place)
    case 'bullet_list_open':
    case 'ordered_list_open':
      return drawList(node, place)
    case 'blockquote_open':
      return drawQuote(node, place)
    case 'table_open':
      return drawTable(node, place)
    case 'fence':
    case 'code_block':
      return drawCode(token.content, parser.utils.unescapeAll(token.info), { ...place, parser })
    case 'html_block':
      return drawLines(htmlSpans(token.content, parser), place)
    case 'hr':
      return [[span(place.plain ? 'Break.' : '─'.repeat(place.width), 'dim')]]
    default:
      return stack(children, place)
  }
}

function drawHeading({ token, children }: Node, place: Place): Line[] {
  const text = inlineSpans(children[0]?.token, place, 'bold')
  const level = Number(token.tag.slice(1))
  if (place.plain) {
    const word = level === 1 ? 'Title' : level === 2 ? 'Section' : 'Subsection'
    return drawLines(
      text.map((line, index) => (index === 0 ? [span(`${word}: `, 'bold'), ...line] : line)),
      place,
    )
  }
  const lines = drawLines(text, place)
  if (lines.length === 0 || level > 2) return lines
  const longest = lines.reduce((most, line) => Math.max(most, textWidth(line.map((part) => part.text).join(''))), 0)
  const rule = (level === 1 ? '═' : '─').repeat(Math.min(longest, place.width))
  return [...lines, [span(rule, 'dim')]]
}

function drawLines(lines: readonly (readonly Span[])[], place: Place): Line[] {
  return lines.flatMap((line) => wrap(line, place.width))
}

function drawList({ token, children }: Node, place: Place): Line[] {
  const first = Number(token.attrGet('start') ?? 1)
  const markers = children.map((_, index) =>
    token.type === 'ordered_list_open' ? `${first + index}. ` : place.plain ? '- ' : '• ',
  )
  const indent = markers.at(-1)?.length ?? 0
  const tight = children.every((item) => item.children.every((child) => !isParagraph(child) || child.token.hidden))
  const airy = !tight || children.some((item) => item.children.some((child) => !isShort(child)))
  return children.flatMap((item, index) => {
    const inner = narrower(place, indent)
    const lines = stack(item.children, inner, tight)
    const marker = span((markers[index] ?? '').padStart(indent))
    const drawn = inner === place ? [[marker], ...lines] : hang(lines, marker, span(' '.repeat(indent)))
    return airy && index > 0 ? [[], ...drawn] : drawn
  })
}

function isParagraph({ token }: Node): boolean {
  return token.type === 'paragraph_open'
}

function drawQuote({ children }: Node, place: Place): Line[] {
  if (place.plain) {
    const lines = stack(children, place)
    return lines.length === 0 ? [] : [[span('Note:')], ...lines]
  }
  const inner = narrower(place, 2)
  const lines = stack(children, inner)
  return inner === place ? lines : hang(lines, span('│ ', 'dim'), span('│ ', 'dim')).slice(lines.length === 0 ? 1 : 0)
}

/** Less width for what is indented, but never so little that the text becomes a column of letters. */
function narrower(place: Place, columns: number): Place {
  const width = place.width - columns
  return width < 12 ? place : { ...place, width }
}

function hang(lines: readonly Line[], first: Span, rest: Span): Line[] {
  return (lines.length === 0 ? [[]] : lines).map((line, index) => [index === 0 ? first : rest, ...line])
}

function drawTable({ children }: Node, place: Place): Line[] {
  const rows = children.flatMap((part) => part.children)
  const table: Table = {
    rows: rows.map((row) => row.children.map((cell) => drawCell(cell, place))),
    align: (rows[0]?.children ?? []).map(({ token }) => alignment(String(token.attrGet('style') ?? ''))),
  }
  const columns = place.plain ? undefined : tableColumns(table, place.width)
  if (columns !== undefined) return columns
  const inner = narrower(place, 2)
  const marker = span(place.plain ? '- ' : '• ')
  return tableSentences(table).flatMap((row) => {
    const lines = wrap(row, inner.width)
    return inner === place ? lines : hang(lines, marker, span('  '))
  })
}

function drawCell({ token, children }: Node, place: Place): Span[][] {
  return inlineSpans(children[0]?.token, place, ...(token.tag === 'th' ? (['bold'] as const) : []))
}

function alignment(style: string): 'left' | 'center' | 'right' {
  if (style.includes('right')) return 'right'
  return style.includes('center') ? 'center' : 'left'
}
