import type { Item, Rule } from '../checks/rules/rule.ts'
import { isIn, toNumber } from './ipv4.ts'
import type { Packet } from './packet.ts'

/** What a rule can look at: a packet in a frame, or a question or an answer of ARP. */
export interface Subject {
  readonly packet: Packet | undefined
  readonly arp: { readonly operation: 1 | 2; readonly source: string; readonly destination: string } | undefined
  /** The devices that it came in and goes out by; undefined where a chain knows none. For ebtables, ports of a bridge. */
  readonly in?: string | undefined
  readonly out?: string | undefined
  /** The ports of a bridge, where `in` and `out` are the bridge itself. */
  readonly physicalIn?: string | undefined
  readonly physicalOut?: string | undefined
  /** The bridge, where `in` and `out` are its ports. */
  readonly logicalIn?: string | undefined
  readonly logicalOut?: string | undefined
  readonly isLocal: (address: string) => boolean
}

/** `unknown`: it depends on something that is not known here, such as a rate. */
export type Answer = 'yes' | 'no' | 'unknown'

/** Whether a rule matches, from what it says. */
export function matches(rule: Rule, subject: Subject): Answer {
  const answers = rule.map((item) => {
    const answer = conditionOf(item)(item, subject)
    if (answer === 'unknown' || !item.negated) return answer
    return answer === 'yes' ? 'no' : 'yes'
  })
  if (answers.includes('no')) return 'no'
  return answers.includes('unknown') ? 'unknown' : 'yes'
}

type Condition = (item: Item, subject: Subject) => Answer

const unknown: Condition = () => 'unknown'
const always: Condition = () => 'yes'

/** What a target does is no condition. */
function conditionOf({ match, option }: Item): Condition {
  return match.startsWith('-j ') ? always : (CONDITIONS[`${match} ${option}`] ?? CONDITIONS[match] ?? unknown)
}

/** By match and option, or by match alone. */
const CONDITIONS: Readonly<Record<string, Condition>> = {
  comment: always,
  ' --jump': always,
  ' --goto': always,
  ' --fragment': () => 'no',
  ' --protocol': protocolIs,
  ' --source': (item, { packet, arp }) => addressIs(item, (packet ?? arp)?.source),
  ' --destination': (item, { packet, arp }) => addressIs(item, (packet ?? arp)?.destination),
  ' --in-interface': ({ value }, subject) => nameIs(value, subject.in),
  ' --out-interface': ({ value }, subject) => nameIs(value, subject.out),
  'port --source-port': (item, { packet }) => portIs(item.value, packet?.sourcePort),
  'port --destination-port': (item, { packet }) => portIs(item.value, packet?.destinationPort),
  'multiport --source-ports': (item, { packet }) => oneOf(item, (port) => portIs(port, packet?.sourcePort)),
  'multiport --destination-ports': (item, { packet }) => oneOf(item, (port) => portIs(port, packet?.destinationPort)),
  'tcp --tcp-flags': flagsAre,
  'icmp --icmp-type': ({ value }, { packet }) =>
    yes(/^8(\/0)?$/.test(value) ? !packet?.isAnswer : isReply(value, packet)),
  'conntrack --ctstate': stateIs,
  'addrtype --dst-type': ({ value }, { packet, isLocal }) => typeIs(value, packet?.destination, isLocal),
  'addrtype --src-type': ({ value }, { packet, isLocal }) => typeIs(value, packet?.source, isLocal),
  'iprange --src-range': ({ value }, { packet }) => rangeHas(value, packet?.source),
  'iprange --dst-range': ({ value }, { packet }) => rangeHas(value, packet?.destination),
  'mark --mark': markIs,
  'physdev --physdev-in': (item, { physicalIn }) => nameIs(item.value, physicalIn),
  'physdev --physdev-out': (item, { physicalOut }) => nameIs(item.value, physicalOut),
  'physdev --physdev-is-in': (_, { physicalIn }) => yes(physicalIn !== undefined),
  'physdev --physdev-is-out': (_, { physicalOut }) => yes(physicalOut !== undefined),
  'physdev --physdev-is-bridged': (_, { physicalIn, physicalOut }) =>
    yes(physicalIn !== undefined && physicalOut !== undefined),
  // ebtables
  ' --logical-in': ({ value }, subject) => nameIs(value, subject.logicalIn),
  ' --logical-out': ({ value }, subject) => nameIs(value, subject.logicalOut),
  ' --ip-source': (item, { packet }) => addressIs(item, packet?.source),
  ' --ip-destination': (item, { packet }) => addressIs(item, packet?.destination),
  ' --ip-protocol': ({ value }, { packet }) => yes(value === packet?.protocol),
  ' --ip-source-port': (item, { packet }) => portIs(item.value, packet?.sourcePort),
  ' --ip-destination-port': (item, { packet }) => portIs(item.value, packet?.destinationPort),
  ' --ip-icmp-type': ({ value }, { packet }) =>
    yes(/^8(\/0)?$/.test(value) ? !packet?.isAnswer : isReply(value, packet)),
  ' --arp-opcode': ({ value }, { arp }) => yes(value === String(arp?.operation)),
  ' --arp-ip-src': (item, { arp }) => addressIs(item, arp?.source),
  ' --arp-ip-dst': (item, { arp }) => addressIs(item, arp?.destination),
  // arptables
  ' --source-ip': (item, { arp }) => addressIs(item, arp?.source),
  ' --destination-ip': (item, { arp }) => addressIs(item, arp?.destination),
  ' --opcode': ({ value }, { arp }) => yes(value === String(arp?.operation)),
}

function yes(holds: boolean): Answer {
  return holds ? 'yes' : 'no'
}

/** For ebtables it is the type of the frame, and `-s` is a MAC address. */
function protocolIs({ value }: Item, { packet, arp }: Subject): Answer {
  return yes(value === packet?.protocol || value === (arp ? '0x806' : '0x800'))
}

function addressIs({ value }: Item, address: string | undefined): Answer {
  if (value.includes(':')) return 'unknown'
  return yes(address !== undefined && isIn(address, value))
}

/** `veth+` stands for all names that begin so. */
function nameIs(value: string, name: string | undefined): Answer {
  if (name === undefined) return 'no'
  return yes(value.endsWith('+') ? name.startsWith(value.slice(0, -1)) : name === value)
}

function portIs(value: string, port: number | undefined): Answer {
  const [first = 0, last = first] = value.split(':').map(Number)
  if (port !== undefined) return yes(port >= first && port <= last)
  if (first === last || last < CHOSEN.first || first > CHOSEN.last) return 'no'
  return first <= CHOSEN.first && last >= CHOSEN.last ? 'yes' : 'unknown'
}

/** The ports that the kernel chooses for a client (net.ipv4.ip_local_port_range); that it is just one is unlikely. */
const CHOSEN = { first: 32_768, last: 60_999 }

function oneOf({ value }: Item, look: (one: string) => Answer): Answer {
  const answers = value.split(',').map(look)
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}

/** `FIN,SYN,RST,ACK SYN`: of the first, exactly the second are set. */
function flagsAre({ value }: Item, { packet }: Subject): Answer {
  const [looked = [], wanted = []] = value.split(' ').map((set) => set.split(',').filter((flag) => flag !== 'NONE'))
  const set = (packet?.isAnswer ? ['SYN', 'ACK'] : ['SYN']).filter((flag) => looked.includes(flag))
  return yes(set.length === wanted.length && set.every((flag) => wanted.includes(flag)))
}

function isReply(value: string, packet: Packet | undefined): boolean {
  return /^0(\/0)?$/.test(value) && packet?.isAnswer === true
}

function stateIs({ value }: Item, { packet }: Subject): Answer {
  const states = value.split(',')
  if (packet && states.includes(packet.state)) return 'yes'
  return states.includes('DNAT') || states.includes('SNAT') ? 'unknown' : 'no'
}

function typeIs(value: string, address: string | undefined, isLocal: Subject['isLocal']): Answer {
  if (address === undefined) return 'no'
  const types = value.split(',')
  return types.some((type) => type !== 'LOCAL' && type !== 'UNICAST')
    ? 'unknown'
    : yes(types.includes(isLocal(address) ? 'LOCAL' : 'UNICAST'))
}

function rangeHas(value: string, address: string | undefined): Answer {
  const [first, last, one] = [...value.split('-'), address ?? ''].map(toNumber)
  if (first === undefined || last === undefined) return 'unknown'
  return yes(one !== undefined && one >= first && one <= last)
}

function markIs({ value }: Item, { packet }: Subject): Answer {
  const [wanted = 0, mask = 0xffffffff] = value.split('/').map(Number)
  return yes(((packet?.mark ?? 0) & mask) >>> 0 === wanted)
}
