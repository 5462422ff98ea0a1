import { z } from 'zod'
import { ProbeError } from '../world/probes.ts'
import { noteCapture, tcpdumpText } from './capture-text.ts'
import { Captures, type CaptureWatch } from './captures.ts'
import { defineCheck, duringKey, type Judgement } from './check.ts'
import { endText, type Hop, hopSchema, matchHop } from './path-hop.ts'
import { drawWalks } from './path-picture.ts'
import { findWalks, isComplete, type SeenPacket, type Walk, type Walks } from './path-walk.ts'
import { type DeviceSlice, inOrder, slicesOf, watchEverywhere } from './path-watch.ts'
import { deviceName, fromToSchema, oneOrMore } from './subjects.ts'

export interface PathSeen {
  /** On all devices, in the order in which they were seen. */
  readonly packets: readonly SeenPacket[]
  /** By device: packets that the kernel could not hand over to tcpdump. */
  readonly dropped: Readonly<Record<string, number>>
}

export interface PathArmed {
  readonly watches: readonly CaptureWatch[]
  /** With which the names of the files begin in which the packets are kept. */
  readonly number: string
  /** Where the watch has ended. */
  readonly slices?: readonly DeviceSlice[]
}

export const path = defineCheck({
  kind: 'path',
  tools: ['tcpdump', 'ip'],
  schema: z.strictObject({
    path: fromToSchema.describe('FROM -> ADDRESS, for people'),
    hops: oneOrMore(hopSchema).describe('NS/IF SOURCE > DESTINATION, one for each device, in order'),
    back: oneOrMore(hopSchema).optional().describe('the same for the answer'),
    filter: z.string().min(1).optional().describe('in the language of tcpdump: icmp'),
    ...duringKey,
  }),
  within: () => 0,

  async arm({ hops, back = [], filter }, probe): Promise<PathArmed> {
    const watches = await watchEverywhere(probe, devicesOf(hops, back), filter)
    return { watches, number: Captures.of(probe).nextNumber() }
  },

  end: async ({ hops, back = [] }, probe, armed) => ({
    ...armed,
    slices: await slicesOf(probe, armed.watches, devicesOf(hops, back)),
  }),

  async observe({ hops, back = [], filter }, probe, { watches, number, slices: ended }): Promise<PathSeen> {
    const named = devicesOf(hops, back)
    const slices = ended ?? (await slicesOf(probe, watches, named))
    const packets = inOrder(slices)
    const complete = isComplete(findWalks(packets, hops, back, new Map()))
    for (const device of named) {
      const { pcap, count } = slices.find((slice) => deviceName(slice.device) === deviceName(device))!
      const kept = count > 0 ? probe.keep(`${number}-${device.place}-${device.device}.pcap`, pcap) : undefined
      if (!kept && complete) continue
      noteCapture(probe, { ...device, filter, kept }, await tcpdumpText(probe, pcap, count))
    }
    const dropped = Object.fromEntries(slices.map((slice) => [deviceName(slice.device), slice.dropped]))
    return { packets, dropped }
  },

  judge({ path: { from, to }, hops, back = [] }, { packets, dropped }, remembered): Judgement {
    const walks = findWalks(packets, hops, back, remembered)
    const holds = isComplete(walks)
    const picture = drawWalks(packets, walks)
    const expected = `${from} -> ${to} by ${wayText(hops)}${back.length > 0 ? `; back by ${wayText(back)}` : ''}`
    if (holds) return { holds, expected, actual: picture, remembered: (walks.back ?? walks.there).remembered }
    const actual = [whatIsMissing(walks, packets), picture].filter((part) => part !== '').join('\n')
    const lost = Object.entries(dropped).filter(([, count]) => count > 0)
    if (lost.length === 0) return { holds, expected, actual }
    const counts = lost.map(([device, count]) => `${count} on ${device}`).join(', ')
    throw new ProbeError('trouble', `packets dropped by the kernel, so not all of them were seen: ${counts}\n${actual}`)
  },

  question({ path: { from, to }, hops, filter = '' }) {
    const [, address = '', port] = [to, hops[0]?.to ?? ''].map((end) => END.exec(end)).find((end) => end) ?? []
    const isTcp = port !== undefined && !/\budp\b/.test(filter)
    if (isTcp) return { from, to: address, protocol: 'tcp', port: Number(port) }
    return /\b(tcp|udp|port)\b/.test(filter) ? undefined : { from, to, protocol: 'icmp' }
  },
})

/** An address of IPv4 with a port. */
const END = /^([\d.]+):(\d+)$/

function devicesOf(hops: readonly Hop[], back: readonly Hop[]): Hop['device'][] {
  const devices = [...hops, ...back].map(({ device }) => device)
  return devices.filter((one, index) => devices.findIndex((other) => deviceName(other) === deviceName(one)) === index)
}

function wayText(hops: readonly Hop[]): string {
  return hops.map(hopText).join(', ')
}

function hopText({ device, from, to }: Hop): string {
  return `${deviceName(device)} ${from} > ${to}`
}

/** Where the packet was last, and what was on the next device instead. */
function whatIsMissing({ there, back }: Walks, packets: readonly SeenPacket[]): string {
  const [walk, name] = there.missing ? [there, 'packet'] : [back ?? there, 'answer']
  const hop = walk.missing!
  const last = walk.sightings.at(-1)
  const where = last ? `the ${name} was seen on ${last.device}, but then not` : `the ${name} was not seen`
  return `${where} on ${deviceName(hop.device)} as ${hop.from} > ${hop.to}; ${instead(hop, walk, packets)}`
}

const MOST_SHOWN = 5

function instead(hop: Hop, { sightings, remembered }: Walk, packets: readonly SeenPacket[]): string {
  const name = deviceName(hop.device)
  const here = packets.filter((packet) => packet.device === name && !sightings.includes(packet))
  if (here.length === 0) return `nothing ${sightings.some((one) => one.device === name) ? 'else ' : ''}was seen there`
  const identity = sightings.at(-1)?.identity
  const same = identity ? here.find((packet) => packet.identity === identity) : undefined
  if (same) return matchHop(hop, same, remembered) ? 'it had been there before' : `there it was ${endsText(same)}`
  const texts = [...new Set(here.map((packet) => `${endsText(packet)} (${packet.summary})`))]
  const rest = texts.length > MOST_SHOWN ? [`… ${texts.length - MOST_SHOWN} more`] : []
  return `there was: ${[...texts.slice(0, MOST_SHOWN), ...rest].join('; ')}`
}

function endsText({ source, sourcePort, destination, destinationPort }: SeenPacket): string {
  return `${endText(source, sourcePort)} > ${endText(destination, destinationPort)}`
}
