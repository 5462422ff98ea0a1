/** Which packets are traced, as conditions of nft(8) for one rule in each of these chains. */
export interface TraceMatch {
  /** Of family ip, hook prerouting: what comes in by a device. */
  readonly incoming: string
  /** Of family ip, hook output: what the machine itself sends; undefined: it is not asked for. */
  readonly outgoing: string | undefined
  /** Of family bridge, hook prerouting: what comes in by a port of a bridge. */
  readonly bridged: string
  /** What it was made of. */
  readonly parts: readonly Part[]
}

/** What the kernel's log tells of a packet, by its names: `SRC`, `DST`, `PROTO`, `IN`, `PHYSIN`, `SPT`, `TYPE`, … */
export type LogFields = Readonly<Record<string, string>>

interface Part {
  readonly option: string
  readonly value: string
  /** `!= ` or nothing. */
  readonly not: string
}

interface Option {
  /** What its value looks like. */
  readonly value: RegExp
  readonly condition: (part: Part, protocol: string) => string
}

// A remembered value may stand in place of an address or a port.
const PORTS = /^(?:\d{1,5}(?::\d{1,5})?|\{\{\w+\}\})$/
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\{\{\w+\}\})(?:\/\d{1,2})?$/
const PROTOCOL = /^(?:icmp|tcp|udp|sctp|gre|esp|igmp)$/
const ICMP_TYPE =
  /^(?:echo-re(?:ply|quest)|destination-unreachable|time-exceeded|redirect|parameter-problem|timestamp-re(?:ply|quest)|\d{1,3})$/

const OPTIONS: Readonly<Record<string, Option>> = {
  '-p': { value: PROTOCOL, condition: ({ not, value }) => `meta l4proto ${not}${value}` },
  '-s': { value: ADDRESS, condition: ({ not, value }) => `ip saddr ${not}${value}` },
  '-d': { value: ADDRESS, condition: ({ not, value }) => `ip daddr ${not}${value}` },
  '-i': { value: /^[\w.-]{1,15}$/, condition: ({ value }) => `iifname "${value}"` },
  '--sport': { value: PORTS, condition: ({ not, value }, protocol) => `${protocol} sport ${not}${range(value)}` },
  '--dport': { value: PORTS, condition: ({ not, value }, protocol) => `${protocol} dport ${not}${range(value)}` },
  '--icmp-type': { value: ICMP_TYPE, condition: ({ not, value }) => `icmp type ${not}${value}` },
}

const SYNONYMS: Readonly<Record<string, string>> = {
  '--protocol': '-p',
  '--source': '-s',
  '--src': '-s',
  '--destination': '-d',
  '--dst': '-d',
  '--in-interface': '-i',
  '--source-port': '--sport',
  '--destination-port': '--dport',
}

/**
 * Reads `icmp`, `tcp`, `udp`, `ip` (all), or a match as a rule of iptables in raw PREROUTING or OUTPUT would have it:
 * `-p tcp -s 172.17.0.0/16 --dport 80`. For a text that is neither: a sentence that says why.
 */
export function parseTraceMatch(text: string): TraceMatch | string {
  const words = text.trim().split(/\s+/)
  if (text.trim() === 'ip') return matchOf([])
  if (/^(?:icmp|tcp|udp)$/.test(text.trim())) return matchOf([{ option: '-p', value: text.trim(), not: '' }])
  const parts: Part[] = []
  while (words.length > 0) {
    const not = words[0] === '!' ? '!= ' : ''
    if (not) words.shift()
    const [word = '', value = ''] = words.splice(0, 2)
    // What `-p tcp` implies.
    if (word === '-m' && PROTOCOL.test(value)) continue
    const option = SYNONYMS[word] ?? word
    if (!OPTIONS[option]) return `\`${word}\` is not known here; expected ${KNOWN}`
    if (!OPTIONS[option].value.test(value)) return `\`${value}\` does not fit after \`${word}\``
    if (option === '-i' && not) return '`! -i` is not known here'
    if (parts.some((part) => part.option === option)) return `\`${word}\` is there twice`
    parts.push({ option, value, not })
  }
  return unmetNeed(parts) ?? matchOf(parts)
}

const KNOWN = `icmp, tcp, udp, ip, or as in a rule of iptables: ${Object.keys(OPTIONS).join(' ')}`

function unmetNeed(parts: readonly Part[]): string | undefined {
  const protocol = protocolOf(parts)
  const has = (option: string) => parts.some((part) => part.option === option)
  if (has('--icmp-type') && protocol !== 'icmp') return '`--icmp-type` needs `-p icmp`'
  const needsPorts = has('--sport') || has('--dport')
  return needsPorts && !/^(?:tcp|udp|sctp)$/.test(protocol) ? 'ports need `-p tcp` or `-p udp`' : undefined
}

function protocolOf(parts: readonly Part[]): string {
  return parts.find(({ option, not }) => option === '-p' && not === '')?.value ?? ''
}

function matchOf(parts: readonly Part[]): TraceMatch {
  const protocol = protocolOf(parts)
  const conditions = parts.map((part) => OPTIONS[part.option]!.condition(part, protocol)).join(' ')
  const byDevice = parts.some(({ option }) => option === '-i')
  return {
    incoming: conditions,
    outgoing: byDevice ? undefined : conditions,
    bridged: `meta protocol ip ${conditions}`.trimEnd(),
    parts,
  }
}

/** Whether a packet of the kernel's log is one of those that are traced. */
export function matchesLog({ parts }: TraceMatch, fields: LogFields): boolean {
  return parts.every(({ option, value, not }) => LOGGED[option]!(value, fields) === (not === ''))
}

type Look = (value: string, fields: LogFields) => boolean

const LOGGED: Readonly<Record<string, Look>> = {
  '-p': (value, { PROTO = '' }) => PROTO.toLowerCase() === value,
  '-s': (value, { SRC }) => liesIn(SRC, value),
  '-d': (value, { DST }) => liesIn(DST, value),
  '-i': (value, fields) => value === fields.IN || value === fields.PHYSIN,
  '--sport': (value, { SPT }) => isBetween(SPT, value),
  '--dport': (value, { DPT }) => isBetween(DPT, value),
  '--icmp-type': (value, { TYPE }) => TYPE === (ICMP_NUMBERS[value] ?? value),
}

const ICMP_NUMBERS: Readonly<Record<string, string>> = {
  'echo-reply': '0',
  'destination-unreachable': '3',
  redirect: '5',
  'echo-request': '8',
  'time-exceeded': '11',
  'parameter-problem': '12',
  'timestamp-request': '13',
  'timestamp-reply': '14',
}

function liesIn(address: string | undefined, network: string): boolean {
  const [base = '', prefix = '32'] = network.split('/')
  const number = (text: string) => text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
  const size = 2 ** (32 - Number(prefix))
  return address !== undefined && Math.floor(number(address) / size) === Math.floor(number(base) / size)
}

function isBetween(port: string | undefined, ports: string): boolean {
  const [first, last = first] = ports.split(':').map(Number)
  return port !== undefined && Number(port) >= first! && Number(port) <= last!
}

function range(ports: string): string {
  return ports.replace(':', '-')
}
