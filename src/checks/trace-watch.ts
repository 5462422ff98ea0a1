import { ProbeError } from '../world/probes.ts'
import type { Probe } from './check.ts'
import { outputIfThere, runQuietly } from './quiet.ts'
import { decodeTrace, type TraceEvent } from './trace-events.ts'
import type { TraceMatch } from './trace-match.ts'
import { OWN_TABLES, sortPackets, type TracedPacket } from './trace-packets.ts'
import { READER } from './trace-reader.ts'
import { type RuleBook, type RuleListings, readRules } from './trace-rules.ts'

export interface TraceSeen {
  readonly packets: readonly TracedPacket[]
  /** All chains that there were. */
  readonly chains: ReadonlySet<string>
}

/** A trace that is on. */
export interface Trace {
  /** Ends it, the first time that it is called; resolves to what it saw. Rejects with ProbeError if that is not all. */
  finish(): Promise<TraceSeen>
}

const MOST_EVENTS = 50_000

/**
 * Traces packets in the network namespace of a place, with a table of nftables that decides nothing. Resolves when it
 * is on. Throws ProbeError where it cannot be.
 */
export async function startTrace(place: string, match: TraceMatch, probe: Probe): Promise<Trace> {
  const count = probe.shared('trace', () => ({ last: 0 }))
  const number = ++count.last
  const table = `${OWN_TABLES}${number}`
  const [before] = await Promise.all([listRules(place, probe), demandNft(place, probe)])
  const reader = await startReader(place, `labrun_mark_${number}`, MARK + number, probe)
  const added = await runQuietly(probe, place, ['nft', rulesFor(table, number, match)])
  if (added.status !== 0) {
    reader.stop().catch(() => {})
    throw new ProbeError('trouble', `nft did not accept the trace: ${added.stderr.trim()}`)
  }
  // Bridges are filtered by a module of their own, which a kernel may lack; then there is nothing to see of them.
  await runQuietly(probe, place, ['nft', bridgeRulesFor(table, match)])
  let seen: Promise<TraceSeen> | undefined
  const finish = async (): Promise<TraceSeen> => {
    const events = await reader.stop()
    const remove = (family: string) => runQuietly(probe, place, ['nft', `delete table ${family} ${table}`])
    await Promise.all([remove('ip'), remove('bridge')])
    const book = join(before, await listRules(place, probe))
    return { packets: sortPackets(events, table, book), chains: book.chains }
  }
  return {
    finish: () => {
      seen ??= finish()
      return seen
    },
  }
}

/** What two traces have seen, the second of which has begun after the first. */
export function joinTraces(earlier: Trace, later: Trace): Trace {
  return {
    finish: async () => {
      const [first, second] = await Promise.all([earlier.finish(), later.finish()])
      const hopsBefore = 1 + Math.max(-1, ...first.packets.flatMap(({ hops }) => hops.map(({ order }) => order)))
      const after = second.packets.map((packet) => ({
        ...packet,
        number: packet.number + first.packets.length,
        hops: packet.hops.map((hop) => ({ ...hop, order: hop.order + hopsBefore })),
      }))
      return { packets: [...first.packets, ...after], chains: new Set([...first.chains, ...second.chains]) }
    },
  }
}

/** The mark of labrun's own packet that ends a trace; each trace has one of its own. */
const MARK = 0x6c61_6200

interface Reader {
  stop(): Promise<TraceEvent[]>
}

async function startReader(place: string, chain: string, mark: number, probe: Probe): Promise<Reader> {
  const live = await probe.start(place, ['perl', '-e', READER, chain, String(mark)])
  const events: TraceEvent[] = []
  const state = { rest: '', errors: '', lost: false, end: '' }
  let hear: () => void = () => {}
  const listening = new Promise<void>((resolve) => {
    hear = resolve
  })
  live.onStderr((bytes) => {
    state.errors += bytes.toString()
  })
  live.onStdout((bytes) => {
    const lines = (state.rest + bytes.toString('latin1')).split('\n')
    state.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === 'listening') hear()
      else if (!line.startsWith('event ')) state.end = line === 'lost' ? state.end : line
      else if (events.length < MOST_EVENTS) events.push(...decodeTrace(Buffer.from(line.slice(6), 'hex')))
      if (line === 'lost' || events.length >= MOST_EVENTS) state.lost = true
    }
  })
  const dead = live.ended.then(() => {
    throw new ProbeError('trouble', `the trace could not be listened to: ${state.errors.trim() || 'it ended'}`)
  })
  dead.catch(() => {})
  await Promise.race([listening, dead])
  return {
    async stop() {
      live.signal('TERM')
      await live.ended
      if (state.lost) throw new ProbeError('trouble', 'there were more packets than a trace can hold: match fewer')
      if (state.end.trim() === 'marked') return events
      const reason = state.end.replace(/^unmarked /, '') || state.errors.trim() || 'its reader has ended'
      throw new ProbeError('trouble', `the trace may not be whole: ${reason}`)
    },
  }
}

/** Priority -500 is before everything: raw is -300, and conntrack puts fragments together at -400. */
function rulesFor(table: string, number: number, { incoming, outgoing }: TraceMatch): string {
  const mark = `labrun_mark_${number}`
  const chain = (name: string, hook: string, priority: number) =>
    `add chain ip ${table} ${name} { type filter hook ${hook} priority ${priority}; }`
  const lines = [
    `add table ip ${table}`,
    chain(mark, 'output', -510),
    `add rule ip ${table} ${mark} meta mark ${MARK + number} meta nftrace set 1`,
    `add rule ip ${table} ${mark} meta mark ${MARK + number} drop`,
    chain('incoming', 'prerouting', -500),
    `add rule ip ${table} incoming ${incoming} meta nftrace set 1`,
    ...(outgoing === undefined
      ? []
      : [chain('outgoing', 'output', -500), `add rule ip ${table} outgoing ${outgoing} meta nftrace set 1`]),
  ]
  return lines.join('; ')
}

function bridgeRulesFor(table: string, { bridged }: TraceMatch): string {
  const chain = `add chain bridge ${table} incoming { type filter hook prerouting priority -500; }`
  return `add table bridge ${table}; ${chain}; add rule bridge ${table} incoming ${bridged} meta nftrace set 1`
}

/** iptables-legacy has chains of its own, of which the trace of nftables tells nothing. */
async function demandNft(place: string, probe: Probe): Promise<void> {
  if (/legacy/.test(await outputIfThere(probe, place, ['iptables', '-V'])))
    throw new ProbeError(
      'trouble',
      'a trace needs iptables-nft, and `iptables` is iptables-legacy here: `log: kernel` reads what its TRACE logs',
    )
}

async function listRules(place: string, probe: Probe): Promise<RuleListings> {
  const [nft, iptables, ebtables] = await Promise.all([
    runQuietly(probe, place, ['nft', '-j', 'list', 'ruleset']),
    outputIfThere(probe, place, ['iptables-save']),
    outputIfThere(probe, place, ['ebtables-save']),
  ])
  return { nft: nft.stdout, iptables, ebtables }
}

/** A rule that was there only before is known from then; of all others, the last place counts. */
function join(before: RuleListings, after: RuleListings): RuleBook {
  try {
    const [old, last] = [readRules(before), readRules(after)]
    return { rules: new Map([...old.rules, ...last.rules]), chains: new Set([...old.chains, ...last.chains]) }
  } catch {
    throw new ProbeError('trouble', '`nft -j list ruleset` did not print JSON')
  }
}
