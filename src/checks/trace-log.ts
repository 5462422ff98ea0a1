import { savedLines } from './rules/saved-lines.ts'
import { type LogFields, matchesLog, type TraceMatch } from './trace-match.ts'
import type { TraceHop } from './trace-packets.ts'
import { chainName, savedRules } from './trace-rules.ts'
import type { TraceSeen } from './trace-watch.ts'

/** A packet, or a frame of which only ebtables has told so far: that has no identity. */
interface Packet {
  identity: string | undefined
  /** As it was when it came. */
  fields: LogFields
  /** As it was last: NAT may have changed it. */
  latest: LogFields
  readonly hops: TraceHop[]
}

/**
 * Reads lines of the kernel's log: `TRACE: filter:FORWARD:rule:3 IN=… OUT=… SRC=…` of iptables (net/ipv4/netfilter/ip_tables.c,
 * trace_packet), and what ebtables logs under a prefix that names a chain (net/bridge/netfilter/ebt_log.c). Others are passed
 * over. `iptables` is what `iptables-legacy-save` prints: the log has the numbers of rules and not what they decide.
 */
export function readKernelLog(lines: readonly string[], match: TraceMatch, iptables: string): TraceSeen {
  const rules = savedRules('ip', iptables)
  const policies = savedPolicies(iptables)
  const packets: Packet[] = []
  for (const [order, line] of lines.entries()) {
    const [, traced, kind = '', number = '', tracedFields = ''] = TRACED.exec(line) ?? []
    const [, logged, loggedFields = ''] = LOGGED.exec(line) ?? []
    if (traced !== undefined) {
      const packet = packetOf(fieldsOf(tracedFields), packets)
      packet.hops.push({
        order,
        chain: traced,
        ...decision(kind, Number(number), rules.get(traced), policies.get(traced)),
      })
    } else if (logged !== undefined) {
      const hop = { order, chain: logged, by: undefined, verdict: '', target: undefined, rule: undefined }
      frameOf(logged, fieldsOf(loggedFields), packets).hops.push(hop)
    }
  }
  const asked = packets.filter(({ fields }) => matchesLog(match, fields))
  return {
    packets: asked.map(({ fields, hops }, index) => ({ number: index + 1, summary: summarise(fields), hops })),
    chains: new Set([...policies.keys(), ...BRIDGE_CHAINS]),
  }
}

const TRACED = /^TRACE: (\w+:[\w.-]+):(rule|policy|return):(\d+) (.*)$/
const LOGGED = /^(eb:\w+:[\w.-]+)[: ]+(IN=.*)$/

const BRIDGE_CHAINS = [
  ...['eb:broute:BROUTING', 'eb:nat:PREROUTING', 'eb:nat:OUTPUT', 'eb:nat:POSTROUTING'],
  ...['eb:filter:INPUT', 'eb:filter:FORWARD', 'eb:filter:OUTPUT'],
]

/** The packet that iptables tells of; new, it may be the one that ebtables has just seen come in. */
function packetOf(fields: LogFields, packets: Packet[]): Packet {
  const key = identityOf(fields)
  let packet = packets.findLast(({ identity }) => identity === key)
  if (!packet) {
    packet = packets.findLast(({ identity, latest }) => identity === undefined && isSameWay(latest, fields))
    if (packet) packet.fields = fields
    else {
      packet = { identity: key, fields, latest: fields, hops: [] }
      packets.push(packet)
    }
    packet.identity = key
  }
  packet.latest = fields
  return packet
}

/** The packet that a frame carries: ebtables does not tell its identification, so it is the last one that it can be. */
function frameOf(chain: string, fields: LogFields, packets: Packet[]): Packet {
  const recent = packets.reduce<Packet | undefined>(
    (one, other) => (one && lastOrder(one) > lastOrder(other) ? one : other),
    undefined,
  )
  const changed = recent && isAkin(recent.latest, fields) ? recent : undefined
  const last = packets.findLast(({ latest }) => isSameWay(latest, fields)) ?? changed
  const comesIn =
    chain === 'eb:broute:BROUTING' ||
    (chain === 'eb:nat:PREROUTING' && last?.hops.at(-1)?.chain !== 'eb:broute:BROUTING')
  if (last && !comesIn) return last
  const frame = { identity: undefined, fields, latest: fields, hops: [] }
  packets.push(frame)
  return frame
}

/** `SRC=…`, and of ebtables `IP SRC=…, IP DST=…`. The second `ID` is that of ICMP. */
function fieldsOf(text: string): LogFields {
  const fields: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(/\b(\w+)=(\S*?)(?=,?(?:\s|$))/g)) {
    fields[name in fields ? `${name}2` : name] = value
  }
  const number = fields.proto
  if (number !== undefined && fields.PROTO === undefined) fields.PROTO = PROTOCOLS[Number(number)] ?? number
  return fields
}

const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP' }

/** What stays the same through NAT and routers. */
function identityOf(fields: LogFields): string {
  return ['PROTO', 'ID', 'LEN', 'FRAG', 'TYPE', 'CODE', 'ID2', 'SEQ', 'ACK'].map((name) => fields[name] ?? '').join(' ')
}

function isSameWay(one: LogFields, other: LogFields): boolean {
  return one.PROTO === other.PROTO && one.SRC === other.SRC && one.DST === other.DST
}

function lastOrder({ hops }: Packet): number {
  return hops.at(-1)?.order ?? -1
}

/** NAT may have changed one of the addresses between iptables and ebtables. */
function isAkin(one: LogFields, other: LogFields): boolean {
  return one.PROTO === other.PROTO && (one.SRC === other.SRC || one.DST === other.DST)
}

function decision(
  kind: string,
  number: number,
  rules: readonly string[] | undefined,
  policy: string | undefined,
): Omit<TraceHop, 'order' | 'chain'> {
  const rule = rules?.[number - 1]
  // A rule for all packets that accepts, drops or returns looks to the kernel like the end of its chain.
  if (!rule && kind === 'policy') return { by: 'policy', verdict: policy ?? '', target: undefined, rule }
  if (!rule && kind === 'return') return { by: undefined, verdict: '', target: undefined, rule }
  const target = rule && /(?:^| )-[jg] (\S+)/.exec(rule)?.[1]
  const verdict =
    target === undefined ? 'CONTINUE' : FINAL.test(target) ? target : /^[A-Z]+$/.test(target) ? 'CONTINUE' : 'JUMP'
  return { by: number, verdict, target, rule }
}

const FINAL = /^(?:ACCEPT|DROP|RETURN|QUEUE|REJECT)$/

/** `:FORWARD DROP [3:252]` in the format of iptables-save(8); chains of one's own have no policy. */
function savedPolicies(listing: string): Map<string, string> {
  const found = new Map<string, string>()
  let table = ''
  for (const line of savedLines(listing)) {
    if (line.startsWith('*')) table = line.slice(1).trim()
    const [, chain, policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? []
    if (chain !== undefined) found.set(chainName('ip', table, chain), policy)
  }
  return found
}

const TYPES: Readonly<Record<string, string>> = { 0: 'echo-reply', 3: 'destination-unreachable', 8: 'echo-request' }

function summarise(fields: LogFields): string {
  const protocol = (fields.PROTO ?? '').toLowerCase()
  const type =
    protocol === 'icmp' ? (fields.TYPE === undefined ? [] : [TYPES[fields.TYPE] ?? `type ${fields.TYPE}`]) : []
  const end = (address: 'SRC' | 'DST', port: 'SPT' | 'DPT') =>
    `${fields[address]}${fields[port] ? `:${fields[port]}` : ''}`
  return [protocol, ...type, end('SRC', 'SPT'), '>', end('DST', 'DPT')].join(' ')
}
