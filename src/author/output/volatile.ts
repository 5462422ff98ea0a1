import type { ValueKind } from '../../lab/pattern.ts'

/** A part of a line, by UTF-16 offsets, whose value is another one on the next day or the next machine. */
export interface Volatile {
  readonly from: number
  readonly to: number
  readonly kind: ValueKind | '*'
}

interface Look {
  /** The value is the group `v`. */
  readonly look: RegExp
  readonly kind: ValueKind | '*'
  /** Taken for a value that lasts if the lab itself mentions it: the author has chosen it. */
  readonly unlessSaid?: true
  /** Only where there is nothing to compare with: two runs tell better. */
  readonly alone?: true
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)'
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)'
const CLOCK = String.raw`\d{2}:\d{2}:\d{2}`

const LOOKS: readonly Look[] = [
  // ping(8)
  { look: /\btime=(?<v>\d+(?:\.\d+)?) ?ms\b/g, kind: 'num' },
  { look: /\btime (?<v>\d+)ms\b/g, kind: 'int' },
  { look: /(?<=\b(?:rtt|round-trip) [\w/]+ = [\d./]{0,80})(?<v>\d+\.\d+)/g, kind: 'num' },
  { look: /\bafter (?<v>\d+) (?:ms|milliseconds)\b/g, kind: 'int' },
  // Dates of date(1), of HTTP, of the log of a web server; then what is left of times.
  {
    look: new RegExp(String.raw`\b(?<v>${DAY},? +${MONTH} +\d{1,2}(?: +${CLOCK})?(?: +\w+)? +\d{4})\b`, 'g'),
    kind: '*',
  },
  { look: new RegExp(String.raw`\b(?<v>${DAY}, \d{1,2} ${MONTH} \d{4} ${CLOCK} \w+)\b`, 'g'), kind: '*' },
  { look: new RegExp(String.raw`\b(?<v>\d{1,2}/${MONTH}/\d{4}[ :]${CLOCK})\b`, 'g'), kind: '*' },
  { look: /\b(?<v>\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d+)?Z?)/g, kind: '*' },
  { look: /(?<![\d:])(?<v>(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?)(?![\d:])/g, kind: 'time' },
  { look: /^(?:real|user|sys)\s+(?<v>\d+m[\d.]+s)$/g, kind: '*' },
  // Numbers of devices, of namespaces, of processes
  { look: /@if(?<v>\d+)\b/g, kind: 'int' },
  { look: /^(?<v>\d+): (?=[\w.@-]+(?:: <|:? +(?:inet6?|link)\b))/g, kind: 'int' },
  { look: /\b\w+:\[(?<v>\d{6,})\]/g, kind: 'int' },
  { look: /\bpid[=: ] ?(?<v>\d+)\b/gi, kind: 'int', unlessSaid: true },
  { look: /^\[\d+\] (?<v>\d+)$/g, kind: 'int' },
  // What an address is valid for, and in which state a neighbour is just now
  { look: /\b(?:valid|preferred)_lft (?<v>\d+)sec\b/g, kind: 'int' },
  { look: /\blladdr [\da-f:]+ (?:router )?(?<v>REACHABLE|STALE|DELAY|PROBE)\b/g, kind: '*' },
  { look: /^(?:\d{1,3}\.){3}\d{1,3} dev \S+ +(?<v>INCOMPLETE)\b/g, kind: '*' },
  // tcpdump(8)
  { look: /\bid (?<v>\d+), (?:seq|offset)\b/g, kind: 'int' },
  { look: /\b(?:ack|val|ecr) (?<v>\d{5,})\b/g, kind: 'int' },
  { look: /\bseq (?<v>\d{5,})\b/g, kind: 'int' },
  // The ports that the kernel itself gives out (ip_local_port_range)
  {
    look: /\b(?:\d{1,3}\.){3}\d{1,3}[.:](?<v>3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}|[45]\d{4}|60\d{3})\b/g,
    kind: 'int',
    unlessSaid: true,
  },
  {
    look: /(?<![\w:])(?<v>(?!ff:ff:ff:ff:ff:ff|00:00:00:00:00:00|33:33:|01:00:5e:)[\da-f]{2}(?::[\da-f]{2}){5})(?![\w:])/gi,
    kind: 'mac',
    unlessSaid: true,
    alone: true,
  },
  { look: /(?<![\w:])(?<v>fe80::[\da-f:]+)(?![\w:])/gi, kind: 'ip', unlessSaid: true, alone: true },
  { look: /\b(?<v>(?=[a-f]*\d)(?=\d*[a-f])[\da-f]{12,64})\b/g, kind: 'hex', unlessSaid: true, alone: true },
]

export interface Surroundings {
  /** All that the lab's commands say: what they choose themselves lasts. */
  readonly said: string
  /** There is no other run to compare with. */
  readonly alone: boolean
}

/** What of a line looks volatile, from left to right, without overlaps. */
export function volatileParts(line: string, { said, alone }: Surroundings): Volatile[] {
  const found: Volatile[] = []
  // Nobody reads more of a line, and expressions must not be given endless ones.
  const text = line.slice(0, 2000)
  for (const { look, kind, unlessSaid, alone: onlyAlone } of LOOKS) {
    if (onlyAlone && !alone) continue
    for (const match of text.matchAll(new RegExp(look, `${look.flags}d`))) {
      const [from = 0, to = 0] = match.indices!.groups!.v!
      if (found.some((other) => from < other.to && other.from < to)) continue
      if (unlessSaid && mentions(said, text.slice(from, to))) continue
      found.push({ from, to, kind })
    }
  }
  return found.toSorted((a, b) => a.from - b.from)
}

/** Whether a value stands there by itself, and not as a part of another one. */
function mentions(said: string, value: string): boolean {
  for (let at = said.indexOf(value); at >= 0; at = said.indexOf(value, at + 1)) {
    const [before = '', after = ''] = [said[at - 1], said[at + value.length]]
    if (!/\w/.test(before) && !/\w/.test(after)) return true
  }
  return false
}
