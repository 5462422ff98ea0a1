import { padTo, textWidth } from './text-width.ts'

/** Names below each other in as many columns as fit, each read from the top; each line begins with two blanks. */
export function inColumns(names: readonly string[], width: number): string {
  const widest = Math.max(0, ...names.map(textWidth)) + 2
  const columns = Math.max(1, Math.floor((width - 2) / widest))
  const rows = Math.ceil(names.length / columns)
  return Array.from({ length: rows }, (_, row) => {
    const line = names.filter((_name, index) => index % rows === row)
    return `  ${line.map((name) => padTo(name, widest)).join('')}`.trimEnd()
  }).join('\n')
}
