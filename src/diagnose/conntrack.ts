import type { Journey } from './journey.ts'
import { type Ends, endsOf, type Flow, type Packet, sameEnds, turned } from './packet.ts'

/** What conntrack does with a packet when it comes to a place, or is made there: finds out what it belongs to. */
export function track({ flows }: Journey, place: string, packet: Packet): Packet {
  if (packet.state === 'UNTRACKED') return packet
  const known = flows.get(place) ?? []
  if (packet.isAnswer) {
    const flow = known.find((one) => isAnswerTo(one, packet))
    return { ...packet, flow, state: flow ? 'ESTABLISHED' : 'INVALID' }
  }
  const seen = known.find((one) => isOf(one, packet))
  const flow = seen ?? { original: endsOf(packet), reply: undefined }
  if (!seen) flows.set(place, [...known, flow])
  return { ...packet, flow, state: 'NEW' }
}

/** What conntrack does at the end: remembers what an answer will look like. */
export function confirm(packet: Packet): void {
  if (packet.flow && !packet.isAnswer) packet.flow.reply ??= turned(packet)
}

/** Whether the rules of nat have nothing to say any more: they are for the first packet, and are asked once. */
export function isTranslated({ flow, state }: Packet): boolean {
  return state !== 'NEW' || flow?.reply !== undefined
}

/** An answer gets the addresses back: at `destination` the one that the question came from, at `source` the other. */
export function translateBack(packet: Packet, side: 'source' | 'destination'): Packet {
  if (packet.state !== 'ESTABLISHED' || !packet.flow) return packet
  const { source, sourcePort, destination, destinationPort } = turned(packet.flow.original)
  return side === 'destination' ? { ...packet, destination, destinationPort } : { ...packet, source, sourcePort }
}

/** On `lo` a packet comes by a second time, when it is translated already. */
function isOf({ original, reply }: Flow, ends: Ends): boolean {
  return sameEnds(original, ends) || (reply !== undefined && sameEnds(turned(reply), ends))
}

function isAnswerTo({ original, reply }: Flow, ends: Ends): boolean {
  return (reply !== undefined && sameEnds(reply, ends)) || sameEnds(turned(original), ends)
}
