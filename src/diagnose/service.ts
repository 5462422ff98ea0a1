import { parseRule } from '../checks/rules/parse.ts'
import { followChain, type RuleRef } from './chains.ts'
import { isLocal } from './facts.ts'
import { at, type Finding } from './finding.ts'
import type { Firewall } from './firewall.ts'
import { type Journey, placeOf } from './journey.ts'
import type { Delivered } from './walk.ts'

/** Why a place does not answer a packet that it takes as its own; undefined: it does. */
export function whyUnanswered(journey: Journey, { place, device, packet }: Delivered): Finding | undefined {
  const facts = placeOf(journey, place)
  const { destination: to, destinationPort: port, isAnswer } = packet
  const find = (cause: Parameters<typeof at>[3]) => at(place, device, isAnswer, cause)
  if (port === undefined)
    return facts.sysctl('ipv4/icmp_echo_ignore_all') === 1 ? find({ code: 'echo-ignored' }) : undefined
  const addresses = facts.listening.flatMap((end) => {
    const [, address = '', number] = /^(.*):(\d+)$/.exec(end) ?? []
    return Number(number) === port ? address.replace(/^\[(?:::ffff:)?(.*)\]$/, '$1') : []
  })
  if (addresses.some((address) => takes(address, device, to))) return undefined
  if (addresses.length > 0) return find({ code: 'bound-elsewhere', port, addresses: [...new Set(addresses)], to })
  return skippedRule(journey, { place, device, packet }, port) ?? find({ code: 'not-listening', port })
}

/** `*` and `::` are sockets for IPv6 that take IPv4 as well; `10.0.0.1%eth0` is for one device. */
function takes(address: string, device: string, to: string): boolean {
  const [own = '', only = device] = address.split('%')
  return only === device && ['*', '::', '0.0.0.0', to].includes(own)
}

/** A rule of nat PREROUTING that would have sent the packet on if it had come by another way. */
function skippedRule(journey: Journey, { place, device, packet }: Delivered, port: number): Finding | undefined {
  const facts = placeOf(journey, place)
  for (const firewall of facts.firewalls.filter(({ program }) => program.startsWith('iptables'))) {
    for (const other of [...facts.devices.keys()].filter((name) => name !== device)) {
      const subject = {
        packet: { ...packet, state: 'NEW' } as const,
        arp: undefined,
        in: other,
        isLocal: (address: string) => isLocal(facts, address),
      }
      const way = { firewall, table: 'nat', subject, counted: () => undefined, tally: new Map<string, number>() }
      const end = followChain(way, 'PREROUTING')?.end
      if (end && /^(DNAT|REDIRECT)$/.test(end.target))
        return at(place, device, false, {
          code: 'dnat-skipped',
          rule: end.ref,
          port,
          isOwn: device === 'lo',
          leading: leadingTo(end.ref.chain, firewall),
        })
    }
  }
  return undefined
}

/** The rule of nat OUTPUT that leads to a chain. */
function leadingTo(chain: string, { program, tables, grammar }: Firewall): RuleRef | undefined {
  const rules = tables.get('nat')?.get('OUTPUT')?.rules ?? []
  const index = rules.findIndex(({ text }) =>
    parseRule(text, grammar).some(
      ({ option, value }) => (option === '--jump' || option === '--goto') && value === chain,
    ),
  )
  if (index < 0) return undefined
  return { program, table: 'nat', chain: 'OUTPUT', number: index + 1, text: rules[index]!.text }
}
