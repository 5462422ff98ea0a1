import { followChain, type Taken } from './chains.ts'
import { confirm, isTranslated, track, translateBack } from './conntrack.ts'
import { isLocal } from './facts.ts'
import { at, type Finding } from './finding.ts'
import type { Firewall } from './firewall.ts'
import { type Journey, type Or, placeOf, tallyOf } from './journey.ts'
import { optionOf, translate } from './nat.ts'
import { describePacket, type Packet } from './packet.ts'

export type HookName = 'PREROUTING' | 'INPUT' | 'FORWARD' | 'OUTPUT' | 'POSTROUTING'

/** The devices that a hook is told of. */
export interface Devices {
  readonly in?: string | undefined
  readonly out?: string | undefined
  readonly physicalIn?: string | undefined
  readonly physicalOut?: string | undefined
  /** The address of who gets it next. */
  readonly nextHop?: string | undefined
}

/** In the order in which a packet meets them (enum nf_ip_hook_priorities). */
const TABLES: Readonly<Record<HookName, readonly string[]>> = {
  PREROUTING: ['raw', 'conntrack', 'mangle', 'nat'],
  INPUT: ['mangle', 'filter', 'security', 'nat', 'confirm'],
  FORWARD: ['mangle', 'filter', 'security'],
  OUTPUT: ['raw', 'conntrack', 'mangle', 'nat', 'filter', 'security'],
  POSTROUTING: ['mangle', 'nat', 'confirm'],
}

/** Passes a packet through all rules of a hook: it may come out with other addresses. */
export function passHook(
  journey: Journey,
  place: string,
  hook: HookName,
  packet: Packet,
  devices: Devices,
): Or<{ readonly packet: Packet }> {
  let now = packet
  for (const table of TABLES[hook]) {
    if (table === 'conntrack') now = track(journey, place, now)
    else if (table === 'confirm') confirm(now)
    else if (table === 'nat' && isTranslated(now))
      now = translateBack(now, hook === 'PREROUTING' || hook === 'OUTPUT' ? 'destination' : 'source')
    else {
      const step = passTable(journey, place, table, hook, now, devices)
      if (step.finding) return step
      now = step.packet
    }
  }
  return { packet: now }
}

/** Both back ends of iptables may hold rules. */
function passTable(
  journey: Journey,
  place: string,
  table: string,
  hook: HookName,
  packet: Packet,
  devices: Devices,
): Or<{ readonly packet: Packet }> {
  let now = packet
  for (const firewall of placeOf(journey, place).firewalls) {
    if (!firewall.program.startsWith('iptables')) continue
    const found = follow(journey, place, firewall, table, hook, now, devices)
    if (!found) continue
    for (const taken of found.passing) now = changed(now, taken)
    const end = endOf(place, devices, now, found.end)
    if (end) return { finding: end }
    if (table !== 'nat' || found.end.target === 'ACCEPT') continue
    const translated = translate(placeOf(journey, place), now, found.end, devices)
    if (!translated) return { finding: at(place, devices.out, now.isAnswer, { code: 'no-address', isDown: false }) }
    now = translated
  }
  return { packet: now }
}

function follow(
  journey: Journey,
  place: string,
  firewall: Firewall,
  table: string,
  hook: string,
  packet: Packet,
  devices: Devices,
) {
  const facts = placeOf(journey, place)
  const tally = tallyOf(journey, place)
  const subject = { ...devices, packet, arp: undefined, isLocal: (address: string) => isLocal(facts, address) }
  return followChain({ firewall, table, subject, counted: journey.counted(place), tally }, hook)
}

function endOf(place: string, devices: Devices, packet: Packet, { target, ref }: Taken): Finding | undefined {
  if (!/^(DROP|REJECT|QUEUE|NFQUEUE)$/.test(target)) return undefined
  const code = ref.number === undefined ? 'policy-drop' : target === 'REJECT' ? 'rule-reject' : 'rule-drop'
  const device = devices.physicalIn ?? devices.in ?? devices.out
  return at(place, device, packet.isAnswer, { code, rule: ref, packet: describePacket(packet) })
}

/** What rules do to a packet and let it go on. */
function changed(packet: Packet, taken: Taken): Packet {
  if (taken.target === 'NOTRACK' || (taken.target === 'CT' && optionOf(taken, '--notrack') !== undefined))
    return { ...packet, state: 'UNTRACKED' }
  const [value, mask] = (optionOf(taken, '--set-xmark') ?? '').split('/').map(Number)
  if (taken.target !== 'MARK' || value === undefined || mask === undefined) return packet
  return { ...packet, mark: ((packet.mark & ~mask) ^ value) >>> 0 }
}
