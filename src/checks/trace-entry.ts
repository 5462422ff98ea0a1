import type { TracedPacket, TraceHop } from './trace-packets.ts'

/** One entry of `sees` or `never`. */
export interface TraceEntry {
  readonly text: string
  /** `filter:FORWARD`, `eb:filter:FORWARD`. */
  readonly chain: string
  /** The number of a rule, or what else decided; undefined: whatever it was. */
  readonly by: number | 'policy' | undefined
  /** `ACCEPT`, or what follows `-j` in the rule; undefined: any. */
  readonly verdict: string | undefined
}

const ENTRY = /^((?:(?:eb|inet|arp|ip6|netdev):)?[\w-]+:[\w.-]+?)(?::(policy|rule:\d+))?(?::([\w.-]+))?$/

/** Reads `table:CHAIN`, `table:CHAIN:VERDICT`, `table:CHAIN:rule:N` or `table:CHAIN:policy`; undefined if it is none. */
export function parseTraceEntry(text: string): TraceEntry | undefined {
  const [, chain, by, verdict] = ENTRY.exec(text) ?? []
  if (chain === undefined || (by === undefined && verdict === 'rule')) return undefined
  const place = by === undefined || by === 'policy' ? by : Number(by.slice('rule:'.length))
  return { text, chain, by: place, verdict }
}

export function hopMatches({ chain, by, verdict }: TraceEntry, hop: TraceHop): boolean {
  if (chain !== hop.chain) return false
  if (by !== undefined && by !== hop.by) return false
  return verdict === undefined || verdict.toUpperCase() === hop.verdict || verdict === hop.target
}

/** `filter:FORWARD:rule:3:ACCEPT`, as an entry of `sees` would have it. */
export function hopName({ chain, by, verdict }: TraceHop): string {
  if (by === undefined) return verdict === '' ? chain : `${chain}:${verdict}`
  return `${chain}:${typeof by === 'number' ? `rule:${by}` : by}:${verdict}`
}

/** How many entries are found one after another, in time; other hops may come between. */
export function entriesSeen(entries: readonly TraceEntry[], hops: readonly TraceHop[]): number {
  let found = 0
  for (const hop of hops) {
    const next = entries[found]
    if (next && hopMatches(next, hop)) found++
  }
  return found
}

/** The hops of all packets in the order of time. */
export function inTime(packets: readonly TracedPacket[]): TraceHop[] {
  return packets.flatMap(({ hops }) => hops).toSorted((a, b) => a.order - b.order)
}
