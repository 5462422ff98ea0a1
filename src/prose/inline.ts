import type { Token } from 'markdown-it'
import { clean, linkTo, type Span, type Style, span } from './spans.ts'

/** Inline Markdown as spans, one array for each hard line break; none that is empty. A newline within is a soft break. */
export function inlineSpans(
  token: Token | undefined,
  { plain, links: canClick }: InlinePlace,
  ...base: readonly Style[]
): Span[][] {
  const lines: Span[][] = [[]]
  const styles: Style[] = [...base]
  const links: Link[] = []
  const add = (text: string, ...extra: readonly Style[]) => {
    const part = span(text, ...new Set([...styles, ...extra]))
    const link = canClick ? links.at(-1)?.click : undefined
    lines.at(-1)?.push(link === undefined ? part : { ...part, link })
    for (const link of links) link.text += text
  }
  for (const child of token?.children ?? []) {
    const style = STYLES[child.tag]
    if (child.type === 'text') add(child.content)
    else if (child.type === 'softbreak') add('\n')
    else if (child.type === 'hardbreak' || isBreak(child)) lines.push([])
    else if (child.type === 'code_inline')
      add(plain && !/\s/.test(child.content) ? child.content : inTicks(child), 'accent')
    else if (child.type === 'image') add(plain ? `Picture: ${altText(child)}` : altText(child), 'italic')
    else if (style !== undefined && child.nesting === 1) styles.push(style)
    else if (style !== undefined && child.nesting === -1) styles.splice(styles.lastIndexOf(style), 1)
    if (child.type === 'link_open') links.push(linkOf(String(child.attrGet('href') ?? '')))
    if (child.type === 'link_close') {
      const link = links.pop()
      if (!canClick || link?.click === undefined) add(addressToShow(link))
    }
  }
  return lines.filter((line) => line.some(({ text }) => text.trim() !== ''))
}

export interface InlinePlace {
  readonly plain: boolean
  /** A link is clicked; otherwise its address has to be shown. */
  readonly links: boolean
}

interface Link {
  readonly address: string
  readonly click: string | undefined
  text: string
}

function linkOf(address: string): Link {
  return { address: clean(address), click: linkTo(address), text: '' }
}

const STYLES: Readonly<Record<string, Style>> = { strong: 'bold', em: 'italic', a: 'underline' }

function isBreak(token: Token): boolean {
  return token.type === 'html_inline' && /^<br[\s/>]/i.test(token.content)
}

/**
 * The backticks stay, as they tell a command from the words around it without colours too. With `plain`, a single word does
 * without them: only of several words nobody can hear where they end.
 */
function inTicks({ content, markup }: Token): string {
  return content.includes('`') ? `${markup} ${content} ${markup}` : `\`${content}\``
}

function altText(image: Token): string {
  return (image.children ?? [])
    .map((child) => (child.type === 'image' ? altText(child) : /break$/.test(child.type) ? ' ' : child.content))
    .join('')
}

function addressToShow(link: Link | undefined): string {
  if (link === undefined || link.address === '') return ''
  const text = clean(link.text).trim()
  return [text, encodeURI(text), `mailto:${text}`].includes(link.address) ? '' : ` (${link.address})`
}
