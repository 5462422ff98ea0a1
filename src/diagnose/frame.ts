import type { Device } from '../checks/subjects.ts'
import { followChain, type RuleRef } from './chains.ts'
import { type Counted, deviceOf } from './facts.ts'
import { at, type Finding } from './finding.ts'
import { passHook } from './hooks.ts'
import { type Journey, type Or, placeOf, sawOn, tallyOf } from './journey.ts'
import type { Subject } from './match.ts'
import { describePacket, type Packet } from './packet.ts'
import { isBridge } from './segment.ts'

/** Where a packet has come to, before anything is done with it there. */
export interface Arrival extends Device {
  readonly packet: Packet
  /** The port of the bridge `device` that it came by. */
  readonly port: string | undefined
  /** PREROUTING is behind it already: the bridge has asked it. */
  readonly isPrerouted: boolean
  /** It was for somebody else until PREROUTING gave it another destination. */
  readonly isRedirected: boolean
}

/** A rule that took a frame away, and where. */
interface Taken extends Device {
  readonly rule: RuleRef
}

/** A bridge on the way, with its ports there; undefined where the bridge itself is the beginning or the end. */
interface Crossing {
  readonly place: string
  readonly bridge: string
  readonly from: string | undefined
  readonly to: string | undefined
}

/** A frame may be a little longer than the MTU of who gets it: by a VLAN tag (__is_skb_forwardable). */
const TOLERANCE = 4

/** What the kernel keeps beside a packet does not leave the network namespace with it (skb_scrub_packet). */
const UNMARKED = { mark: 0, state: 'NEW', flow: undefined } as const

/**
 * Carries a packet over cables and through bridges to the last device of the path, or to the bridge that has redirected
 * it; `inside`: the first device is a bridge in which it is already, since it came by that port.
 */
export function carry(
  journey: Journey,
  path: readonly Device[],
  packet: Packet,
  inside?: string,
): Or<{ readonly arrival: Arrival }> {
  const crossings = crossingsOf(journey, path)
  let now = packet
  for (const [index, device] of path.entries()) {
    const isFirst = index === 0
    const crossing = crossings.find(({ place, bridge }) => place === device.place && bridge === device.device)
    const tooBig = crossing && !isFirst ? undefined : sizeProblem(journey, device, !isFirst, now)
    if (tooBig) return { finding: tooBig }
    const isSeen = crossing ? isFirst && inside === undefined : true
    if (isSeen) sawOn(journey, device, now)
    if (!crossing) continue
    const step = throughBridge(journey, crossing, now, inside)
    if (step.finding) return step
    const isRedirected = step.packet.destination !== now.destination
    now = step.packet
    if (crossing.to !== undefined && !isRedirected) continue
    if (!isRedirected) sawOn(journey, device, now)
    const isPrerouted = callsIptables(journey, device)
    return { arrival: { ...device, port: crossing.from, packet: now, isPrerouted, isRedirected } }
  }
  const none = { port: undefined, isPrerouted: false, isRedirected: false }
  return { arrival: { ...path.at(-1)!, ...none, packet: { ...now, ...UNMARKED } } }
}

/** The rule of ebtables that takes away a frame with a question or an answer of ARP; undefined: none does. */
export function arpTakenOn(
  journey: Journey,
  path: readonly Device[],
  arp: NonNullable<Subject['arp']>,
): Taken | undefined {
  for (const crossing of crossingsOf(journey, path)) {
    const rule = takenByEbtables(journey, crossing, { packet: undefined, arp }, stagesOf(crossing).flat())
    if (rule) return rule
  }
  return undefined
}

/** The rule of arptables that takes a question or an answer away; undefined: none does. */
export function arpTakenAt(
  journey: Journey,
  place: string,
  chain: 'INPUT' | 'OUTPUT',
  subject: Subject,
): RuleRef | undefined {
  return takenBy(journey, place, 'arptables', 'filter', chain, subject)
}

function crossingsOf({ facts }: Journey, path: readonly Device[]): Crossing[] {
  return path.flatMap((device, index) => {
    if (!isBridge(deviceOf(facts, device))) return []
    return { place: device.place, bridge: device.device, from: path[index - 1]?.device, to: path[index + 1]?.device }
  })
}

function sizeProblem({ facts }: Journey, device: Device, isReceiver: boolean, packet: Packet): Finding | undefined {
  const mtu = deviceOf(facts, device).mtu ?? 65_536
  if (packet.size <= mtu + (isReceiver ? TOLERANCE : 0)) return undefined
  const cause = { code: 'too-big', size: packet.size, mtu, isTold: !isReceiver } as const
  return at(device.place, device.device, packet.isAnswer, cause)
}

/** The chains of ebtables before, between and after those of iptables. */
function stagesOf({ from, to }: Crossing): readonly (readonly string[])[] {
  if (from === undefined) return [['filter OUTPUT', 'nat OUTPUT', 'nat POSTROUTING']]
  if (to === undefined) return [['nat PREROUTING'], ['filter INPUT']]
  return [['nat PREROUTING'], ['filter FORWARD'], ['nat POSTROUTING']]
}

/** Rules of iptables see what comes in by a port if bridge-nf-call-iptables is on. */
function throughBridge(
  journey: Journey,
  { place, bridge, from, to }: Crossing,
  packet: Packet,
  inside: string | undefined,
): Or<{ readonly packet: Packet }> {
  const isAsked = from !== undefined && callsIptables(journey, { place, device: bridge })
  const hooks = isAsked ? (['PREROUTING', 'FORWARD', 'POSTROUTING'] as const).slice(0, to === undefined ? 1 : 3) : []
  // What is inside already has passed the first of three stages.
  const isInside = from === undefined && inside !== undefined
  const crossing = { place, bridge, from: isInside ? inside : from, to }
  let now: Packet = { ...packet, ...UNMARKED }
  for (const [index, chains] of stagesOf(crossing).entries()) {
    if (isInside && index === 0) continue
    const taken = takenByEbtables(journey, crossing, { packet: now, arp: undefined }, chains)
    if (taken) {
      const cause = { code: 'rule-drop', rule: taken.rule, packet: describePacket(now) } as const
      return { finding: at(place, taken.device, now.isAnswer, cause) }
    }
    const hook = hooks[index]
    if (!hook) continue
    const devices = {
      in: hook === 'POSTROUTING' ? undefined : bridge,
      out: hook === 'PREROUTING' ? undefined : bridge,
      physicalIn: from,
      physicalOut: hook === 'PREROUTING' ? undefined : to,
    }
    const step = passHook(journey, place, hook, now, devices)
    if (step.finding || step.packet.destination !== now.destination) return step
    now = step.packet
  }
  return { packet: now }
}

function callsIptables({ facts }: Journey, device: Device): boolean {
  const data = deviceOf(facts, device).linkinfo?.info_data
  return facts.places.get(device.place)!.sysctl('bridge/bridge-nf-call-iptables') === 1 || data?.nf_call_iptables === 1
}

function takenByEbtables(
  journey: Journey,
  { place, bridge, from, to }: Crossing,
  load: Pick<Subject, 'packet' | 'arp'>,
  chains: readonly string[],
): Taken | undefined {
  const logical = {
    logicalIn: from === undefined ? undefined : bridge,
    logicalOut: to === undefined ? undefined : bridge,
  }
  for (const name of chains) {
    const [table = '', chain = ''] = name.split(' ')
    const subject = { ...load, in: from, out: to, ...logical, isLocal: () => false }
    const rule = takenBy(journey, place, 'ebtables', table, chain, subject)
    if (rule) return { place, device: from ?? bridge, rule }
  }
  return undefined
}

function takenBy(
  journey: Journey,
  place: string,
  program: 'ebtables' | 'arptables',
  table: string,
  chain: string,
  subject: Subject,
): RuleRef | undefined {
  const firewall = placeOf(journey, place).firewalls.find((one) => one.program === program)
  if (!firewall) return undefined
  // ARP is not asked anew for each packet: what a rule has counted since it was made says as much.
  const ever: Counted = (one, table, chain, index) => one.tables.get(table)?.get(chain)?.rules[index]?.packets
  const counted = subject.arp ? ever : journey.counted(place)
  const end = followChain({ firewall, table, subject, counted, tally: tallyOf(journey, place) }, chain)?.end
  return end?.target === 'DROP' ? end.ref : undefined
}
