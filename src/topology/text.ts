import { painter } from '../paint.ts'
import { renderProse } from '../prose/prose.ts'
import { wrapText } from '../prose/text.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { MARKS, toMermaid } from './mermaid.ts'
import type { Network } from './network.ts'

interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  readonly colour: boolean
  readonly plain?: boolean
  /** What to mark in the picture, and to tell below it. */
  readonly changes?: readonly Change[]
}

/** A network as boxes and lines, for a terminal of that many columns; in words with `plain`. */
export function toText(network: Network, { changes = [], ...options }: TextOptions): string {
  const { plain = false, colour, width } = options
  const picture = renderProse(`\`\`\`mermaid\n${toMermaid(network, plain ? [] : changes)}\`\`\``, options)
  if (changes.length === 0) return picture
  if (plain) return `${picture}${changes.map((change) => `${inWords(change)}\n`).join('')}`
  const paint = painter(colour)
  const brushes = { new: paint.good, changed: paint.warn, gone: paint.bad }
  // In the picture a mark stands at the beginning of a label: after the border, or in it.
  const marked = picture.replace(/((?:│|┤|┌─) )([+~] [^│├─]*)/g, (_, border: string, label: string) => {
    return border + brushes[label.startsWith(MARKS.new) ? 'new' : 'changed'](label)
  })
  // What is new can be seen in the picture.
  const told = changes
    .filter(({ kind }) => kind !== 'new')
    .map((change) => brushes[change.kind](`  ${wrapText(inSigns(change), width - 4).replaceAll('\n', '\n    ')}`))
  const kinds = (['new', 'changed', 'gone'] as const).filter((kind) => changes.some((change) => change.kind === kind))
  const legend = kinds.map((kind) => brushes[kind](`${kind === 'gone' ? '-' : MARKS[kind]} ${kind}`)).join('  ')
  return `${marked}\n  ${[legend, ...told].join('\n')}\n`
}

function inSigns(change: Change): string {
  const sign = change.kind === 'gone' ? '-' : MARKS[change.kind]
  return `${sign} ${nameOf(change)}${change.what && `: ${sanitize(change.what)}`}`
}

function inWords(change: Change): string {
  const word = { new: 'New', changed: 'Changed', gone: 'Gone' }[change.kind]
  return `${word}: ${nameOf(change)}${change.what && ` (${sanitize(change.what)})`}.`
}

function nameOf({ place, device }: Change): string {
  return sanitize(device === undefined ? place : `${place}/${device}`)
}
