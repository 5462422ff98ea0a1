import type { TracedHeaders, TraceEvent } from './trace-events.ts'
import { chainName, type RuleBook, ruleKey } from './trace-rules.ts'

/** A place that a packet came by. */
export interface TraceHop {
  /** Counts in time, over all packets. */
  readonly order: number
  /** `filter:FORWARD`, `eb:nat:PREROUTING`. */
  readonly chain: string
  /** What decided there: a rule by its number, the policy; undefined: the packet was sent into the chain by a jump. */
  readonly by: number | 'policy' | undefined
  readonly verdict: string
  /** What follows `-j` in the rule. */
  readonly target: string | undefined
  readonly rule: string | undefined
}

export interface TracedPacket {
  /** From 1, in the order in which they came. */
  readonly number: number
  /** `icmp echo-request 10.0.0.1 > 10.0.0.2`, as it was when it came. */
  readonly summary: string
  readonly hops: readonly TraceHop[]
}

/** All tables that labrun itself makes for a trace begin like this. */
export const OWN_TABLES = 'labrun_trace_'

interface Packet {
  readonly summary: string
  readonly hops: TraceHop[]
  asked: boolean
}

/**
 * Sorts events by packet, and leaves out the packets that the rules in `ownTable` did not ask for. The kernel's own
 * numbers do not do: it uses them again, and a frame that is flooded has one for each port.
 */
export function sortPackets(events: readonly TraceEvent[], ownTable: string, book: RuleBook): TracedPacket[] {
  const all = new Map<string, Packet>()
  const current = new Map<number, Packet>()
  for (const [order, event] of events.entries()) {
    const packet = event.packet ? sameOrNew(event.packet, all) : current.get(event.id)
    if (!packet) continue
    current.set(event.id, packet)
    // Where a packet is marked already, the kernel tells of the end of the chain too, as a rule without a handle.
    if (event.table === ownTable && event.handle !== undefined) packet.asked = true
    if (!event.table.startsWith(OWN_TABLES)) packet.hops.push(...hopsOf(event, order, book))
  }
  const asked = [...all.values()].filter((packet) => packet.asked)
  return asked.map(({ summary, hops }, index) => ({ number: index + 1, summary, hops }))
}

function sameOrNew(headers: TracedHeaders, all: Map<string, Packet>): Packet {
  const key = identity(headers)
  const packet = all.get(key) ?? { summary: summarise(headers), hops: [], asked: false }
  all.set(key, packet)
  return packet
}

function hopsOf(event: TraceEvent, order: number, book: RuleBook): TraceHop[] {
  const { family, table, type, verdict, handle, target } = event
  // That the end of a chain was reached: no rule decided, and what comes next tells of it.
  if (type !== 'policy' && handle === undefined) return []
  const chain = chainName(family, table, event.chain)
  const place = handle === undefined ? undefined : book.rules.get(ruleKey({ ...event, handle }))
  const rule = place?.text
  const by = type === 'policy' ? type : place?.position
  const jump = target ?? (rule && /(?:^| )-[jg] (\S+)/.exec(rule)?.[1])
  const hop = { order, chain, by, verdict, target: jump, rule }
  if (target === undefined) return [hop]
  // Nothing is told of a chain in which no rule decides.
  const inside = { by: undefined, verdict: '', target: undefined, rule: undefined }
  return [hop, { order, chain: chainName(family, table, target), ...inside }]
}

/**
 * What stays the same on a packet's way, through NAT and routers too: identification, length, protocol and fragment
 * offset; of TCP the numbers and flags, of ICMP and UDP the beginning of what they carry.
 */
function identity({ network, transport }: TracedHeaders): string {
  if (network.length < 20 || network[0]! >> 4 !== 4) return network.toString('hex')
  const fragment = network.readUInt16BE(6) & 0x1fff
  const kept: Readonly<Record<number, readonly Buffer[]>> = {
    1: [transport.subarray(0, 2), transport.subarray(6, 18)],
    6: [transport.subarray(4, 14)],
    17: [transport.subarray(4, 6), transport.subarray(8)],
  }
  const parts = kept[network[9]!] ?? [transport]
  return [network.toString('hex', 2, 6), network[9], fragment, ...parts.map((part) => part.toString('hex'))].join(' ')
}

const ICMP_TYPES: Readonly<Record<number, string>> = {
  0: 'echo-reply',
  3: 'destination-unreachable',
  5: 'redirect',
  8: 'echo-request',
  11: 'time-exceeded',
}
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' }
const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG']

function summarise({ network, transport }: TracedHeaders): string {
  if (network.length < 20 || network[0]! >> 4 !== 4) return 'a packet that is not IPv4'
  const protocol = PROTOCOLS[network[9]!] ?? `protocol ${network[9]}`
  const hasPorts = (protocol === 'tcp' || protocol === 'udp') && transport.length >= 4
  const port = (offset: number) => (hasPorts ? `:${transport.readUInt16BE(offset)}` : '')
  const from = `${[...network.subarray(12, 16)].join('.')}${port(0)}`
  const to = `${[...network.subarray(16, 20)].join('.')}${port(2)}`
  const type = protocol === 'icmp' && transport.length > 0 ? [ICMP_TYPES[transport[0]!] ?? `type ${transport[0]}`] : []
  const flags = protocol === 'tcp' && transport.length > 13 ? FLAGS.filter((_, bit) => (transport[13]! >> bit) & 1) : []
  return [protocol, ...type, from, '>', to, ...(flags.length > 0 ? [flags.join('+')] : [])].join(' ')
}
