import type { MarkdownIt } from 'markdown-it'
import { decodeEntities } from './html.ts'
import { clean } from './spans.ts'

/** What a Mermaid `graph` says, without where and how it is drawn. */
export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>
  readonly groups: ReadonlyMap<string, GraphGroup>
  readonly edges: readonly GraphEdge[]
  /** Ids of nodes and groups in the order of their first appearance. */
  readonly order: readonly string[]
}

export interface GraphNode {
  /** The lines of the label, at least one. */
  readonly label: readonly string[]
  readonly parent: string | undefined
}

export interface GraphGroup {
  readonly title: string
  readonly parent: string | undefined
}

/** `from` and `to` are ids of nodes or groups. */
export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly text: string
  readonly stroke: 'thin' | 'thick' | 'dotted' | 'hidden'
  readonly startArrow: boolean
  readonly endArrow: boolean
}

/** Reads the Mermaid flowcharts that labs use; undefined for anything else, or for more than `MOST` nodes or edges. */
export function parseGraph(source: string, parser: MarkdownIt): Graph | undefined {
  const [header = '', ...statements] = clean(source)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('%%'))
  if (source.length > LONGEST || !/^(graph|flowchart)(\s+(LR|RL|TD|TB|BT))?\s*;?$/.test(header)) return undefined
  const draft: Draft = { nodes: new Map(), groups: new Map(), edges: [], order: new Set(), open: [], parser }
  const understood = statements.every((line) => readStatement(line, draft) && isSmall(draft))
  if (!understood || draft.open.length > 0) return undefined
  // A group's id may have been met in an edge before its `subgraph` line, and was taken for a node then.
  for (const id of draft.groups.keys()) draft.nodes.delete(id)
  return { ...draft, order: [...draft.order] }
}

const LONGEST = 20_000
const MOST = 200
const DEEPEST = 8

interface Draft {
  readonly nodes: Map<string, GraphNode>
  readonly groups: Map<string, GraphGroup>
  readonly edges: GraphEdge[]
  readonly order: Set<string>
  /** The subgraphs around the current line, the innermost last. */
  readonly open: string[]
  readonly parser: MarkdownIt
}

interface Scan {
  readonly line: string
  at: number
}

function isSmall({ nodes, groups, edges }: Draft): boolean {
  return nodes.size + groups.size <= MOST && edges.length <= MOST
}

function readStatement(line: string, draft: Draft): boolean {
  const subgraph = /^subgraph(?:\s+(.*?))?;?$/.exec(line)
  if (subgraph !== null) return openGroup(subgraph[1]?.trim() ?? '', draft)
  if (/^end\s*;?$/.test(line)) return draft.open.pop() !== undefined
  if (/^(direction|classDef|class|style|linkStyle|click)\s/.test(line)) return true
  const scan: Scan = { line, at: 0 }
  while (scan.at < line.length) {
    if (!readChain(scan, draft) || !isSmall(draft)) return false
    if (take(scan, /\s*(;\s*|$)/y) === undefined) return false
  }
  return true
}

function openGroup(name: string, draft: Draft): boolean {
  const titled = /^([^\s"[\]]+)\s*\[(.*)\]$/.exec(name)
  const id = titled?.[1] ?? (unquoted(name) || `subgraph ${draft.groups.size + 1}`)
  if (draft.groups.has(id) || draft.open.length === DEEPEST) return false
  const title = readLabel(titled?.[2] ?? name, draft.parser).join(' ')
  draft.groups.set(id, { title, parent: draft.open.at(-1) })
  draft.order.add(id)
  draft.open.push(id)
  return true
}

/** `a --> b & c --- d` */
function readChain(scan: Scan, draft: Draft): boolean {
  let left = readNodes(scan, draft)
  while (left !== undefined) {
    const link = readLink(scan, draft)
    if (link === undefined) return true
    const right = readNodes(scan, draft)
    if (right === undefined || left.length * right.length > MOST) return false
    for (const from of left) for (const to of right) draft.edges.push({ from, to, ...link })
    left = right
  }
  return false
}

function readNodes(scan: Scan, draft: Draft): string[] | undefined {
  const ids: string[] = []
  do {
    const id = readNode(scan, draft)
    if (id === undefined) return undefined
    ids.push(id)
  } while (take(scan, /\s*&/y) !== undefined)
  return ids
}

function readNode(scan: Scan, draft: Draft): string | undefined {
  const id = take(scan, /\s*([\p{L}\p{N}_./]+(?:-[\p{L}\p{N}_][\p{L}\p{N}_./]*)*)/uy)?.[1]
  if (id === undefined || id === 'end') return undefined
  const label = readShape(scan)
  take(scan, /:::[\w-]+/y)
  const known = draft.nodes.get(id)
  draft.nodes.set(id, {
    label: label === undefined ? (known?.label ?? [id]) : readLabel(label, draft.parser),
    parent: known?.parent ?? draft.open.at(-1),
  })
  draft.order.add(id)
  return id
}

/** The raw label between the brackets after a node's id. A bracket that is not closed makes the line unknown later. */
function readShape(scan: Scan): string | undefined {
  for (const [open, close] of SHAPES) {
    if (!scan.line.startsWith(open, scan.at)) continue
    const start = scan.at + open.length
    const quoted = /\s*"([^"]*)"\s*/y
    quoted.lastIndex = start
    const match = quoted.exec(scan.line)
    const end = match ? quoted.lastIndex : scan.line.indexOf(close, start)
    if (end === -1 || !scan.line.startsWith(close, end)) continue
    scan.at = end + close.length
    return match?.[1] ?? scan.line.slice(start, end)
  }
  return undefined
}

/** Longer openings first; `[/` may also be an ordinary box whose label begins with a slash. */
const SHAPES = [
  ['(((', ')))'],
  ['((', '))'],
  ['([', '])'],
  ['[[', ']]'],
  ['[(', ')]'],
  ['{{', '}}'],
  ['[/', '/]'],
  ['[/', '\\]'],
  ['[\\', '\\]'],
  ['[\\', '/]'],
  ['[', ']'],
  ['(', ')'],
  ['{', '}'],
  ['>', ']'],
] as const

type Link = Omit<GraphEdge, 'from' | 'to'>

function readLink(scan: Scan, { parser }: Draft): Link | undefined {
  const bare = take(scan, /\s*([<xo]?)(?:--+[->xo]|==+[=>xo]|-\.+-[>xo]?|~~~+)/y)
  if (bare !== undefined) return linkOf(bare[1], bare[0], take(scan, /\s*\|([^|]*)\|/y)?.[1] ?? '', parser)
  const opening = take(scan, /\s*([<xo]?)(--|==|-\.)/y)
  if (opening === undefined) return undefined
  const closing = { '--': /--+[->xo]/g, '==': /==+[=>xo]/g, '-.': /\.+-[>xo]?/g }[opening[2] ?? '']
  if (closing === undefined) return undefined
  closing.lastIndex = scan.at
  const end = closing.exec(scan.line)
  if (end === null) return undefined
  const text = scan.line.slice(scan.at, end.index)
  scan.at = closing.lastIndex
  return linkOf(opening[1], opening[0] + end[0], text, parser)
}

function linkOf(start: string | undefined, link: string, label: string, parser: MarkdownIt): Link {
  const stroke = /~/.test(link) ? 'hidden' : /=/.test(link) ? 'thick' : /\./.test(link) ? 'dotted' : 'thin'
  const text = readLabel(label, parser).join(' ').trim()
  return { text, stroke, startArrow: start === '<', endArrow: link.endsWith('>') }
}

function take(scan: Scan, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = scan.at
  const match = pattern.exec(scan.line)
  if (match === null) return undefined
  scan.at = pattern.lastIndex
  return match
}

function unquoted(text: string): string {
  return text.trim().replace(/^"(.*)"$/, '$1')
}

/** Mermaid writes entities as `#quot;` and `#35;`. */
function readLabel(raw: string, parser: MarkdownIt): string[] {
  const html = unquoted(raw).replace(/(?<!&)#(\w+);/g, (_, name) => (/^\d/.test(name) ? `&#${name};` : `&${name};`))
  const lines = html.split(/<br\s*\/?>|\\n/i).map((line) => {
    const text = decodeEntities(line.replace(/<\/?[a-z][^<>]*>/gi, ''), parser)
    return clean(text).replace(/\s+/g, ' ').trim()
  })
  const shown = lines.filter((line) => line !== '')
  return shown.length > 0 ? shown : [' ']
}
