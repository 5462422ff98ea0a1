import { isIPv6 } from 'node:net'
import { z } from 'zod'
import { compileLine, matchLine, type Remembered } from '../lab/expected.ts'
import type { Packet } from './capture-packet.ts'
import { type Device, deviceSchema } from './subjects.ts'

/** A device that a packet must be seen on, and with which addresses. */
export interface Hop {
  readonly device: Device
  /** `ADDRESS`, `ADDRESS:PORT` or, for IPv6, `[ADDRESS]:PORT`; with the placeholders of output blocks. */
  readonly from: string
  readonly to: string
}

const HOP = /^\s*(\S+)\s+(\S+)\s+>\s+(\S+)\s*$/

export const hopSchema = z
  .string()
  .regex(HOP, { error: 'expected NS/IF SOURCE > DESTINATION, as net1/eth0 10.0.0.1 > 10.0.0.2' })
  .transform((text, context): Hop => {
    const [, name = '', from = '', to = ''] = HOP.exec(text) ?? []
    const device = deviceSchema.safeParse(name)
    const problems = device.success ? compileLine(`${from} > ${to}`).problems : device.error.issues
    for (const { message } of problems) context.addIssue({ code: 'custom', message })
    return { device: device.data ?? { place: '', device: '' }, from, to }
  })

/** What is remembered if the packet has the addresses of the hop, otherwise undefined. */
export function matchHop({ from, to }: Hop, packet: Packet, remembered: Remembered): Remembered | undefined {
  const hasPorts = packet.sourcePort !== undefined
  if (packet.protocol === 'arp' || (!hasPorts && (hasPort(from) || hasPort(to)))) return undefined
  const source = endText(packet.source, hasPort(from) ? packet.sourcePort : undefined)
  const destination = endText(packet.destination, hasPort(to) ? packet.destinationPort : undefined)
  return matchLine(patternOf(`${from} > ${to}`), `${source} > ${destination}`, remembered)
}

/** `10.0.0.1:80`, `[fd00::1]:80`; without a port only the address. */
export function endText(address: string, port: number | undefined): string {
  if (port === undefined) return address
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}

const patterns = new Map<string, ReturnType<typeof compileLine>['pattern']>()

function patternOf(text: string) {
  const known = patterns.get(text) ?? compileLine(text).pattern
  patterns.set(text, known)
  return known
}

/** An IPv6 address has colons of its own, and so has a placeholder. */
function hasPort(end: string): boolean {
  const colons = end.replace(/<[^<>]*>|\{\{[^{}]*\}\}/g, '').match(/:/g)?.length ?? 0
  return colons === 1 || end.includes(']:')
}
