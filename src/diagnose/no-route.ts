import type { Device } from '../checks/subjects.ts'
import { addressesOf, type DeviceFacts, deviceOf, type Facts, isUp, type PlaceFacts } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { isIn, networkOf } from './ipv4.ts'
import { type Journey, type Leaving, placeOf } from './journey.ts'
import type { RouteAnswer } from './kernel.ts'
import type { Packet } from './packet.ts'
import { obstacleOn, segmentOf } from './segment.ts'

/** Why the kernel of a place knows no way for a packet: the first thing that is missing there. */
export function whyNoRoute(
  journey: Journey,
  place: string,
  packet: Packet,
  { words, command }: Extract<RouteAnswer, { isRefused: true }>,
): Finding {
  const facts = placeOf(journey, place)
  const { destination: to, isAnswer } = packet
  const find = (device: string | undefined, cause: Parameters<typeof at>[3]) => at(place, device, isAnswer, cause)
  const special = specialRoute(facts, packet, words)
  if (special) return find(undefined, { code: 'special-route', to, ...special })
  if (!/Network is unreachable/.test(words)) return find(undefined, { code: 'refused-by-kernel', to, command, words })
  const devices = withoutLoopback(facts)
  if (isIn(to, '127.0.0.0/8')) return find('lo', { code: 'loopback-down' })
  if (devices.length === 0) return find(undefined, { code: 'no-device', to })
  const closed = closedTo(devices, to)
  if (closed) return find(closed.ifname, { code: 'link-down', master: closed.master })
  const withAddress = devices.filter((device) => addressesOf(device).length > 0)
  const [first] = withAddress
  if (!first) return find(devices.length === 1 ? devices[0]!.ifname : undefined, noAddress(devices))
  if (withAddress.every((device) => !isUp(device)))
    return find(first.ifname, { code: 'link-down', master: first.master })
  const neighbour = neighbourWith(journey.facts, place, withAddress, to)
  if (neighbour?.isMutual) {
    const { own, address, holder } = neighbour
    return find(neighbour.device, { code: 'wrong-netmask', address: own, other: address, holder, isTooLong: true })
  }
  if (isAnswer)
    return find(undefined, {
      code: 'no-way-back',
      to,
      router: journey.routers.findLast(({ isRewritten }) => !isRewritten),
    })
  return find(undefined, { code: 'no-route', to, otherNetwork: neighbour?.address })
}

/**
 * Why a packet leaves by a gateway although who has its destination is right here, at another device: a network that a
 * place does not know as its own goes by its default route. Undefined where that is not so.
 */
export function whyDetour(journey: Journey, { by, nextHop, isByGateway, packet }: Leaving): Finding | undefined {
  if (!isByGateway) return undefined
  const { destination: to, isAnswer } = packet
  const devices = withoutLoopback(placeOf(journey, by.place)).filter(({ ifname }) => ifname !== by.device)
  const closed = closedTo(devices, to)
  if (closed) return obstacleOn(journey.facts, [{ place: by.place, device: closed.ifname }], isAnswer)
  const withAddress = devices.filter((device) => addressesOf(device).length > 0)
  const neighbour = neighbourWith(journey.facts, by.place, withAddress, to)
  if (neighbour?.isMutual) {
    const { device, own, address, holder } = neighbour
    const cause = { code: 'wrong-netmask', address: own, other: address, holder, isTooLong: true } as const
    return at(by.place, device, isAnswer, cause)
  }
  for (const near of devices) {
    const segment = segmentOf(journey.facts, { place: by.place, device: near.ifname })
    const holder = segment.find(({ device }) => device.place !== by.place && addressOn(journey.facts, device, to))
    if (!holder) continue
    const own = addressesOf(near)
    const cause = { code: 'detour', to, holder: holder.device, own, gateway: nextHop, by: by.device } as const
    return at(by.place, near.ifname, isAnswer, cause)
  }
  return undefined
}

function withoutLoopback({ devices }: PlaceFacts): DeviceFacts[] {
  return [...devices.values()].filter(({ ifname }) => ifname !== 'lo')
}

/** A device of the network of this address that is down, and so has no route. */
function closedTo(devices: readonly DeviceFacts[], to: string): DeviceFacts | undefined {
  return devices.find((device) => !isUp(device) && addressesOf(device).some((address) => isIn(to, address)))
}

function noAddress(devices: readonly DeviceFacts[]) {
  return { code: 'no-address', isDown: devices.every((device) => !isUp(device)) } as const
}

/** What the kernel says of a route, or a rule of `ip rule`, of these types (fib_props in net/ipv4/fib_semantics.c). */
const TYPES: Readonly<Record<string, string>> = {
  'Invalid argument': 'blackhole',
  'No route to host': 'unreachable',
  'Permission denied': 'prohibit',
}

/** A route or a rule of `ip rule` that says no to this packet in these words. */
function specialRoute(
  { routes, policies }: PlaceFacts,
  { source, destination }: Packet,
  words: string,
): { route: string; isPolicy: boolean } | undefined {
  const wanted = TYPES[words]
  if (wanted === undefined) return undefined
  const [route] = routes
    .filter(({ type, dst }) => type === wanted && isIn(destination, network(dst)))
    .toSorted((a, b) => length(b.dst) - length(a.dst))
  if (route) return { route: `${wanted} ${route.dst}`, isPolicy: false }
  const policy = policies.find(
    ({ action, src, srclen, dst, dstlen }) =>
      action === wanted && selects(src, srclen, source) && selects(dst, dstlen, destination),
  )
  if (!policy) return undefined
  const to =
    policy.dst === undefined ? '' : ` to ${policy.dst}${policy.dstlen === undefined ? '' : `/${policy.dstlen}`}`
  const from = `${policy.src ?? 'all'}${policy.srclen === undefined ? '' : `/${policy.srclen}`}`
  return { route: `${policy.priority}: from ${from}${to} ${wanted}`, isPolicy: true }
}

/** Whether a rule is for this address; one that is not settled yet can be any. */
function selects(base: string | undefined, length: number | undefined, address: string): boolean {
  return base === undefined || base === 'all' || address === '' || isIn(address, `${base}/${length ?? 32}`)
}

function network(destination: string): string {
  return destination === 'default' ? '0.0.0.0/0' : destination
}

function length(destination: string): number {
  return Number(network(destination).split('/')[1] ?? 32)
}

/** Who has an address that is on the same cable as one of these devices, although they do not think so. */
function neighbourWith(facts: Facts, place: string, devices: readonly DeviceFacts[], address: string) {
  for (const device of devices) {
    for (const { device: holder } of segmentOf(facts, { place, device: device.ifname })) {
      const theirs = addressOn(facts, holder, address)
      if (theirs === undefined || holder.place === place) continue
      const own = addressesOf(device).find((one) => isIn(one.split('/')[0]!, theirs)) ?? addressesOf(device)[0]!
      // If it is in the own network too, the route has been taken away.
      if (isIn(address, own)) continue
      const isMutual = isIn(own.split('/')[0]!, theirs)
      return { device: device.ifname, own, address: isMutual ? theirs : networkOf(theirs), holder, isMutual }
    }
  }
  return undefined
}

function addressOn(facts: Facts, device: Device, address: string): string | undefined {
  return addressesOf(deviceOf(facts, device)).find((one) => one.startsWith(`${address}/`))
}
