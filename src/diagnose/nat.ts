import type { Taken } from './chains.ts'
import { addressesOf, type PlaceFacts } from './facts.ts'
import type { Devices } from './hooks.ts'
import { isIn } from './ipv4.ts'
import type { Packet } from './packet.ts'

/** What a rule of nat makes of a packet; undefined: there is no address to put in, and it is dropped. */
export function translate(place: PlaceFacts, packet: Packet, taken: Taken, devices: Devices): Packet | undefined {
  const { target } = taken
  if (target === 'DNAT') return withDestination(packet, optionOf(taken, '--to-destination'))
  if (target === 'SNAT') return withSource(packet, optionOf(taken, '--to-source'))
  if (target === 'REDIRECT') {
    const own = devices.in === undefined ? '127.0.0.1' : addressOn(place, devices.in, packet.source)
    return own === undefined ? undefined : withDestination(packet, `${own}:${optionOf(taken, '--to-ports') ?? ''}`)
  }
  if (target !== 'MASQUERADE') return packet
  const source = addressOn(place, devices.out ?? '', devices.nextHop ?? packet.destination)
  return source === undefined ? undefined : { ...packet, source }
}

export function optionOf({ rule }: Taken, name: string): string | undefined {
  return rule.find(({ option }) => option === name)?.value
}

/** The first of a range is taken. */
function withDestination(packet: Packet, to: string | undefined): Packet {
  const [address, port] = split(to)
  return { ...packet, destination: address || packet.destination, destinationPort: port ?? packet.destinationPort }
}

function withSource(packet: Packet, to: string | undefined): Packet {
  const [address, port] = split(to)
  return { ...packet, source: address || packet.source, sourcePort: port ?? packet.sourcePort }
}

/** ICMP has no ports, and rules that give one are for other protocols. */
function split(to = ''): [string, number | undefined] {
  const [, address = '', port] = /^([\d.]*)(?:-[\d.]+)?(?::(\d+))?/.exec(to) ?? []
  return [address, port === undefined ? undefined : Number(port)]
}

/** The address of a device that fits best to one near it. */
function addressOn({ devices }: PlaceFacts, device: string, near: string): string | undefined {
  const found = devices.get(device)
  const all = found ? addressesOf(found) : []
  return (all.find((address) => isIn(near, address)) ?? all[0])?.split('/')[0]
}
