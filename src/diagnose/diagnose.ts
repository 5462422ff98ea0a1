import type { DiagnosisQuestion, Probe } from '../checks/check.ts'
import { plainProbe } from '../checks/plain-probe.ts'
import type { Device } from '../checks/subjects.ts'
import type { World } from '../world/world.ts'
import { countedBetween, deviceOf, type Facts, holdersOf, readFacts } from './facts.ts'
import { at, type Diagnosis, type Finding } from './finding.ts'
import { toNumber } from './ipv4.ts'
import { type Hop, type Journey, newJourney } from './journey.ts'
import { describe } from './messages.ts'
import { endText, type Packet, turned } from './packet.ts'
import { sendOne } from './send.ts'
import { whyUnanswered } from './service.ts'
import { isSeen, watchAll } from './sightings.ts'
import { walk } from './walk.ts'

/**
 * Finds out where a packet dies on its way, or its answer on the way back, and the first reason for that. Sends one more
 * packet, and changes nothing else. Undefined where it cannot be followed: over IPv6. Rejects with ProbeError.
 */
export async function diagnose(world: World, question: DiagnosisQuestion): Promise<Diagnosis | undefined> {
  const probe = plainProbe(world)
  const { from, to } = question
  if (to.includes(':')) return undefined
  const address = await addressOf(probe, question)
  if (address === undefined)
    return report(world, at(from, undefined, false, { code: 'unknown-name', name: to }), undefined)
  const before = await readFacts(probe)
  const watch = await watchAll(probe, before)
  const isAnswered = await sendOne(probe, question, address).finally(() => watch.stop())
  const sightings = watch.seen()
  const after = await readFacts(probe)
  const journey = newJourney({ facts: after, probe, counted: countedBetween(before, after) })
  if (isAnswered) return report(world, await whatElse(journey, question, address), undefined)
  const finding = await follow(journey, question, firstPacket(question, address))
  const seen = sightings && journey.hops.filter((hop) => isSeen(sightings, hop))
  const unseen = seen && journey.hops.find((hop) => !seen.includes(hop))
  const cause = unseen && journey.suspicions.length === 0 ? lostBefore(after, unseen) : finding
  return report(world, cause, (seen ?? journey.hops).at(-1))
}

async function addressOf(probe: Probe, { from, to }: DiagnosisQuestion): Promise<string | undefined> {
  if (toNumber(to) !== undefined) return to
  const { stdout } = await probe.run(from, ['getent', 'ahostsv4', to])
  return stdout.split(/\s/)[0] || undefined
}

function firstPacket({ protocol, port, size }: DiagnosisQuestion, destination: string): Packet {
  const unknown = {
    source: '',
    sourcePort: undefined,
    isAnswer: false,
    state: 'NEW',
    flow: undefined,
    mark: 0,
  } as const
  const bytes = protocol === 'icmp' ? (size ?? 56) + HEADERS : TCP_HEADERS
  return { ...unknown, protocol, destination, destinationPort: port, size: bytes }
}

/** Bytes of the headers of IP and ICMP; of IP and TCP with the options of a first packet. */
const HEADERS = 28
const TCP_HEADERS = 60

/** There and back; whatever is suspicious on the way is the first reason for an end after it. */
async function follow(journey: Journey, question: DiagnosisQuestion, packet: Packet): Promise<Finding> {
  const finding = await firstEnd(journey, question, packet)
  return journey.suspicions[0] ?? finding ?? nothingFound(journey, question.from)
}

async function firstEnd(journey: Journey, question: DiagnosisQuestion, packet: Packet): Promise<Finding | undefined> {
  const { from } = question
  const there = await walk(journey, from, packet)
  if (there.finding) return there.finding
  const unanswered = whyUnanswered(journey, there.delivered)
  if (unanswered) return unanswered
  const { place, packet: arrived } = there.delivered
  const answer: Packet = { ...arrived, ...turned(arrived), isAnswer: true, state: 'NEW', flow: undefined, mark: 0 }
  const back = await walk(journey, place, answer)
  if (back.finding) return back.finding
  const { delivered } = back
  if (delivered.place !== from) {
    const address = delivered.packet.destination
    const holders = [from, delivered.place].flatMap((name) => holderIn(journey, name, address))
    return at(delivered.place, delivered.device, true, { code: 'duplicate-address', address, holders })
  }
  const [expected, seen] = [
    endText(packet.destination, question.port),
    endText(delivered.packet.source, delivered.packet.sourcePort),
  ]
  // ping takes an answer from any address.
  if (question.protocol === 'icmp' || expected === seen) return undefined
  return at(from, delivered.device, true, { code: 'wrong-answer', expected, seen })
}

function holderIn({ facts }: Journey, place: string, address: string): Device[] {
  return holdersOf(facts.places.get(place)!, address).map(({ ifname }) => ({ place, device: ifname }))
}

/** An answer did come: of a connection, full packets may get lost where the first ones did not. */
async function whatElse(journey: Journey, question: DiagnosisQuestion, address: string): Promise<Finding> {
  const answered = at(question.from, undefined, false, { code: 'answered' })
  if (question.protocol === 'icmp') return answered
  await firstEnd(journey, question, firstPacket(question, address))
  const ends = [journey.hops[0], journey.hops.find(({ isAnswer }) => isAnswer)]
  const size = Math.min(...ends.map((hop) => (hop && deviceOf(journey.facts, hop).mtu) ?? 65_536))
  const again = newJourney(journey)
  const finding = await firstEnd(again, question, { ...firstPacket(question, address), size })
  return finding?.code === 'too-big' && !finding.isTold ? finding : answered
}

/** The packet was not seen where it should have come to. */
function lostBefore(facts: Facts, { place, device, isAnswer }: Hop): Finding {
  return at(place, device, isAnswer, { code: 'lost', ...unread(facts) })
}

function nothingFound({ facts }: Journey, from: string): Finding {
  return at(from, undefined, false, { code: 'nothing-found', ...unread(facts) })
}

/** What was not looked at: tables of nftables that are not iptables'. */
function unread({ places }: Facts): { readonly unread: readonly string[] } {
  return {
    unread: [...places.values()].flatMap(({ name, foreignTables }) =>
      foreignTables.map((table) => `${table} (${name})`),
    ),
  }
}

function report({ outside }: World, finding: Finding, lastSeen: Device | undefined): Diagnosis {
  const { code, place, device, isAnswer } = finding
  const rule = 'rule' in finding ? { rule: finding.rule } : {}
  const seen = lastSeen && { lastSeen: { place: lastSeen.place, device: lastSeen.device } }
  return { code, place, ...(device && { device }), ...rule, isAnswer, ...seen, ...describe(finding, outside) }
}
