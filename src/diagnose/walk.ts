import type { Device } from '../checks/subjects.ts'
import { resolve } from './arp.ts'
import { addressesOf, deviceOf, isUp } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { type Arrival, carry } from './frame.ts'
import { passHook } from './hooks.ts'
import { isIn } from './ipv4.ts'
import { type Journey, type Leaving, type Or, sawOn } from './journey.ts'
import { askRoute, type RouteAnswer } from './kernel.ts'
import { whyDetour, whyNoRoute } from './no-route.ts'
import { describePacket, type Packet } from './packet.ts'
import { explainRefusal } from './refusal.ts'
import { obstacleOn } from './segment.ts'

/** A packet that a place takes as its own, and the device that it came by. */
export interface Delivered extends Device {
  readonly packet: Packet
}

/** More places than any lab has one after the other. */
const MOST_HOPS = 32

/** Follows a packet that a place makes, to where it is delivered or comes to its end. */
export async function walk(
  journey: Journey,
  place: string,
  packet: Packet,
): Promise<Or<{ readonly delivered: Delivered }>> {
  let step: Or<{ readonly leaving: Leaving } | { readonly delivered: Delivered }> = await send(journey, place, packet)
  // Where it took a wrong turn, whatever stops it afterwards is not to blame.
  let detour: Finding | undefined
  for (let hops = 0; hops <= MOST_HOPS; hops++) {
    if (step.finding) return { finding: detour ?? step.finding }
    if ('delivered' in step) return step
    detour ??= whyDetour(journey, step.leaving)
    const moved = await move(journey, step.leaving)
    step = moved.finding ? moved : await receive(journey, moved.arrival)
  }
  return { finding: detour ?? at(place, undefined, packet.isAnswer, { code: 'loop', to: packet.destination }) }
}

/** What a place does with a packet of its own: route, OUTPUT, perhaps another route, POSTROUTING. */
async function send(journey: Journey, place: string, packet: Packet): Promise<Or<{ readonly leaving: Leaving }>> {
  const { isAnswer } = packet
  const first = await askRoute(journey, place, packet, packet.source === '' ? {} : { from: packet.source })
  if (first.isRefused) return { finding: whyNoRoute(journey, place, packet, first) }
  // What answers ping answers a broadcast too.
  const isPong = isAnswer && packet.protocol === 'icmp'
  if (first.type === 'broadcast' && !isPong)
    return { finding: broadcast(journey, { place, device: first.device }, packet) }
  const source = packet.source || first.source
  if (!source) return { finding: at(place, first.device, isAnswer, { code: 'no-address', isDown: false }) }
  const output = passHook(journey, place, 'OUTPUT', { ...packet, source }, { out: first.device })
  if (output.finding) return output
  const isSame = output.packet.destination === packet.destination && output.packet.mark === packet.mark
  const route = isSame ? first : await askRoute(journey, place, output.packet, { from: output.packet.source })
  if (route.isRefused) return { finding: await whyNotSent(journey, place, output.packet, route) }
  return leave(journey, place, output.packet, route, {})
}

/** Who has the last address of a network is no machine for the others in it. */
function broadcast({ facts }: Journey, by: Device, { destination, isAnswer }: Packet): Finding {
  const own = addressesOf(deviceOf(facts, by)).find((address) => isIn(destination, address)) ?? ''
  return at(by.place, by.device, isAnswer, { code: 'broadcast', to: destination, own })
}

/** A packet from 127.0.0.1 that is to leave the machine is refused with "Invalid argument". */
async function whyNotSent(
  journey: Journey,
  place: string,
  packet: Packet,
  refusal: Extract<RouteAnswer, { isRefused: true }>,
) {
  const way = await askRoute(journey, place, packet)
  if (way.isRefused) return whyNoRoute(journey, place, packet, way)
  return await explainRefusal(journey, { place, device: way.device }, packet, refusal)
}

/** POSTROUTING, and out. */
function leave(
  journey: Journey,
  place: string,
  packet: Packet,
  { device, nextHop, isByGateway }: Extract<RouteAnswer, { isRefused: false }>,
  came: { readonly port?: string | undefined },
): Or<{ readonly leaving: Leaving }> {
  const by = { place, device }
  if (!isUp(deviceOf(journey.facts, by)))
    return { finding: at(place, device, packet.isAnswer, device === 'lo' ? { code: 'loopback-down' } : DOWN) }
  const step = passHook(journey, place, 'POSTROUTING', packet, { out: device, physicalIn: came.port, nextHop })
  return step.finding ? step : { leaving: { by, nextHop, isByGateway, packet: step.packet } }
}

const DOWN = { code: 'link-down', master: undefined } as const

/** From the device that it leaves by to the next one that does more than pass it on. */
async function move(journey: Journey, leaving: Leaving): Promise<Or<{ readonly arrival: Arrival }>> {
  const { by, packet, inside } = leaving
  if (by.device === 'lo') {
    sawOn(journey, by, packet)
    return { arrival: { ...by, port: undefined, packet, isPrerouted: false, isRedirected: false } }
  }
  const found = await resolve(journey, leaving)
  return found.finding ? found : carry(journey, found.endpoint.path, packet, inside)
}

/** What a place does with a packet that has come in: PREROUTING, route, then INPUT, or FORWARD and POSTROUTING. */
async function receive(
  journey: Journey,
  arrival: Arrival,
): Promise<Or<{ readonly leaving: Leaving } | { readonly delivered: Delivered }>> {
  const { place, device, port, packet } = arrival
  const came = { in: device, physicalIn: port }
  const prerouted = arrival.isPrerouted ? { packet } : passHook(journey, place, 'PREROUTING', packet, came)
  if (prerouted.finding) return prerouted
  const now = prerouted.packet
  // On lo a packet has its route from the time when it was sent.
  const route = device === 'lo' ? undefined : await askRoute(journey, place, now, { input: device })
  if (arrival.isRedirected && route?.isRefused) sawOn(journey, arrival, now)
  if (route?.isRefused) return { finding: await explainRefusal(journey, { place, device }, now, route) }
  // What was translated within a bridge, and is for somebody at the same bridge, does not leave it (bridged DNAT).
  const isInside = arrival.isRedirected && route?.device === device
  if (arrival.isRedirected && !isInside) sawOn(journey, arrival, now)
  if (!route || route.type === 'local') {
    const input = passHook(journey, place, 'INPUT', now, came)
    return input.finding ? input : { delivered: { place, device, packet: input.packet } }
  }
  const stuck = isInside ? await whyStuck(journey, { ...arrival, packet: now }, route.nextHop) : undefined
  if (stuck) return { finding: stuck }
  const forward = passHook(journey, place, 'FORWARD', now, { ...came, out: route.device })
  if (forward.finding) return forward
  const step = leave(journey, place, forward.packet, route, { port })
  if (step.finding) return step
  const { leaving } = step
  if (!now.isAnswer) {
    const isRewritten = leaving.packet.source !== packet.source
    journey.routers.push({ place, device: route.device, isRewritten })
  }
  return { leaving: { ...leaving, inside: isInside ? port : undefined } }
}

/** A bridge sends nothing out where it came from, unless it is told to, and nothing from one isolated port to another. */
async function whyStuck(journey: Journey, arrival: Arrival, nextHop: string): Promise<Finding | undefined> {
  const { place, device, port, packet } = arrival
  const found = await resolve(journey, { by: { place, device }, nextHop, isByGateway: false, packet })
  if (port === undefined || found.finding) return undefined
  const { path } = found.endpoint
  if (path[1]?.device !== port) return obstacleOn(journey.facts, [{ place, device: port }, ...path], packet.isAnswer)
  const { linkinfo } = deviceOf(journey.facts, { place, device: port })
  if (linkinfo?.info_slave_data?.hairpin === true) return undefined
  return at(place, port, packet.isAnswer, { code: 'no-hairpin', bridge: device, packet: describePacket(packet) })
}
