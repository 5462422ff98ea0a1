import { readPcap } from '../checks/capture-file.ts'
import { type Packet, readPacket } from '../checks/capture-packet.ts'
import { Capture } from '../checks/capture-process.ts'
import type { Probe } from '../checks/check.ts'
import { ProbeError } from '../world/probes.ts'
import type { Facts } from './facts.ts'
import type { Hop } from './journey.ts'

/** A packet that was really on a device. */
export interface Sighting {
  readonly place: string
  readonly device: string
  readonly source: string
  readonly destination: string
  readonly isAnswer: boolean
}

/** Enough for the headers; kilobytes of the kernel for few packets. */
const OPTIONS = { device: 'any', filter: 'icmp or tcp', snapshot: 128, buffer: 1024 }

/** A watch on all devices. */
interface Watch {
  /** Ends it, when all that was seen so far has been read. */
  stop(): Promise<void>
  /** What was seen; undefined where it could not be watched. */
  readonly seen: () => readonly Sighting[] | undefined
}

/** Begins to watch all devices of all places. */
export async function watchAll(probe: Probe, facts: Facts): Promise<Watch> {
  const places = [...facts.places.keys()]
  const started = await Promise.allSettled(places.map((place) => Capture.start(probe, { ...OPTIONS, place })))
  const captures = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  let seen: Sighting[] | undefined
  const read = async () => {
    if (captures.length < places.length) return
    await Promise.all(captures.map((capture) => capture.drain()))
    seen = captures.flatMap((capture, index) => sightingsOf(capture, facts, places[index]!))
  }
  const stop = async () => {
    await read().catch(ignoreTrouble)
    for (const capture of captures) capture.end('it is not needed any more')
  }
  return { stop, seen: () => seen }
}

/** Without a tcpdump that works, less is known. */
function ignoreTrouble(error: unknown): void {
  if (!(error instanceof ProbeError)) throw error
}

/** Whether a packet was seen where it was expected. */
export function isSeen(sightings: readonly Sighting[], { place, device, ends, isAnswer }: Hop): boolean {
  return sightings.some(
    (one) =>
      one.place === place &&
      one.device === device &&
      one.isAnswer === isAnswer &&
      one.source === ends.source &&
      one.destination === ends.destination,
  )
}

/** Where `any` tells the number of the real device (LINKTYPE_LINUX_SLL2). */
const SLL2 = { linkType: 276, indexAt: 4 }

function sightingsOf(capture: Capture, facts: Facts, place: string): Sighting[] {
  const file = capture.packets.from(0)
  if (!file || capture.packets.count === 0) return []
  const { header, records } = readPcap(file)
  if (header.linkType !== SLL2.linkType) throw new ProbeError('trouble', 'tcpdump does not tell the devices of packets')
  const names = new Map([...facts.places.get(place)!.devices.values()].map(({ ifindex, ifname }) => [ifindex, ifname]))
  return records.flatMap((record) => {
    const device = names.get(record.bytes.readUInt32BE(SLL2.indexAt))
    const packet = readPacket(record, header)
    const isAnswer = packet && answers(packet)
    if (device === undefined || isAnswer === undefined) return []
    return { place, device, source: packet!.source, destination: packet!.destination, isAnswer }
  })
}

/** Undefined for what is neither a ping nor one of the first two packets of a connection. */
function answers({ protocol, asks, answers, summary }: Packet): boolean | undefined {
  if (protocol === 'icmp') return asks !== '' ? false : answers !== '' ? true : undefined
  if (/^TCP \[S\]/.test(summary)) return false
  return /^TCP \[(S\.|R\.?)\]/.test(summary) ? true : undefined
}
