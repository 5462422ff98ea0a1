import type { Graph, GraphEdge } from './graph.ts'
import { padTo, textWidth } from './text-width.ts'

/** A rectangle of a picture. */
export interface Box {
  readonly id: string
  readonly lines: readonly string[]
  readonly width: number
  /** The row, counted from 0, where a line to this node or group meets the border. */
  readonly rows: ReadonlyMap<string, number>
}

/** A node, or a group with everything in it, as one box. */
export function drawBox(graph: Graph, id: string): Box {
  const node = graph.nodes.get(id)
  if (node !== undefined) return frame(id, '', [...node.label], new Map([[id, 1]]))
  const parts = childrenOf(graph, id).map((child) => {
    const label = graph.nodes.get(child)?.label
    return label ? { lines: label, rows: new Map([[child, 0]]) } : drawBox(graph, child)
  })
  // A line to the group itself gets a row of its own, or it would seem to end at one of the nodes.
  const isEnd = graph.edges.some(({ from, to }) => from === id || to === id)
  const content: string[] = isEnd ? [''] : []
  const rows = new Map([[id, 1]])
  const airy = parts.some(({ lines }) => lines.length > 1)
  for (const [index, part] of parts.entries()) {
    if (airy && index > 0) content.push('')
    for (const [inner, row] of part.rows) rows.set(inner, content.length + row + 1)
    content.push(...part.lines)
  }
  return frame(id, graph.groups.get(id)?.title.trim() ?? '', content, rows)
}

/** A box around lines; the title is part of its upper border. */
export function frame(id: string, title: string, content: readonly string[], rows: ReadonlyMap<string, number>): Box {
  const body = content.length === 0 ? [''] : content
  const inner = body.reduce((most, line) => Math.max(most, textWidth(line)), title === '' ? 1 : textWidth(title) + 2)
  const start = title === '' ? '┌' : `┌─ ${title} `
  const lines = [
    `${start}${'─'.repeat(inner + 3 - textWidth(start))}┐`,
    ...body.map((line) => `│ ${padTo(line, inner)} │`),
    `└${'─'.repeat(inner + 2)}┘`,
  ]
  return { id, lines, width: inner + 4, rows }
}

/** The ids directly inside a group, or outside all groups. */
export function childrenOf(graph: Graph, parent: string | undefined): string[] {
  return graph.order.filter((id) => (graph.nodes.get(id) ?? graph.groups.get(id))?.parent === parent)
}

/** A line of `width` columns with the edge's text and arrows; `forward` when `from` is at its left. */
export function connector(edge: GraphEdge, width: number, forward: boolean): string {
  const bar = { thin: '─', thick: '═', dotted: '┄', hidden: ' ' }[edge.stroke]
  const [left, right] = forward ? [edge.startArrow, edge.endArrow] : [edge.endArrow, edge.startArrow]
  const text = edge.text === '' ? '' : ` ${edge.text} `
  const free = Math.max(0, width - textWidth(text) - Number(left) - Number(right))
  const before = Math.floor(free / 2)
  return `${left ? '◄' : ''}${bar.repeat(before)}${text}${bar.repeat(free - before)}${right ? '►' : ''}`
}

/** The least columns that `connector()` needs to look like a line. */
export function connectorWidth(edge: GraphEdge): number {
  return edge.text === '' ? 5 : textWidth(edge.text) + 6
}

/** Writes lines into a picture that grows from left to right: nothing may be at their right yet. */
export function put(rows: string[], x: number, y: number, lines: readonly string[]): void {
  for (const [index, line] of lines.entries()) {
    while (rows.length <= y + index) rows.push('')
    rows[y + index] = padTo(rows[y + index] ?? '', x) + line
  }
}

/** The box's lines with the border opened where a line without an arrow head arrives. */
export function withPort({ lines }: Pick<Box, 'lines'>, row: number, side: 'left' | 'right', arrow: boolean): string[] {
  return lines.map((line, index) => {
    if (index !== row || arrow) return line
    return side === 'left' ? `┤${line.slice(1)}` : `${line.slice(0, -1)}├`
  })
}
