/** A set of words in capitals: order and repetition say nothing. */
export function wordSet(word: string): string {
  return [...new Set(word.toUpperCase().split(','))].toSorted().join(',')
}

/** States of a connection, which may be abbreviated (`EST`); order says nothing. */
export function states(word: string): string {
  const names = word.split(',').map((one) => STATES.find((state) => state.startsWith(one.toUpperCase())) ?? one)
  return wordSet(names.join(','))
}

/** `--tcp-flags SYN,ACK SYN`: which are looked at, and which of these must be set. */
export function tcpFlags(looked: string, set: string): string {
  return `${flagSet(looked)} ${flagSet(set)}`
}

/** Decimal, octal and hexadecimal numbers, as hexadecimal ones; anything else as it is. */
export function hex(word: string): string {
  const number = parseNumber(word)
  return number === undefined ? word : `0x${number.toString(16)}`
}

/** Decimal, octal and hexadecimal numbers, as decimal ones; anything else as it is. */
export function decimal(word: string): string {
  return String(parseNumber(word) ?? word)
}

/** `--mark 3/0xff`, without a mask that takes all bits. */
export function mark(word: string): string {
  const [value = '', mask] = word.split('/').map(hex)
  return mask === undefined || mask === ALL_BITS ? value : `${value}/${mask}`
}

/**
 * What is done to a mark, as `--set-xmark` has it: these bits are cleared, then those are flipped
 * (iptables-extensions(8), MARK).
 */
export function markChange(how: 'set' | 'xset' | 'and' | 'or' | 'xor'): (word: string) => string {
  return (word) => {
    const [value, mask = 0xffffffff] = word.split('/').map(parseNumber)
    if (value === undefined) return word
    const change = {
      set: [value, value | mask],
      xset: [value, mask],
      and: [0, ~value],
      or: [value, value],
      xor: [value, 0],
    }
    return change[how].map((bits) => `0x${(bits >>> 0).toString(16)}`).join('/')
  }
}

/** `5/second` as `432000/day`. A rate with a unit of data, `1mb/s`, as it is. */
export function rate(word: string): string {
  const [, count, unit] = /^(\d+)(?:\/([a-z]+))?$/i.exec(word) ?? []
  const length = Object.entries(SECONDS).find(([name]) => name.startsWith((unit ?? 'second').toLowerCase()))?.[1]
  return count === undefined || length === undefined ? word.toLowerCase() : `${(Number(count) * 86_400) / length}/day`
}

/** `5:5` is `5`. */
export function range(word: string): string {
  const [first = '', last = first] = word.split(':').map(decimal)
  return first === last ? first : `${first}:${last}`
}

/** A number in which zeros at the end say nothing. */
export function fraction(word: string): string {
  return Number.isNaN(Number(word)) ? word : String(Number(Number(word).toFixed(8)))
}

/** The names of users and groups are not known outside the world; root is 0 everywhere. */
export function user(word: string): string {
  return word === 'root' ? '0' : word
}

/** syslog(3). */
export function logLevel(word: string): string {
  const index = LEVELS.findIndex((names) => names.includes(word.toLowerCase()))
  return index < 0 ? word : String(index)
}

const STATES = ['INVALID', 'NEW', 'ESTABLISHED', 'RELATED', 'UNTRACKED', 'SNAT', 'DNAT']
const ALL_BITS = '0xffffffff'
const FLAGS = { ALL: 'FIN,SYN,RST,PSH,ACK,URG', NONE: '' }
const SECONDS = { second: 1, minute: 60, hour: 3600, day: 86_400 }
const LEVELS = [
  ['emerg', 'panic'],
  ['alert'],
  ['crit'],
  ['err', 'error'],
  ['warning', 'warn'],
  ['notice'],
  ['info'],
  ['debug'],
]

function flagSet(word: string): string {
  const name = word.toUpperCase()
  const flags = name === 'ALL' || name === 'NONE' ? FLAGS[name] : name
  return wordSet(flags) || 'NONE'
}

function parseNumber(word: string): number | undefined {
  if (/^0x[\da-f]+$/i.test(word)) return Number.parseInt(word, 16)
  if (/^0[0-7]+$/.test(word)) return Number.parseInt(word, 8)
  return /^\d+$/.test(word) ? Number(word) : undefined
}
