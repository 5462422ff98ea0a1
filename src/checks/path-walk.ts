import type { Remembered } from '../lab/expected.ts'
import type { Packet } from './capture-packet.ts'
import { type Hop, matchHop } from './path-hop.ts'
import { deviceName } from './subjects.ts'

/** A packet on one of the devices that were watched at once. */
export interface SeenPacket extends Packet {
  /** `net1/eth0`, or `br0` on the host. */
  readonly device: string
  /** Nanoseconds since the first packet of all. */
  readonly time: number
}

/** How far a packet came: one sighting for each hop, and the first hop where it was not seen. */
export interface Walk {
  readonly sightings: readonly SeenPacket[]
  readonly missing: Hop | undefined
  readonly remembered: Remembered
}

export interface Walks {
  readonly there: Walk
  /** Undefined where no way back is asked for, or nothing got there. */
  readonly back: Walk | undefined
}

/**
 * Looks for a packet that was seen on all hops, one after the other, and for its answer on the way back. Where there is
 * none, what came furthest. `packets` are in the order in which they were seen.
 */
export function findWalks(
  packets: readonly SeenPacket[],
  hops: readonly Hop[],
  hopsBack: readonly Hop[],
  remembered: Remembered,
): Walks {
  let best: Walks = { there: { sightings: [], missing: hops[0], remembered }, back: undefined }
  for (const there of walksOf(packets, hops, remembered, () => true)) {
    const back = there.missing || hopsBack.length === 0 ? undefined : findBack(packets, there, hopsBack)
    const found = { there, back }
    if (isComplete(found)) return found
    if (reach(found) > reach(best)) best = found
  }
  return best
}

export function isComplete({ there, back }: Walks): boolean {
  return there.missing === undefined && back?.missing === undefined
}

/** All sightings of the same packet, also where no hop asks for it; each way that it looked on a device only once. */
export function sightingsOf(packets: readonly SeenPacket[], one: SeenPacket): SeenPacket[] {
  const same = packets.filter((packet) => isSame(packet, one))
  const looks = same.map((packet) => [packet.device, packet.source, packet.destination, packet.ttl].join(' '))
  return same.filter((_, index) => looks.indexOf(looks[index]!) === index)
}

function findBack(packets: readonly SeenPacket[], there: Walk, hops: readonly Hop[]): Walk {
  const asked = there.sightings[0]!
  const isAnswer = (packet: SeenPacket) => packet.time >= asked.time && answers(packet, asked)
  let best: Walk = { sightings: [], missing: hops[0], remembered: there.remembered }
  for (const walk of walksOf(packets, hops, there.remembered, isAnswer)) {
    if (walk.missing === undefined) return walk
    if (walk.sightings.length > best.sightings.length) best = walk
  }
  return best
}

/** As far as can be seen: UDP has nothing that tells which packet answers which. */
function answers(packet: SeenPacket, asked: SeenPacket): boolean {
  const isError = packet.protocol.startsWith('icmp') && packet.answers === '' && packet.asks === ''
  if (isError) return true
  return packet.protocol === asked.protocol && packet.answers === asked.asks
}

function* walksOf(
  packets: readonly SeenPacket[],
  hops: readonly Hop[],
  remembered: Remembered,
  isMeant: (packet: SeenPacket) => boolean,
): Generator<Walk> {
  const [first, ...others] = hops
  const sightings = new Map<string, SeenPacket[]>()
  for (const packet of packets) {
    const same = sightings.get(packet.identity)
    if (same) same.push(packet)
    else sightings.set(packet.identity, [packet])
  }
  for (const packet of packets) {
    if (!first || packet.device !== deviceName(first.device) || !isMeant(packet)) continue
    const known = matchHop(first, packet, remembered)
    const same = packet.identity === '' ? [packet] : sightings.get(packet.identity)!
    if (known) yield follow(same, packet, others, known)
  }
}

/** `same`: all sightings of the packet. */
function follow(same: readonly SeenPacket[], first: SeenPacket, hops: readonly Hop[], known: Remembered): Walk {
  const sightings = [first]
  let remembered = known
  for (const hop of hops) {
    const next = nextSighting(same, sightings, hop, remembered)
    if (!next) return { sightings, missing: hop, remembered }
    sightings.push(next.packet)
    remembered = next.remembered
  }
  return { sightings, missing: undefined, remembered }
}

/** Later than the one before, or at the same time: the kernel may give a bridge the time stamp of its port. */
function nextSighting(
  same: readonly SeenPacket[],
  before: readonly SeenPacket[],
  hop: Hop,
  known: Remembered,
): { packet: SeenPacket; remembered: Remembered } | undefined {
  for (const packet of same) {
    const isNext = packet.device === deviceName(hop.device) && packet.time >= before.at(-1)!.time
    if (!isNext || before.includes(packet)) continue
    const remembered = matchHop(hop, packet, known)
    if (remembered) return { packet, remembered }
  }
  return undefined
}

function isSame(packet: SeenPacket, one: SeenPacket): boolean {
  return packet === one || (one.identity !== '' && packet.identity === one.identity)
}

function reach({ there, back }: Walks): number {
  return there.sightings.length + (back?.sightings.length ?? 0)
}
