import type { MarkdownIt } from 'markdown-it'
import { childrenOf, connector, connectorWidth } from './boxes.ts'
import { type Graph, type GraphEdge, parseGraph } from './graph.ts'
import { layOut } from './layout.ts'
import { type Line, span } from './spans.ts'
import { textWidth } from './text-width.ts'
import { wrap } from './wrap.ts'

export interface PicturePlace {
  readonly width: number
  /** In words instead of boxes. */
  readonly plain: boolean
  readonly parser: MarkdownIt
}

/** A Mermaid flowchart as boxes and lines, in words where these do not fit; undefined if it is not understood. */
export function drawPicture(source: string, { width, plain, parser }: PicturePlace): Line[] | undefined {
  const graph = parseGraph(source, parser)
  if (graph === undefined || graph.order.length === 0) return undefined
  const layout = plain ? undefined : layOut(graph, width - INDENT.length)
  if (layout === undefined) return ['Picture:', ...inWords(graph, width)].flatMap((line) => wrap([span(line)], width))
  const told = visible(graph).filter((edge) => !layout.drawn.has(edge))
  const picture = layout.rows.map((row) => [span(INDENT + row)])
  return told.length === 0 ? picture : [...picture, [], ...listEdges(told, graph, width)]
}

const INDENT = '  '

function visible(graph: Graph): GraphEdge[] {
  return graph.edges.filter(({ stroke }) => stroke !== 'hidden')
}

/** One fact in each line: `net1 contains veth1 (10.0.0.1/24).`, `veth1 is connected with veth2.` */
function inWords(graph: Graph, width: number): string[] {
  const inside = (id: string) => {
    const [name, ...more] = graph.nodes.get(id)?.label ?? [nameOf(id, graph)]
    return more.length === 0 ? name! : `${name} (${more.join(', ')})`
  }
  const groups = [...graph.groups.keys()].flatMap((id) => {
    const content = childrenOf(graph, id).map(inside)
    const name = nameOf(id, graph)
    return content.length === 0
      ? [`${name} is empty.`]
      : several(`${name} contains`, `${name} contains`, content, width)
  })
  const connected = new Set(visible(graph).flatMap(({ from, to }) => [from, to]))
  // A name that is nothing more is told with what it is connected with.
  const isTold = (id: string) => !connected.has(id) || graph.nodes.get(id)!.label.length > 1
  const alone = childrenOf(graph, undefined).filter((id) => graph.nodes.has(id) && isTold(id))
  const nodes = alone.length === 0 ? [] : several('There is', 'There are', alone.map(inside), width)
  return [...groups, ...nodes, ...visible(graph).map((edge) => `${edgeInWords(edge, graph)}.`)]
}

/** All things in one line if they fit into it; else a line for each. */
function several(one: string, more: string, things: readonly string[], width: number): string[] {
  const [last = '', ...others] = things.toReversed()
  const line = `${more} ${others.toReversed().join(', ')} and ${last}.`
  return others.length > 0 && textWidth(line) <= width ? [line] : things.map((thing) => `${one} ${thing}.`)
}

function edgeInWords(edge: GraphEdge, graph: Graph): string {
  const from = nameOf(edge.from, graph)
  const to = nameOf(edge.to, graph)
  const text = edge.text === '' ? '' : ` (${edge.text})`
  if (edge.startArrow === edge.endArrow) return `${from} is connected with ${to}${text}`
  return edge.endArrow ? `${from} leads to ${to}${text}` : `${to} leads to ${from}${text}`
}

/** The first line of the label; with the group before it, as in `net1/eth0`, when another node has the same. */
function nameOf(id: string, graph: Graph): string {
  const node = graph.nodes.get(id)
  if (node === undefined) return graph.groups.get(id)?.title.trim() || 'a group'
  const name = node.label[0] ?? id
  const same = [...graph.nodes.values()].filter(({ label }) => label[0] === name)
  return same.length > 1 && node.parent !== undefined ? `${nameOf(node.parent, graph)}/${name}` : name
}

/** `veth1out ───── br0`, the right-hand names below each other. */
function listEdges(edges: readonly GraphEdge[], graph: Graph, width: number): Line[] {
  const reach = (edge: GraphEdge) => textWidth(nameOf(edge.from, graph)) + connectorWidth(edge)
  const longest = edges.reduce((most, edge) => Math.max(most, reach(edge)), 0)
  return edges.flatMap((edge) => {
    const from = nameOf(edge.from, graph)
    const line = connector(edge, longest - textWidth(from), true)
    return wrap([span(`${from} ${line} ${nameOf(edge.to, graph)}`)], width - INDENT.length).map((row) => [
      span(INDENT),
      ...row,
    ])
  })
}
