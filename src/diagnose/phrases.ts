import { deviceName } from '../checks/subjects.ts'
import type { RuleRef } from './chains.ts'
import type { Finding } from './finding.ts'

/** The device of a finding, as `net1/veth1`; empty where there is none. */
export function nameOf({ place, device }: Finding): string {
  return device === undefined ? '' : deviceName({ place, device })
}

/** `the host`, `the gateway`; a namespace is called by its name. */
export function placeText(place: string, outside: readonly string[]): string {
  return place === 'host' || outside.includes(place) ? `the ${place}` : place
}

/** What a rule or a policy did to a packet. */
export function dropText(rule: RuleRef, packet: string, name: string, how: 'dropped' | 'rejected'): string {
  const by = rule.number === undefined ? `the policy ${rule.text} of ${chainText(rule)}` : ruleText(rule)
  return `${packet} on ${name} is ${how} by ${by}`
}

/** `rule 2 of filter FORWARD (-p icmp -j DROP)` */
export function ruleText(rule: RuleRef): string {
  if (rule.number === undefined) return `the policy of ${chainText(rule)}`
  return `rule ${rule.number} of ${chainText(rule)} (${rule.text})`
}

function chainText({ program, table, chain }: RuleRef): string {
  return `${program === 'iptables' ? '' : `${program} `}${table} ${chain}`
}

/** What was looked at in vain, and what was not. */
export function excluded(unread: readonly string[]): string {
  const tables = unread.length === 0 ? '' : `; rules of nftables that iptables does not show: ${unread.join(', ')}`
  return `Excluded: addresses and routes, links, bridges and their ports, ARP, MTU, ip_forward, rp_filter, the rules of iptables, ebtables and arptables, who listens. Not looked at: tc, VLANs and static fdb entries of a bridge${tables}`
}
