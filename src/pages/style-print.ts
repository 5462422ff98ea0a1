/** On paper everything is dark on white, all that is folded is open, and nothing is cut off. */
export const PRINT = `
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --surface: #fff; --sunk: #f6f6f4; --text: #000; --quiet: #444; --line: #bbb; --link: #000;
    --passed: #17653a; --passed-tint: #e4f3e9; --failed: #a8221b; --failed-tint: #fcebe9;
    --doubt: #7a4d00; --doubt-tint: #fdf1d9; --still: #565e67; --still-tint: #eceeeb;
  }
  @page { margin: 14mm 12mm }
  @page wide { size: landscape }
  body.wide { page: wide }
  html { font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact }
  body, body.wide { max-width: none; padding: 0 }
  section, .card { margin: .75rem 0; padding: .5rem .75rem; break-inside: auto }
  h2, h3, summary, .head, thead { break-after: avoid }
  .items > li, .note, .commands > li, figure, tr { break-inside: avoid }
  pre, .told dd, .commands code { white-space: pre-wrap; overflow-wrap: anywhere }
  .scroll, .matrix { overflow: visible; max-height: none; border: 0 }
  .matrix thead, .matrix th[scope=row], .matrix thead th:first-child { position: static }
  .matrix { font-size: 7.5pt } .matrix th, .matrix td { padding: 1pt 2pt }
  details::details-content { content-visibility: visible; display: block; block-size: auto }
  summary { list-style: none; color: var(--quiet) }
  a { text-decoration: none }
}
`
