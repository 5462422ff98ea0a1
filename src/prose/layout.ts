import { type Box, childrenOf, connector, connectorWidth, drawBox, frame, put, withPort } from './boxes.ts'
import type { Graph, GraphEdge } from './graph.ts'

export interface Layout {
  readonly rows: readonly string[]
  /** The edges that are lines in the picture; the others have to be told. */
  readonly drawn: ReadonlySet<GraphEdge>
}

/**
 * Places the boxes: a chain of boxes in a row, a bridge with all that hangs on it as a comb, anything else side by
 * side without lines. Undefined when one box alone is wider than `width`.
 */
export function layOut(graph: Graph, width: number): Layout | undefined {
  const boxes = new Map(childrenOf(graph, undefined).map((id) => [id, drawBox(graph, id)]))
  if ([...boxes.values()].some((box) => box.width > width)) return undefined
  const joints = jointsOf(graph)
  const drawn = new Set<GraphEdge>()
  const blocks = components([...boxes.keys()], joints).flatMap((ids): Block[] => {
    const own = joints.filter(({ left }) => ids.includes(left))
    const members = ids.flatMap((id) => boxes.get(id) ?? [])
    const block = drawChain(members, own) ?? drawComb(graph, members, own)
    if (block === undefined || block.width > width) return members.map((box) => ({ rows: box.lines, width: box.width }))
    for (const { edge } of own) drawn.add(edge)
    return [block]
  })
  return { rows: shelve(blocks, width), drawn }
}

interface Block {
  readonly rows: readonly string[]
  readonly width: number
}

/** An edge between two outermost boxes, with the ids of these. */
interface Joint {
  readonly edge: GraphEdge
  readonly left: string
  readonly right: string
}

function jointsOf(graph: Graph): Joint[] {
  const outermost = (id: string): string => {
    const parent = (graph.nodes.get(id) ?? graph.groups.get(id))?.parent
    return parent === undefined ? id : outermost(parent)
  }
  return graph.edges
    .filter(({ stroke }) => stroke !== 'hidden')
    .map((edge) => ({ edge, left: outermost(edge.from), right: outermost(edge.to) }))
    .filter(({ left, right }) => left !== right)
}

function components(ids: readonly string[], joints: readonly Joint[]): string[][] {
  const seen = new Set<string>()
  return ids.flatMap((start) => {
    if (seen.has(start)) return []
    const found = [start]
    seen.add(start)
    for (const id of found) {
      for (const next of joints.flatMap((joint) => otherEnd(joint, id) ?? [])) {
        if (!seen.has(next)) found.push(next)
        seen.add(next)
      }
    }
    return [found]
  })
}

function otherEnd({ left, right }: Joint, id: string): string | undefined {
  return left === id ? right : right === id ? left : undefined
}

function drawChain(boxes: readonly Box[], joints: readonly Joint[]): Block | undefined {
  const jointsAt = (box: Box) => joints.filter((joint) => otherEnd(joint, box.id) !== undefined)
  const first = boxes.find((box) => jointsAt(box).length < 2)
  if (first === undefined || joints.length !== boxes.length - 1 || boxes.some((box) => jointsAt(box).length > 2)) {
    return undefined
  }
  const placed = [{ box: first, y: 0, arrival: undefined as Arrival | undefined }]
  for (const { box, arrival } of placed) {
    const joint = jointsAt(box).find(({ edge }) => edge !== arrival?.edge)
    const next = boxes.find(({ id }) => joint !== undefined && id === otherEnd(joint, box.id))
    if (joint === undefined || next === undefined) break
    const { edge } = joint
    const forward = joint.left === box.id
    const leaves = rowOf(box, forward ? edge.from : edge.to)
    const arrives = rowOf(next, forward ? edge.to : edge.from)
    const y = (placed.at(-1)?.y ?? 0) + leaves - arrives
    placed.push({ box: next, y, arrival: { edge, forward, leaves, arrives } })
  }
  const top = placed.reduce((least, { y }) => Math.min(least, y), 0)
  const rows: string[] = []
  let x = 0
  for (const [index, { box, y, arrival }] of placed.entries()) {
    if (arrival) {
      const width = connectorWidth(arrival.edge)
      put(rows, x, y - top + arrival.arrives, [connector(arrival.edge, width, arrival.forward)])
      x += width
    }
    const departure = placed[index + 1]?.arrival
    const entered = arrival ? withPort(box, arrival.arrives, 'left', hasHead(arrival, 'end')) : [...box.lines]
    const lines = departure
      ? withPort({ lines: entered }, departure.leaves, 'right', hasHead(departure, 'start'))
      : entered
    put(rows, x, y - top, lines)
    x += box.width
  }
  return { rows, width: x }
}

interface Arrival {
  readonly edge: GraphEdge
  readonly forward: boolean
  readonly leaves: number
  readonly arrives: number
}

function hasHead({ edge, forward }: Pick<Arrival, 'edge' | 'forward'>, side: 'start' | 'end'): boolean {
  return forward === (side === 'end') ? edge.endArrow : edge.startArrow
}

function rowOf(box: Box, id: string): number {
  return box.rows.get(id) ?? 1
}

/** One box at the right, drawn as high as needed, and all its neighbours below each other at the left. */
function drawComb(graph: Graph, boxes: readonly Box[], joints: readonly Joint[]): Block | undefined {
  const hub = boxes.find(({ id }) => joints.every((joint) => otherEnd(joint, id) !== undefined))
  if (hub === undefined || joints.length !== boxes.length - 1) return undefined
  let height = 0
  const teeth = joints.flatMap(({ edge, left, right }) => {
    const forward = right === hub.id
    const box = boxes.find(({ id }) => id === (forward ? left : right))
    if (box === undefined) return []
    const leaves = rowOf(box, forward ? edge.from : edge.to)
    const tooth = { edge, forward, box, leaves, y: height, target: forward ? edge.to : edge.from }
    height += box.lines.length
    return [tooth]
  })
  const content = hubContent(graph, hub.id, teeth)
  if (content === undefined) return undefined
  const x = teeth.reduce((most, { box, edge }) => Math.max(most, box.width + connectorWidth(edge)), 0)
  const rows: string[] = []
  for (const tooth of teeth) {
    put(rows, 0, tooth.y, withPort(tooth.box, tooth.leaves, 'right', hasHead(tooth, 'start')))
    const line = connector(tooth.edge, x - tooth.box.width, tooth.forward)
    put(rows, tooth.box.width, tooth.y + tooth.leaves, [line])
  }
  const drawn = frame(hub.id, graph.groups.get(hub.id)?.title.trim() ?? '', content, new Map())
  const opened = teeth.reduce<readonly string[]>(
    (lines, tooth) => withPort({ lines }, tooth.y + tooth.leaves, 'left', hasHead(tooth, 'end')),
    drawn.lines,
  )
  put(rows, x, 0, opened)
  return { rows, width: x + drawn.width }
}

interface Tooth {
  readonly target: string
  readonly y: number
  readonly leaves: number
}

/** What stands in the hub, each label opposite its line. Undefined if labels would collide or a line's end be unclear. */
function hubContent(graph: Graph, hub: string, teeth: readonly Tooth[]): string[] | undefined {
  const inside = graph.nodes.has(hub) ? [hub] : childrenOf(graph, hub)
  const targets = new Set(teeth.map(({ target }) => target))
  if (inside.some((id) => graph.groups.has(id)) || (targets.size > 1 && targets.size < teeth.length)) return undefined
  const content: string[] = []
  const labelled = targets.size === 1 ? teeth.slice((teeth.length - 1) >> 1).slice(0, 1) : teeth
  for (const { target, y, leaves } of labelled) {
    if (content.length > y + leaves - 1) return undefined
    while (content.length < y + leaves - 1) content.push('')
    content.push(...(graph.nodes.get(target)?.label ?? []))
  }
  for (const id of inside.filter((other) => !targets.has(other)))
    content.push('', ...(graph.nodes.get(id)?.label ?? []))
  const last = teeth.at(-1)
  while (last && content.length < last.y + last.leaves) content.push('')
  return content
}

/** Side by side while there is room, then further down. */
function shelve(blocks: readonly Block[], width: number): string[] {
  const rows: string[] = []
  let shelf: string[] = []
  let x = 0
  for (const block of blocks) {
    if (x > 0 && x + block.width > width) {
      rows.push(...shelf, '')
      shelf = []
      x = 0
    }
    put(shelf, x, 0, block.rows)
    x += block.width + 2
  }
  return [...rows, ...shelf]
}
