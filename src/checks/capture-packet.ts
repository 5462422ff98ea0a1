import { createHash } from 'node:crypto'
import type { PcapHeader, PcapRecord } from './capture-file.ts'

/** What a packet says of itself on one device. */
export interface Packet {
  readonly protocol: 'icmp' | 'icmp6' | 'tcp' | 'udp' | 'arp' | 'other'
  readonly source: string
  readonly destination: string
  readonly sourcePort: number | undefined
  readonly destinationPort: number | undefined
  readonly ttl: number | undefined
  /** What neither routers nor NAT change: the same on two devices if it is the same packet. Empty: not known. */
  readonly identity: string
  /** What it asks, and what it answers: equal in a request and its reply. Empty: not known. */
  readonly asks: string
  readonly answers: string
  /** For people, without addresses: `ICMP echo request, seq 1`. */
  readonly summary: string
}

/** Reads the addresses of a packet, and what identifies it. Undefined where it is neither IP nor ARP. */
export function readPacket({ bytes }: PcapRecord, { linkType }: PcapHeader): Packet | undefined {
  const [type, at] = networkLayer(bytes, linkType)
  const packet = bytes.subarray(at)
  if (type === IPV4 && packet.length >= 20) return readIpv4(packet)
  if (type === IPV6 && packet.length >= 40) return readIpv6(packet)
  return type === ARP && packet.length >= 28 ? readArp(packet) : undefined
}

const IPV4 = 0x0800
const IPV6 = 0x86dd
const ARP = 0x0806

/** The type of what a frame carries, and where that begins (https://www.tcpdump.org/linktypes.html). */
function networkLayer(bytes: Buffer, linkType: number): [type: number, at: number] {
  const [typeAt, headerLength] = { 1: [12, 14], 113: [14, 16], 276: [0, 20] }[linkType] ?? []
  if (typeAt === undefined || headerLength === undefined) {
    const version = (bytes[0] ?? 0) >> 4
    return [version === 4 ? IPV4 : version === 6 ? IPV6 : 0, 0]
  }
  let at = headerLength
  let type = short(bytes, typeAt)
  // VLAN tags
  while (type === 0x8100 || type === 0x88a8) {
    type = short(bytes, at + 2)
    at += 4
  }
  return [type, at]
}

function readIpv4(packet: Buffer): Packet {
  const headerLength = (packet[0]! & 15) * 4
  const fragmentAt = packet.readUInt16BE(6) & 0x1fff
  const ip = {
    source: packet.subarray(12, 16).join('.'),
    destination: packet.subarray(16, 20).join('.'),
    ttl: packet[8]!,
    // Not 0 where the sender means it to be told from others.
    id: packet.readUInt16BE(4),
    length: packet.readUInt16BE(2) - headerLength,
  }
  if (fragmentAt > 0) return other(ip, `fragment ${ip.id} ${fragmentAt}`, `fragment at ${fragmentAt * 8}`)
  return readTransport(packet[9]!, packet.subarray(headerLength), ip)
}

function readIpv6(packet: Buffer): Packet {
  const ip = {
    source: ipv6(packet.subarray(8, 24)),
    destination: ipv6(packet.subarray(24, 40)),
    ttl: packet[7]!,
    id: 0,
    length: packet.readUInt16BE(4),
  }
  let next = packet[6]!
  let at = 40
  // hop-by-hop options, routing, destination options
  while ([0, 43, 60].includes(next) && at + 8 <= packet.length) {
    next = packet[at]!
    at += 8 + packet[at + 1]! * 8
  }
  return readTransport(next, packet.subarray(at), { ...ip, length: ip.length - (at - 40) })
}

interface Ip {
  readonly source: string
  readonly destination: string
  readonly ttl: number
  readonly id: number
  /** Of what it carries; it may not all have been captured. */
  readonly length: number
}

function readTransport(protocol: number, bytes: Buffer, ip: Ip): Packet {
  if (protocol === 1 && bytes.length >= 8) return readIcmp(bytes, ip, 'icmp')
  if (protocol === 58 && bytes.length >= 8) return readIcmp(bytes, ip, 'icmp6')
  if (protocol === 6 && bytes.length >= 20) return readTcp(bytes, ip)
  if (protocol === 17 && bytes.length >= 8) return readUdp(bytes, ip)
  return other(ip, `${protocol} ${ip.id} ${digest(bytes)}`, `IP protocol ${protocol}`)
}

/** NAT may change the id of an echo, never its sequence number and its data; ping's data hold the time. */
function readIcmp(bytes: Buffer, ip: Ip, protocol: 'icmp' | 'icmp6'): Packet {
  const [type, code] = [bytes[0]!, bytes[1]!]
  const request = type === (protocol === 'icmp' ? 8 : 128)
  const reply = type === (protocol === 'icmp' ? 0 : 129)
  if (!request && !reply) {
    const what = protocol === 'icmp' ? (ICMP_TYPES[type] ?? `type ${type}`) : `type ${type}`
    // An error carries the packet that it is about, whose id is at this place.
    const about = protocol === 'icmp' && bytes.length >= 14 ? bytes.readUInt16BE(12) : digest(bytes.subarray(8))
    const identity = `${protocol} ${type} ${code} ${about}`
    return { ...ends(ip), protocol, identity, asks: '', answers: '', summary: `ICMP ${what}` }
  }
  const sequence = bytes.readUInt16BE(6)
  const echo = `echo ${sequence} ${digest(bytes.subarray(8))}`
  return {
    ...ends(ip),
    protocol,
    identity: `${protocol} ${type} ${echo}`,
    asks: request ? echo : '',
    answers: reply ? echo : '',
    summary: `ICMP echo ${request ? 'request' : 'reply'}, seq ${sequence}`,
  }
}

const ICMP_TYPES: Readonly<Record<number, string>> = { 3: 'unreachable', 5: 'redirect', 11: 'time exceeded' }
const TCP_FLAGS = ['F', 'S', 'R', 'P', '.', 'U', 'E', 'W']

/** Its sequence numbers are the same on every device. */
function readTcp(bytes: Buffer, ip: Ip): Packet {
  const [sequence, acknowledged] = [bytes.readUInt32BE(4), bytes.readUInt32BE(8)]
  const flags = bytes[13]!
  const length = ip.length - (bytes[12]! >> 4) * 4
  const shown = TCP_FLAGS.filter((_, bit) => flags & (1 << bit)).join('')
  // SYN and FIN count as a byte each.
  const next = (sequence + length + ((flags >> 1) & 1) + (flags & 1)) % 2 ** 32
  return {
    ...ends(ip),
    protocol: 'tcp',
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    identity: `tcp ${sequence} ${acknowledged} ${flags} ${length}`,
    asks: `tcp ${next}`,
    answers: `tcp ${acknowledged}`,
    summary: `TCP [${shown}], seq ${sequence}${length > 0 ? `, length ${length}` : ''}`,
  }
}

function readUdp(bytes: Buffer, ip: Ip): Packet {
  return {
    ...ends(ip),
    protocol: 'udp',
    sourcePort: bytes.readUInt16BE(0),
    destinationPort: bytes.readUInt16BE(2),
    identity: `udp ${ip.id} ${ip.length} ${digest(bytes.subarray(8))}`,
    asks: '',
    answers: '',
    summary: `UDP, length ${ip.length - 8}`,
  }
}

function readArp(packet: Buffer): Packet {
  const [source, destination] = [packet.subarray(14, 18).join('.'), packet.subarray(24, 28).join('.')]
  const summary = packet.readUInt16BE(6) === 1 ? `ARP who has ${destination}` : `ARP ${source} is here`
  const none = {
    sourcePort: undefined,
    destinationPort: undefined,
    ttl: undefined,
    identity: '',
    asks: '',
    answers: '',
  }
  return { ...none, protocol: 'arp', source, destination, summary }
}

function other(ip: Ip, identity: string, summary: string): Packet {
  return { ...ends(ip), protocol: 'other', identity, asks: '', answers: '', summary }
}

function ends({ source, destination, ttl }: Ip) {
  return { source, destination, ttl, sourcePort: undefined, destinationPort: undefined }
}

/** Of the part that was captured on every kind of device. */
function digest(bytes: Buffer): string {
  return createHash('sha1').update(bytes.subarray(0, 64)).digest('base64url').slice(0, 12)
}

/** As inet_ntop(3) writes it. */
function ipv6(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16))
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1)
}

function short(bytes: Buffer, at: number): number {
  return at + 2 <= bytes.length ? bytes.readUInt16BE(at) : 0
}
