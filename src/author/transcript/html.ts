import Turndown from 'turndown'
import { LINE } from './read-document.ts'

/** Whether a text is a page, or a piece of one, and not Markdown with some HTML in it. */
export function isHtml(text: string): boolean {
  return (
    /^\s*<(?:!doctype html|html|head|body|article|div|h1|p|pre)\b/i.test(text) ||
    (/<pre\b/i.test(text) && !/^ {0,3}(?:```|~~~)/m.test(text))
  )
}

/** A page as Markdown; preformatted text is in fences, whose word is the line of the page. */
export function htmlToMarkdown(html: string): string {
  const service = new Turndown({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-' })
  service.remove(['script', 'style', 'noscript', 'nav', 'title'])
  service.addRule('preformatted', {
    filter: 'pre',
    replacement: (_content, node) => {
      const text = node.textContent ?? ''
      const element = node as ElementLike
      const line = Number(element.getAttribute('data-line')) + (text.startsWith('\n') ? 1 : 0)
      const language = /\blang(?:uage)?-([\w-]+)/.exec(element.innerHTML.slice(0, 200))?.[1] ?? ''
      return `\n\n~~~~~~ ${LINE}${line} ${language}\n${text.replace(/^\n/, '').trimEnd()}\n~~~~~~\n\n`
    },
  })
  let line = 1
  let at = 0
  const numbered = html.replace(/<pre\b/gi, (tag, offset: number) => {
    line += html.slice(at, offset).split('\n').length - 1
    at = offset
    return `${tag} data-line="${line}"`
  })
  return service.turndown(numbered)
}

interface ElementLike {
  readonly innerHTML: string
  getAttribute(name: string): string | null
}
