import { type Content, html } from './html.ts'
import { STYLE } from './style.ts'

/** No script, no picture and nothing from elsewhere: even what slipped through the escaping could do nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"

/** A whole page in one file. */
export function documentOf(title: string, layout: 'narrow' | 'wide', body: Content): string {
  return `${documentStart(title, layout)}${html`${body}`}${DOCUMENT_END}`
}

/** The page up to its body, for pages that are written piece by piece. */
export function documentStart(title: string, layout: 'narrow' | 'wide'): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>${title}</title>
${STYLE}
</head>
<body class="${layout}">
`)
}

export const DOCUMENT_END = '</body>\n</html>\n'

/** Wide content scrolls in a box of its own, also with the keyboard. */
export function scrolling(label: string, content: Content): Content {
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">${content}</div>`
}
