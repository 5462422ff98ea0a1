import type { Device } from '../checks/subjects.ts'
import { addressesOf, deviceOf, type Facts, holdersOf, isLocal, isUp, setting } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { arpTakenAt, arpTakenOn } from './frame.ts'
import { isIn } from './ipv4.ts'
import { type Journey, type Leaving, type Or, placeOf } from './journey.ts'
import { askRoute } from './kernel.ts'
import { nobodyHas } from './nobody.ts'
import { isLoose } from './plugging.ts'
import { explainRefusal } from './refusal.ts'
import { type Endpoint, isBridge, obstacleOn, portsOf, segmentOf } from './segment.ts'

/** Finds the device whose MAC address the packet gets: by what the kernel remembers, otherwise by who would answer ARP. */
export async function resolve(journey: Journey, leaving: Leaving): Promise<Or<{ readonly endpoint: Endpoint }>> {
  const { by, nextHop, packet } = leaving
  const segment = segmentOf(journey.facts, by)
  suspectSameMac(journey, leaving, segment)
  const holders = candidates(journey, segment, leaving)
  const known = placeOf(journey, by.place).neighbours.find(({ dst, dev }) => dst === nextHop && dev === by.device)
  if (known?.lladdr !== undefined && segment.length > 0) {
    const endpoint = segment.find(({ device }) => macsOf(journey.facts, device).includes(known.lladdr))
    const state = known.state.join(' ')
    const cause = { code: 'wrong-neighbour', address: nextHop, mac: known.lladdr, state } as const
    if (!endpoint && isElsewhere(journey, leaving, known.lladdr))
      return { finding: nobodyHas(journey, leaving, segment) }
    if (!endpoint) return { finding: at(by.place, by.device, packet.isAnswer, cause) }
    if (/PERMANENT|NOARP/.test(state) && holders.length > 0 && !holders.includes(endpoint))
      journey.suspicions.push(at(by.place, by.device, packet.isAnswer, cause))
    const obstacle = obstacleOn(journey.facts, endpoint.path, packet.isAnswer)
    if (obstacle) return { finding: obstacle }
    suspectDuplicate(journey, leaving, [
      endpoint,
      ...holders.filter(({ path }) => !obstacleOn(journey.facts, path, false)),
    ])
    suspectLoosePlug(journey, leaving, endpoint.device)
    return { endpoint }
  }
  const { master } = deviceOf(journey.facts, by)
  // An answer that comes in by a port is the bridge's, and so it is not the one that was waited for.
  if (master !== undefined)
    return { finding: at(by.place, by.device, packet.isAnswer, { code: 'address-on-port', bridge: master }) }
  const answering: Endpoint[] = []
  const silent: Finding[] = []
  for (const holder of holders) {
    const finding = await whySilent(journey, leaving, holder)
    if (finding) silent.push(finding)
    else answering.push(holder)
  }
  suspectDuplicate(journey, leaving, answering)
  const [endpoint] = answering
  if (!endpoint) return { finding: silent[0] ?? nobodyHas(journey, leaving, segment) }
  suspectLoosePlug(journey, leaving, endpoint.device)
  if (!/FAILED|INCOMPLETE/.test(known?.state.join(' ') ?? '')) return { endpoint }
  const cause = { code: 'arp-unanswered', address: nextHop, holder: endpoint.device, isThere: true } as const
  return { finding: at(by.place, by.device, packet.isAnswer, cause) }
}

/** What is remembered is right: who has the address and the MAC address is no longer on these cables and bridges. */
function isElsewhere({ facts }: Journey, { by, nextHop }: Leaving, mac: string): boolean {
  const others = [...facts.places.values()].filter(({ name }) => name !== by.place)
  return others.some((place) => holdersOf(place, nextHop).some(({ address }) => address === mac))
}

/** A bridge takes what is for one of its ports, too. */
function macsOf(facts: Facts, device: Device): (string | undefined)[] {
  return [device, ...portsOf(facts, device)].map((one) => deviceOf(facts, one).address)
}

/** Who has the address: those first who have it on the very device that the question reaches. */
function candidates(journey: Journey, segment: readonly Endpoint[], { by, nextHop }: Leaving): Endpoint[] {
  const others = segment.filter(({ device }) => device.place !== by.place)
  const has = ({ device }: Endpoint) => holdersOf(placeOf(journey, device.place), nextHop)
  const isExact = (one: Endpoint) => has(one).some(({ ifname }) => ifname === one.device.device)
  const exact = others.filter(isExact)
  const weak = others.filter((one) => !isExact(one) && has(one).length > 0)
  if (exact.length + weak.length > 0) return [...exact, ...weak]
  return others.filter(({ device }) => setting(placeOf(journey, device.place), device.device, 'proxy_arp') > 0)
}

function suspectDuplicate(journey: Journey, { by, nextHop, packet }: Leaving, answering: readonly Endpoint[]): void {
  const exact = answering.filter(({ device }) =>
    addressesOf(deviceOf(journey.facts, device)).some((one) => one.startsWith(`${nextHop}/`)),
  )
  const holders = [...new Map(exact.map(({ device }) => [`${device.place}/${device.device}`, device])).values()]
  const places = new Set(holders.map(({ place }) => place))
  if (places.size < 2) return
  journey.suspicions.push(
    at(by.place, by.device, packet.isAnswer, { code: 'duplicate-address', address: nextHop, holders }),
  )
}

/** Bridges send what is for a MAC address to where they saw it last. */
function suspectSameMac({ facts, suspicions }: Journey, { by, packet }: Leaving, segment: readonly Endpoint[]): void {
  const devices = [by, ...segment.map(({ device }) => device)]
  for (const device of devices) {
    const mac = deviceOf(facts, device).address ?? ''
    const holders = devices.filter((one) => deviceOf(facts, one).address === mac && isUp(deviceOf(facts, one)))
    if (mac === '' || holders.length < 2) continue
    suspicions.push(at(by.place, by.device, packet.isAnswer, { code: 'duplicate-mac', mac, holders }))
    return
  }
}

/** A place answers for all its addresses on all its devices: also on one that was meant as a port of the bridge. */
function suspectLoosePlug(
  { facts, suspicions }: Journey,
  { nextHop, packet }: Leaving,
  { place, device }: Device,
): void {
  const bridge = holdersOf(facts.places.get(place)!, nextHop).find(isBridge)
  if (!bridge || bridge.ifname === device || !isLoose(facts, { place, device })) return
  suspicions.push(at(place, device, packet.isAnswer, { code: 'not-attached', bridge: bridge.ifname }))
}

/** Why a device that has the address does not answer; undefined: it does. */
async function whySilent(journey: Journey, leaving: Leaving, { device, path }: Endpoint): Promise<Finding | undefined> {
  const { by, nextHop, packet } = leaving
  const { facts } = journey
  const { isAnswer } = packet
  const obstacle = obstacleOn(facts, path, isAnswer)
  if (obstacle) return obstacle
  const source = askerOf(journey, leaving)
  const question = { operation: 1, source, destination: nextHop } as const
  const answer = { operation: 2, source: nextHop, destination: source } as const
  const isLocal = () => false
  const dropped = (rule: ReturnType<typeof arpTakenAt>, where: Device) =>
    rule && at(where.place, where.device, isAnswer, { code: 'arp-dropped', rule, address: nextHop })
  const taken = (arp: typeof question | typeof answer, way: readonly Device[]) => {
    const found = arpTakenOn(journey, way, arp)
    return found && dropped(found.rule, found)
  }
  const subject = { packet: undefined, isLocal }
  return (
    dropped(arpTakenAt(journey, by.place, 'OUTPUT', { ...subject, arp: question, out: by.device }), by) ??
    taken(question, path) ??
    dropped(arpTakenAt(journey, device.place, 'INPUT', { ...subject, arp: question, in: device.device }), device) ??
    ignores(journey, device, nextHop, source, isAnswer) ??
    (await refuses(journey, device, leaving, source)) ??
    dropped(arpTakenAt(journey, device.place, 'OUTPUT', { ...subject, arp: answer, out: device.device }), device) ??
    taken(answer, path.toReversed()) ??
    dropped(arpTakenAt(journey, by.place, 'INPUT', { ...subject, arp: answer, in: by.device }), by)
  )
}

/** The address that a question is asked with: the packet's, if it is of this place (arp_announce in ip-sysctl.rst). */
function askerOf(journey: Journey, { by, nextHop, packet: { source } }: Leaving): string {
  const place = placeOf(journey, by.place)
  const own = addressesOf(deviceOf(journey.facts, by))
  if (isLocal(place, source) && setting(place, by.device, 'arp_announce') === 0) return source
  return (own.find((one) => isIn(nextHop, one)) ?? own[0])?.split('/')[0] ?? source
}

/** net.ipv4.conf.*.arp_ignore (Documentation/networking/ip-sysctl.rst). */
function ignores(
  { facts }: Journey,
  device: Device,
  address: string,
  asker: string,
  isAnswer: boolean,
): Finding | undefined {
  const value = setting(facts.places.get(device.place)!, device.device, 'arp_ignore')
  const own = addressesOf(deviceOf(facts, device)).find((one) => one.startsWith(`${address}/`))
  const answers =
    value === 0 || (value === 1 && own) || (value === 2 && own && isIn(asker, own)) || (value > 2 && value < 8 && own)
  if (answers) return undefined
  return at(device.place, device.device, isAnswer, { code: 'arp-ignored', address, value })
}

/** The kernel answers only if it would take a packet from there (arp_process). */
async function refuses(
  journey: Journey,
  device: Device,
  { nextHop, packet }: Leaving,
  source: string,
): Promise<Finding | undefined> {
  if (holdersOf(placeOf(journey, device.place), nextHop).length === 0) return undefined
  const asked = { ...packet, source, destination: nextHop }
  const answer = await askRoute(journey, device.place, asked, { input: device.device })
  if (!answer.isRefused) return undefined
  return await explainRefusal(journey, device, asked, answer)
}
