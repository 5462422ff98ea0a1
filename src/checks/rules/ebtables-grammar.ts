import { mac, network } from './addresses.ts'
import { flag, type Grammar, literal, type Module, module, option, pair, unless } from './grammar.ts'
import { port } from './ports.ts'
import { icmpType, protocol } from './protocols.ts'
import { decimal, hex, logLevel, mark, range, rate, wordSet } from './values.ts'

const device = (word: string) => (word === '+' ? undefined : word)
const nothing = () => undefined
/** Each option of a watcher switches it on. */
const logs = (name: string, value: string) => [
  { option: '--log', value: '' },
  ...(name ? [{ option: name, value }] : []),
]

/** ebtables(8). Its matches need no `-m`. */
export const ebtablesGrammar: Grammar = {
  core: module(
    option('--protocol -p', etherType),
    option('--source --src -s', macRange),
    option('--destination --dst -d', macRange),
    option('--in-interface --in-if -i', device),
    option('--out-interface --out-if -o', device),
    option('--logical-in', device),
    option('--logical-out', device),
    pair('--set-counters -c', nothing),
    option('--ip-source --ip-src', network),
    option('--ip-destination --ip-dst', network),
    option('--ip-tos', hex),
    option('--ip-protocol --ip-proto', protocol),
    option('--ip-source-port --ip-sport', port),
    option('--ip-destination-port --ip-dport', port),
    option('--ip-icmp-type', icmpType),
    option('--ip6-source --ip6-src', lower),
    option('--ip6-destination --ip6-dst', lower),
    option('--ip6-protocol --ip6-proto', protocol),
    option('--ip6-source-port --ip6-sport', port),
    option('--ip6-destination-port --ip6-dport', port),
    option('--ip6-icmp-type', lower),
    option('--arp-opcode --arp-op', arpOperation),
    option('--arp-htype', decimal),
    option('--arp-ptype', etherType),
    option('--arp-ip-src', network),
    option('--arp-ip-dst', network),
    option('--arp-mac-src', macRange),
    option('--arp-mac-dst', macRange),
    flag('--arp-gratuitous'),
    option('--vlan-id', decimal),
    option('--vlan-prio', decimal),
    option('--vlan-encap', etherType),
    option('--limit', rate),
    option('--limit-burst', unless('5', decimal)),
    option('--mark', mark),
    option('--pkttype-type', wordSet),
    option('--stp-type', lower),
    option('--802_3-type', hex),
    option('--802_3-sap', hex),
    flag('--log', () => logs('', '')),
    option('--log-level', (word) => logs(logLevel(word) === '5' ? '' : '--log-level', logLevel(word))),
    option('--log-prefix', (word) => logs(word === '' ? '' : '--log-prefix', word)),
    flag('--log-ip', () => logs('--log-ip', '')),
    flag('--log-ip6', () => logs('--log-ip6', '')),
    flag('--log-arp', () => logs('--log-arp', '')),
  ),
  matches: new Map(),
  targets: new Map<string, Module>([
    ['mark', markTarget()],
    ['dnat', module(option('--to-destination --to-dst', mac), option('--dnat-target', unless('ACCEPT')))],
    [
      'snat',
      module(
        option('--to-source --to-src', mac),
        option('--snat-target', unless('ACCEPT')),
        flag('--snat-arp', () => ''),
      ),
    ],
    ['redirect', module(option('--redirect-target', unless('ACCEPT')))],
    ['arpreply', module(option('--arpreply-mac', mac), option('--arpreply-target', unless('DROP')))],
  ]),
  protocol: literal,
  noTarget: 'CONTINUE',
}

function markTarget(): Module {
  return module(
    option('--mark-set', hex),
    option('--mark-or', hex),
    option('--mark-and', hex),
    option('--mark-xor', hex),
    option('--mark-target', unless('ACCEPT')),
  )
}

/** The type of an Ethernet frame as a number: `IPv4` is `0x800`. */
function etherType(word: string): string {
  const name = word.toLowerCase()
  return ETHER_TYPES[name] ?? (/^(0x)?[\da-f]+$/.test(name) ? `0x${Number.parseInt(name, 16).toString(16)}` : name)
}

/** ethertypes(5). */
const ETHER_TYPES: Readonly<Record<string, string>> = {
  ip: '0x800',
  ipv4: '0x800',
  x25: '0x805',
  arp: '0x806',
  rarp: '0x8035',
  atalk: '0x809b',
  aarp: '0x80f3',
  '802_1q': '0x8100',
  ipx: '0x8137',
  ipv6: '0x86dd',
  mpls_ucast: '0x8847',
  mpls_mcast: '0x8848',
  ppp_disc: '0x8863',
  ppp_ses: '0x8864',
  '802_1ad': '0x88a8',
}

/** A MAC address, a range of them by mask, or one of the names that ebtables has for these. */
function macRange(word: string): string {
  return mac(MAC_NAMES[word.toLowerCase()] ?? word)
}

const MAC_NAMES: Readonly<Record<string, string>> = {
  unicast: '00:00:00:00:00:00/01:00:00:00:00:00',
  multicast: '01:00:00:00:00:00/01:00:00:00:00:00',
  broadcast: 'ff:ff:ff:ff:ff:ff',
  bga: '01:80:c2:00:00:00',
}

function arpOperation(word: string): string {
  const index = ARP_OPERATIONS.indexOf(word.toLowerCase())
  return index < 0 ? range(word) : String(index + 1)
}

const ARP_OPERATIONS = [
  'request',
  'reply',
  'request_reverse',
  'reply_reverse',
  'drarp_request',
  'drarp_reply',
  'drarp_error',
  'inarp_request',
  'arp_nak',
]

function lower(word: string): string {
  return word.toLowerCase()
}
