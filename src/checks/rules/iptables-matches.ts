import { addressRange, mac, network } from './addresses.ts'
import { flag, literal, type Module, module, option, pair, protocolModule, unless, wholeModule } from './grammar.ts'
import { port, portList } from './ports.ts'
import { icmpType } from './protocols.ts'
import { decimal, fraction, hex, mark, range, rate, states, tcpFlags, user, wordSet } from './values.ts'

// That a port is one of TCP or of UDP is said by `-p`.
const asPort = (word: string) => {
  const value = port(word)
  return value === undefined ? undefined : { match: 'port', value }
}
const PORTS = [option('--source-port --sport', asPort), option('--destination-port --dport', asPort)] as const

/** The matches of iptables-extensions(8) that labs use; one that is missing is compared literally. */
export const iptablesMatches: ReadonlyMap<string, Module> = new Map([
  [
    'tcp',
    protocolModule(
      ...PORTS,
      pair('--tcp-flags', tcpFlags),
      flag('--syn', () => ({ option: '--tcp-flags', value: tcpFlags('FIN,SYN,RST,ACK', 'SYN') })),
      option('--tcp-option', decimal),
    ),
  ],
  ['udp', protocolModule(...PORTS)],
  ['udplite', protocolModule(...PORTS)],
  [
    'sctp',
    protocolModule(
      ...PORTS,
      pair('--chunk-types', (how, types) => `${how.toLowerCase()} ${types}`),
    ),
  ],
  ['dccp', protocolModule(...PORTS, option('--dccp-types', wordSet), option('--dccp-option', decimal))],
  ['icmp', protocolModule(option('--icmp-type', icmpType))],
  ['esp', protocolModule(option('--espspi', range))],
  ['ah', protocolModule(option('--ahspi', range))],
  [
    'multiport',
    module(
      option('--source-ports --sports', portList),
      option('--destination-ports --dports', portList),
      option('--ports', portList),
    ),
  ],
  ['state', module(option('--state', (word) => ({ match: 'conntrack', option: '--ctstate', value: states(word) })))],
  [
    'conntrack',
    module(
      option('--ctstate', states),
      option('--ctproto', decimal),
      option('--ctorigsrc', network),
      option('--ctorigdst', network),
      option('--ctreplsrc', network),
      option('--ctrepldst', network),
      option('--ctorigsrcport', port),
      option('--ctorigdstport', port),
      option('--ctreplsrcport', port),
      option('--ctrepldstport', port),
      option('--ctstatus', wordSet),
      option('--ctexpire', range),
      option('--ctdir', wordSet),
    ),
  ],
  [
    'addrtype',
    module(
      option('--src-type', wordSet),
      option('--dst-type', wordSet),
      flag('--limit-iface-in'),
      flag('--limit-iface-out'),
    ),
  ],
  ['comment', module(option('--comment', literal))],
  ['mac', module(option('--mac-source', mac))],
  ['mark', module(option('--mark', mark))],
  ['connmark', module(option('--mark', mark))],
  ['iprange', module(option('--src-range', addressRange), option('--dst-range', addressRange))],
  ['length', module(option('--length', range))],
  ['ttl', module(option('--ttl-eq --ttl', decimal), option('--ttl-lt', decimal), option('--ttl-gt', decimal))],
  ['tos', module(option('--tos', (word) => tos(word, '0xff')))],
  ['dscp', module(option('--dscp', hex), option('--dscp-class', wordSet))],
  ['pkttype', module(option('--pkt-type', wordSet))],
  ['owner', module(option('--uid-owner', user), option('--gid-owner', user), flag('--socket-exists'))],
  [
    'physdev',
    module(
      option('--physdev-in'),
      option('--physdev-out'),
      flag('--physdev-is-in'),
      flag('--physdev-is-out'),
      flag('--physdev-is-bridged'),
    ),
  ],
  ['limit', wholeModule(option('--limit', unless('72/day', rate)), option('--limit-burst', unless('5', decimal)))],
  [
    'statistic',
    wholeModule(
      option('--mode', (word) => word.toLowerCase()),
      option('--probability', fraction),
      option('--every', decimal),
      option('--packet', unless('0', decimal)),
    ),
  ],
  [
    'recent',
    wholeModule(
      flag('--set'),
      flag('--rcheck'),
      flag('--update'),
      flag('--remove'),
      option('--seconds', decimal),
      option('--hitcount', decimal),
      flag('--reap'),
      flag('--rttl'),
      option('--name', unless('DEFAULT')),
      option('--mask', unless('255.255.255.255')),
      flag('--rsource', () => undefined),
      flag('--rdest'),
    ),
  ],
  [
    'connlimit',
    wholeModule(
      option('--connlimit-upto', decimal),
      option('--connlimit-above', decimal),
      option('--connlimit-mask', unless('32', decimal)),
      flag('--connlimit-saddr', () => undefined),
      flag('--connlimit-daddr'),
    ),
  ],
  [
    'hashlimit',
    wholeModule(
      option('--hashlimit-upto --hashlimit', rate),
      option('--hashlimit-above', rate),
      option('--hashlimit-burst', unless('5', decimal)),
      option('--hashlimit-mode', wordSet),
      option('--hashlimit-name'),
      option('--hashlimit-srcmask', unless('32', decimal)),
      option('--hashlimit-dstmask', unless('32', decimal)),
      option('--hashlimit-htable-size', decimal),
      option('--hashlimit-htable-max', decimal),
      option('--hashlimit-htable-expire', decimal),
      option('--hashlimit-htable-gcinterval', decimal),
    ),
  ],
  [
    'string',
    wholeModule(
      option('--from', unless('0', decimal)),
      option('--to', unless('65535', decimal)),
      option('--algo'),
      option('--string'),
      option('--hex-string'),
      flag('--icase'),
    ),
  ],
])

/** A byte with a mask; without one, the mask is the default. */
export function tos(word: string, defaultMask: string): string {
  const [value = '', mask = defaultMask] = word.split('/').map(hex)
  return `${value}/${mask}`
}
