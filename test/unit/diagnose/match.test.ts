import { describe, expect, it } from 'vitest'
import { ebtablesGrammar } from '../../../src/checks/rules/ebtables-grammar.ts'
import { iptablesGrammar } from '../../../src/checks/rules/iptables-grammar.ts'
import { parseRule } from '../../../src/checks/rules/parse.ts'
import { type Answer, matches, type Subject } from '../../../src/diagnose/match.ts'
import type { Packet } from '../../../src/diagnose/packet.ts'

const connect: Packet = {
  protocol: 'tcp',
  source: '172.17.0.2',
  sourcePort: undefined,
  destination: '192.168.0.10',
  destinationPort: 8000,
  isAnswer: false,
  size: 60,
  state: 'NEW',
  flow: undefined,
  mark: 0x12,
}
const ping: Packet = { ...connect, protocol: 'icmp', destinationPort: undefined }
const accept: Packet = {
  ...connect,
  isAnswer: true,
  source: '192.168.0.10',
  sourcePort: 8000,
  destination: '172.17.0.2',
  destinationPort: undefined,
  state: 'ESTABLISHED',
}
const rest = { arp: undefined, isLocal: (address: string) => address === '192.168.0.10' }
const packets = {
  connect: { ...rest, packet: connect, in: 'docker0', physicalIn: 'veth0' },
  ping: { ...rest, packet: ping, in: 'docker0', out: 'ens33' },
  accept: { ...rest, packet: accept, in: 'ens33', out: 'docker0' },
} satisfies Record<string, Subject>

/** A rule, the packet, and whether they match. */
const IPTABLES: readonly [rule: string, packet: keyof typeof packets, answer: Answer][] = [
  ['-j DROP', 'ping', 'yes'],
  ['-p icmp -j DROP', 'ping', 'yes'],
  ['-p icmp -j DROP', 'connect', 'no'],
  ['! -p icmp -j DROP', 'connect', 'yes'],
  ['-s 172.17.0.0/16 -d 192.168.0.10/32 -j DROP', 'connect', 'yes'],
  ['-s 172.18.0.0/16 -j DROP', 'connect', 'no'],
  ['! -s 172.17.0.0/16 -j DROP', 'connect', 'no'],
  ['-i docker0 -j DROP', 'connect', 'yes'],
  ['-i dock+ -j DROP', 'connect', 'yes'],
  ['! -i docker0 -j DROP', 'connect', 'no'],
  ['-i docker0 ! -o docker0 -j ACCEPT', 'ping', 'yes'],
  ['-o ens33 -j DROP', 'connect', 'no'],
  ['-p tcp -m tcp --dport 8000 -j DROP', 'connect', 'yes'],
  ['-p tcp -m tcp --dport 7000:9000 -j DROP', 'connect', 'yes'],
  ['-p tcp -m tcp --dport 80 -j DROP', 'connect', 'no'],
  ['-p tcp -m tcp --sport 80 -j DROP', 'connect', 'no'],
  ['-p tcp -m tcp --sport 1024:65535 -j DROP', 'connect', 'yes'],
  ['-p tcp -m tcp --sport 40000:41000 -j DROP', 'connect', 'unknown'],
  ['-p tcp -m tcp --sport 40000:41000 --dport 80 -j DROP', 'connect', 'no'],
  ['-p tcp -m tcp --sport 8000 -j DROP', 'accept', 'yes'],
  ['-p tcp -m multiport --dports 80,7000:9000 -j DROP', 'connect', 'yes'],
  ['-p tcp -m multiport ! --dports 80,443 -j DROP', 'connect', 'yes'],
  ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP', 'connect', 'yes'],
  ['-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j DROP', 'accept', 'no'],
  ['-p tcp ! --syn -j DROP', 'accept', 'yes'],
  ['-p icmp -m icmp --icmp-type 8 -j DROP', 'ping', 'yes'],
  ['-p icmp -m icmp --icmp-type 0 -j DROP', 'ping', 'no'],
  ['-m conntrack --ctstate NEW -j DROP', 'connect', 'yes'],
  ['-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', 'accept', 'yes'],
  ['-m state --state ESTABLISHED -j ACCEPT', 'connect', 'no'],
  ['-m conntrack --ctstate DNAT -j ACCEPT', 'connect', 'unknown'],
  ['-m addrtype --dst-type LOCAL -j DOCKER', 'connect', 'yes'],
  ['-m addrtype --dst-type LOCAL -j DOCKER', 'accept', 'no'],
  ['-m addrtype ! --src-type LOCAL -j DOCKER', 'connect', 'yes'],
  ['-m iprange --src-range 172.17.0.1-172.17.0.9 -j DROP', 'connect', 'yes'],
  ['-m mark --mark 0x2/0xf -j DROP', 'connect', 'yes'],
  ['-m mark --mark 0x2 -j DROP', 'connect', 'no'],
  ['-m physdev --physdev-in veth0 -j DROP', 'connect', 'yes'],
  ['-m physdev --physdev-is-bridged -j DROP', 'connect', 'no'],
  ['-m comment --comment "for x" -j DROP', 'connect', 'yes'],
  ['-m limit --limit 1/s -j ACCEPT', 'connect', 'unknown'],
  ['-p icmp -m limit --limit 1/s -j ACCEPT', 'connect', 'no'],
  ['-p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80', 'connect', 'yes'],
]

const frame = { ...rest, packet: ping, in: 'veth1', out: 'veth2', logicalIn: 'br0', logicalOut: 'br0' }
const question = {
  ...frame,
  packet: undefined,
  arp: { operation: 1, source: '10.0.0.1', destination: '10.0.0.2' },
} as const

const EBTABLES: readonly [rule: string, subject: Subject, answer: Answer][] = [
  ['-p IPv4 --ip-proto icmp -j DROP', frame, 'yes'],
  ['-p IPv4 --ip-proto tcp -j DROP', frame, 'no'],
  ['-p IPv4 --ip-src 172.17.0.0/16 -j DROP', frame, 'yes'],
  ['-p ARP -j DROP', frame, 'no'],
  ['-p ARP --arp-op Request --arp-ip-dst 10.0.0.2 -j DROP', question, 'yes'],
  ['-p ARP --arp-op Reply -j DROP', question, 'no'],
  ['-i veth1 -j DROP', frame, 'yes'],
  ['-i br0 -j DROP', frame, 'no'],
  ['--logical-in br0 -j DROP', frame, 'yes'],
  ['-s 02:00:00:00:00:01 -j DROP', frame, 'unknown'],
]

describe('whether a rule matches a packet', () => {
  it.each(IPTABLES)('iptables %s: %s %s', (rule, packet, answer) => {
    expect(matches(parseRule(rule, iptablesGrammar), packets[packet])).toBe(answer)
  })

  it.each(EBTABLES)('ebtables %s', (rule, subject, answer) => {
    expect(matches(parseRule(rule, ebtablesGrammar), subject)).toBe(answer)
  })
})
