import { span } from './spans.ts'
import { wrap } from './wrap.ts'

/** Plain text broken into lines of at most `width` columns; what goes on keeps the indent of its line. Ends without a newline. */
export function wrapText(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => {
      const [indent = ''] = /^ *(?:[-!] )?/.exec(line) ?? []
      const room = Math.max(12, width - indent.length)
      const rows = wrap([span(line.slice(indent.length))], room).map((row) => row.map((part) => part.text).join(''))
      if (rows.length === 0) return ['']
      return rows.map((row, index) => (index === 0 ? indent : ' '.repeat(indent.length)) + row)
    })
    .join('\n')
}
