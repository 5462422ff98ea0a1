import { renderProse } from '../prose/prose.ts'
import { wrapText } from '../prose/text.ts'
import { sanitize } from '../sanitize.ts'
import type { Change } from './changes.ts'
import { pictureTables } from './firewall.ts'
import { MARKS, paintAs } from './marks.ts'
import { toMermaid } from './mermaid.ts'
import type { Network } from './network.ts'
import { outline } from './outline.ts'
import { inWords, nameOf } from './words.ts'

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number
  /** Lines of the terminal. */
  readonly height?: number
  readonly colour: boolean
  readonly plain?: boolean
  /** What to mark in the picture, and to tell below it. */
  readonly changes?: readonly Change[]
  /** With `plain`: tell all, and not only what has changed. */
  readonly whole?: boolean
}

/**
 * A network as boxes and lines, for a terminal of that size; in words with `plain`. A picture that is too large, or that has
 * no room for all rules, gives way to one line for each device and each rule.
 */
export function toText(network: Network, { changes = [], height = Infinity, ...options }: TextOptions): string {
  const { plain = false, whole = false, colour, width } = options
  if (plain) return `${inWords(network, { width, changes, whole }).join('\n')}\n`
  const picture = renderProse(`\`\`\`mermaid\n${toMermaid(network, changes)}\`\`\``, options)
  const told = changes.length === 0 ? [] : toldBelow(changes, width, colour)
  const room = height - told.length - PROMPT
  const isShort = network.places.some(({ firewall }) => pictureTables(firewall).some((table) => table.isShort))
  if (isShort || !picture.includes('┌') || picture.split('\n').length > room)
    return `${[...outline(network, { width, colour, changes, lines: room }), ...told].join('\n')}\n`
  return told.length === 0 ? picture : `${markedIn(picture, colour)}\n${told.join('\n')}\n`
}

/** Changes that are told one by one. */
const MOST = 8

/** Lines that are below a picture, where the student is asked. */
const PROMPT = 4

/** In the picture a mark stands at the beginning of a label: after the border, or in it. */
function markedIn(picture: string, colour: boolean): string {
  return picture.replace(/((?:│|┤|┌─) )([+~] [^│├─]*)/g, (_, border: string, label: string) => {
    const kind = label.startsWith(MARKS.new) ? 'new' : 'changed'
    return border + paintAs(kind, label, colour)
  })
}

/** What the signs mean, and what cannot be seen in the picture. */
function toldBelow(changes: readonly Change[], width: number, colour: boolean): string[] {
  const kinds = (['new', 'changed', 'gone'] as const).filter((kind) => changes.some((change) => change.kind === kind))
  const legend = kinds.map((kind) => paintAs(kind, `${kind === 'gone' ? '-' : MARKS[kind]} ${kind}`, colour)).join('  ')
  const told = changes
    .filter(({ kind }) => kind !== 'new')
    .map((change) =>
      paintAs(change.kind, `  ${wrapText(inSigns(change), width - 4).replaceAll('\n', '\n    ')}`, colour),
    )
  const more = told.length > MOST ? [`  and ${told.length - MOST} more`] : []
  return [`  ${legend}`, ...told.slice(0, MOST), ...more].flatMap((text) => text.split('\n'))
}

function inSigns(change: Change): string {
  const sign = change.kind === 'gone' ? '-' : MARKS[change.kind]
  return `${sign} ${nameOf(change)}${change.what && `: ${sanitize(change.what)}`}`
}
