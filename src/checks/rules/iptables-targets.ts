import { network } from './addresses.ts'
import { flag, literal, type Module, module, option, unless } from './grammar.ts'
import { tos } from './iptables-matches.ts'
import { destination } from './ports.ts'
import { decimal, hex, logLevel, markChange } from './values.ts'

/** How a NAT target chooses an address or a port. */
const CHOICE = [flag('--random'), flag('--random-fully'), flag('--persistent')] as const

const ports = (word: string) => word.replace(/^(\d+)-\1$/, '$1')
const changes = (how: Parameters<typeof markChange>[0]) => (word: string) => ({
  option: '--set-xmark',
  value: markChange(how)(word),
})
const MARKS = [
  option('--set-mark', changes('set')),
  option('--set-xmark', changes('xset')),
  option('--and-mark', changes('and')),
  option('--or-mark', changes('or')),
  option('--xor-mark', changes('xor')),
] as const

/** The targets of iptables-extensions(8) that labs use; the options of one that is missing are compared literally. */
export const iptablesTargets: ReadonlyMap<string, Module> = new Map([
  ['DNAT', module(option('--to-destination', destination), ...CHOICE)],
  ['SNAT', module(option('--to-source', destination), ...CHOICE)],
  ['MASQUERADE', module(option('--to-ports', ports), ...CHOICE)],
  ['REDIRECT', module(option('--to-ports', ports), ...CHOICE)],
  ['NETMAP', module(option('--to', network))],
  ['REJECT', module(option('--reject-with', unless('icmp-port-unreachable', rejection)))],
  [
    'LOG',
    module(
      option('--log-level', unless('4', logLevel)),
      option('--log-prefix', literal),
      flag('--log-tcp-sequence'),
      flag('--log-tcp-options'),
      flag('--log-ip-options'),
      flag('--log-uid'),
      flag('--log-macdecode'),
    ),
  ],
  [
    'NFLOG',
    module(
      option('--nflog-group', unless('0', decimal)),
      option('--nflog-prefix', literal),
      option('--nflog-size', decimal),
      option('--nflog-range', decimal),
      option('--nflog-threshold', unless('1', decimal)),
    ),
  ],
  ['MARK', module(...MARKS)],
  [
    'CONNMARK',
    module(
      ...MARKS,
      flag('--save-mark'),
      flag('--restore-mark'),
      option('--nfmask', unless('0xffffffff', hex)),
      option('--ctmask', unless('0xffffffff', hex)),
      option('--mask', (word) => ['--nfmask', '--ctmask'].map((name) => ({ option: name, value: hex(word) }))),
    ),
  ],
  ['TTL', module(option('--ttl-set', decimal), option('--ttl-dec', decimal), option('--ttl-inc', decimal))],
  ['TOS', module(option('--set-tos', (word) => tos(word, '0xff')))],
  ['DSCP', module(option('--set-dscp', hex), option('--set-dscp-class', literal))],
  ['TCPMSS', module(option('--set-mss', decimal), flag('--clamp-mss-to-pmtu'))],
  ['TEE', module(option('--gateway', literal))],
  ['NFQUEUE', module(option('--queue-num', unless('0', decimal)), flag('--queue-bypass'))],
  ['CT', module(flag('--notrack'), option('--zone', decimal), option('--helper', literal))],
])

/** libipt_REJECT knows each answer by two names. */
function rejection(word: string): string {
  const name = word.toLowerCase()
  return REJECTIONS[name] ?? name
}

const REJECTIONS: Readonly<Record<string, string>> = {
  'net-unreach': 'icmp-net-unreachable',
  'host-unreach': 'icmp-host-unreachable',
  'proto-unreach': 'icmp-proto-unreachable',
  'port-unreach': 'icmp-port-unreachable',
  'net-prohib': 'icmp-net-prohibited',
  'host-prohib': 'icmp-host-prohibited',
  'tcp-rst': 'tcp-reset',
  'admin-prohib': 'icmp-admin-prohibited',
}
