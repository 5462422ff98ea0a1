import { type LogFields, matchesLog, type TraceMatch } from './trace-match.ts'
import type { TracedPacket, TraceHop } from './trace-packets.ts'
import { chainName, savedRules } from './trace-rules.ts'

interface Seen {
  readonly packets: readonly TracedPacket[]
  readonly chains: ReadonlySet<string>
}

interface Packet {
  readonly summary: string
  readonly fields: LogFields
  readonly hops: TraceHop[]
}

/** What `iptables-legacy-save` and `ebtables-legacy-save` print. */
interface Listings {
  readonly iptables: string
  readonly ebtables: string
}

/**
 * Reads lines of the kernel's log: `TRACE: filter:FORWARD:rule:3 IN=… OUT=… SRC=…` of iptables (net/ipv4/netfilter/ip_tables.c,
 * trace_packet), and what ebtables logs under a prefix that names a chain (net/bridge/netfilter/ebt_log.c). Others are passed over.
 */
export function readKernelLog(lines: readonly string[], match: TraceMatch, listings: Listings): Seen {
  const rules = savedRules('ip', listings.iptables)
  const policies = savedPolicies(listings.iptables)
  const packets = new Map<string, Packet>()
  let waiting: { fields: LogFields; hop: TraceHop }[] = []
  let last: Packet | undefined
  for (const [order, line] of lines.entries()) {
    const traced = TRACED.exec(line)
    const logged = LOGGED.exec(line)
    if (traced) {
      const [, table = '', chain = '', kind = '', number = '', rest = ''] = traced
      const fields = fieldsOf(rest)
      const key = identity(fields)
      last = packets.get(key) ?? { summary: summarise(fields), fields, hops: [] }
      packets.set(key, last)
      // What ebtables has logged on the way in is of the packet that iptables tells of next.
      const own = waiting.filter((one) => isSameWay(one.fields, fields))
      last.hops.push(...own.map(({ hop }) => hop))
      waiting = waiting.filter((one) => !own.includes(one))
      const name = `${table}:${chain}`
      last.hops.push({ order, chain: name, ...decision(kind, Number(number), rules.get(name), policies.get(name)) })
    } else if (logged) {
      const [, chain = '', rest = ''] = logged
      const fields = fieldsOf(rest)
      const hop = { order, chain, by: undefined, verdict: '', target: undefined, rule: undefined }
      if (/:(?:BROUTING|PREROUTING)$/.test(chain) || !last) waiting.push({ fields, hop })
      else last.hops.push(hop)
    }
  }
  const asked = [...packets.values()].filter(({ fields }) => matchesLog(match, fields))
  return {
    packets: asked.map(({ summary, hops }, index) => ({
      number: index + 1,
      summary,
      hops: hops.toSorted((one, other) => one.order - other.order),
    })),
    chains: new Set([...policies.keys(), ...savedPolicies(listings.ebtables, 'bridge').keys()]),
  }
}

const TRACED = /^TRACE: (\w+):([\w.-]+):(rule|policy|return):(\d+) (.*)$/
const LOGGED = /^(eb:\w+:[\w.-]+)[: ]+(IN=.*)$/

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
function identity(fields: LogFields): string {
  return ['PROTO', 'ID', 'LEN', 'FRAG', 'TYPE', 'CODE', 'ID2', 'SEQ', 'ACK'].map((name) => fields[name] ?? '').join(' ')
}

function isSameWay(one: LogFields, other: LogFields): boolean {
  return one.SRC === other.SRC && one.DST === other.DST && one.PROTO === other.PROTO
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
function savedPolicies(listing: string, family = 'ip'): Map<string, string> {
  const found = new Map<string, string>()
  let table = ''
  for (const line of listing.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim()
    const [, chain, policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? []
    if (chain !== undefined) found.set(chainName(family, table, chain), policy)
  }
  return found
}

const TYPES: Readonly<Record<string, string>> = { 0: 'echo-reply', 3: 'destination-unreachable', 8: 'echo-request' }

function summarise(fields: LogFields): string {
  const protocol = (fields.PROTO ?? '').toLowerCase()
  const type = protocol === 'icmp' ? [TYPES[fields.TYPE ?? ''] ?? `type ${fields.TYPE}`] : []
  const end = (address: 'SRC' | 'DST', port: 'SPT' | 'DPT') =>
    `${fields[address]}${fields[port] ? `:${fields[port]}` : ''}`
  return [protocol, ...type, end('SRC', 'SPT'), '>', end('DST', 'DPT')].join(' ')
}
