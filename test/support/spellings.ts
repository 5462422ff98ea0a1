/** Two rules for one table, as options after `-A CHAIN`. */
export interface Spelling {
  readonly table: string
  readonly first: string
  readonly second: string
}

/** Reads `TABLE | FIRST | SECOND` lines; those that begin with `#` are headings. */
export function spellings(text: string): Spelling[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [table = '', first = '', second = ''] = line.split(' | ')
    return { table, first, second }
  })
}
