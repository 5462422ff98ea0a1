import { endText } from './path-hop.ts'
import { type SeenPacket, sightingsOf, type Walks } from './path-walk.ts'

/**
 * Draws the way of a packet and of its answer for people, one line for each device; an address that was rewritten since
 * the line before stands between asterisks. Empty if nothing was seen.
 */
export function drawWalks(packets: readonly SeenPacket[], { there, back }: Walks): string {
  const ways = [
    { name: 'there', first: there.sightings[0] },
    { name: 'back', first: back?.sightings[0] },
  ]
  const drawn = ways.flatMap(({ name, first }) => (first ? [{ name, first, rows: rowsOf(packets, first) }] : []))
  const all = drawn.flatMap(({ rows }) => rows)
  const widths = ['device', 'source', 'destination'] as const
  const width = (column: (typeof widths)[number]) => Math.max(0, ...all.map((row) => row[column].length))
  const [device, source, destination] = widths.map(width) as [number, number, number]
  return drawn
    .flatMap(({ name, first, rows }) => [
      `${name}: ${first.summary}`,
      ...rows.map((row) => {
        const ends = `${row.source.padEnd(source)} > ${row.destination.padEnd(destination)}`
        return `  ${row.device.padEnd(device)}  ${ends}  ${row.remark}`.trimEnd()
      }),
    ])
    .join('\n')
}

interface Row {
  readonly device: string
  readonly source: string
  readonly destination: string
  readonly remark: string
}

function rowsOf(packets: readonly SeenPacket[], first: SeenPacket): Row[] {
  const sightings = sightingsOf(packets, first)
  return sightings.map((packet, index) => {
    const before = sightings[index - 1] ?? packet
    const source = endText(packet.source, packet.sourcePort)
    const destination = endText(packet.destination, packet.destinationPort)
    const newSource = source !== endText(before.source, before.sourcePort)
    const newDestination = destination !== endText(before.destination, before.destinationPort)
    const remarks = [
      ...(packet.ttl === undefined ? [] : [`ttl ${packet.ttl}`]),
      ...(newSource ? ['source rewritten'] : []),
      ...(newDestination ? ['destination rewritten'] : []),
    ]
    return {
      device: packet.device,
      source: newSource ? `*${source}*` : source,
      destination: newDestination ? `*${destination}*` : destination,
      remark: remarks.join(', '),
    }
  })
}
