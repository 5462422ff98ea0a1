import { z } from 'zod'
import { defineCheck, duringKey, type Probe } from './check.ts'
import { typedIn } from './quiet.ts'
import { oneOrMore, placeSchema } from './subjects.ts'
import { entriesSeen, hopMatches, hopName, inTime, parseTraceEntry } from './trace-entry.ts'
import { startKernelTrace } from './trace-kernel.ts'
import { parseTraceMatch } from './trace-match.ts'
import type { TracedPacket } from './trace-packets.ts'
import { joinTraces, startTrace, type Trace, type TraceSeen } from './trace-watch.ts'

const matchSchema = z.string().transform((text, context) => {
  const match = parseTraceMatch(text)
  if (typeof match !== 'string') return match
  context.addIssue({ code: 'custom', message: match })
  return z.NEVER
})

const entrySchema = z.string().transform((text, context) => {
  const entry = parseTraceEntry(text)
  if (entry) return entry
  const forms =
    'filter:FORWARD, filter:FORWARD:ACCEPT, filter:FORWARD:rule:2, filter:FORWARD:policy; eb: before ebtables'
  context.addIssue({ code: 'custom', message: `expected table:CHAIN, as one of ${forms}` })
  return z.NEVER
})

/** Which chains and rules of iptables and ebtables packets come by. */
export const trace = defineCheck({
  kind: 'trace',
  tools: ['nft', 'perl'],
  schema: z.strictObject({
    trace: matchSchema.describe('icmp, tcp, udp, ip, or a match as in a rule of iptables'),
    in: placeSchema.default('host'),
    log: z.literal('kernel').optional().describe('read what rules of the lab write to the kernel’s log'),
    packet: z.int().min(1).optional().describe('only the first, second, … packet that matches'),
    sees: oneOrMore(entrySchema).optional().describe('table:CHAIN, in this order'),
    never: oneOrMore(entrySchema).optional(),
    ...duringKey,
  }),
  within: () => 0,

  arm: async ({ trace: match, in: place, log }, probe): Promise<Trace> =>
    log ? await startKernelTrace(place, match, probe) : await startTrace(place, match, probe),

  async end(_spec, _probe, armed) {
    await armed.finish()
    return armed
  },

  join: joinTraces,

  async observe({ in: place, log }, probe, armed): Promise<TraceSeen> {
    const seen = await armed.finish()
    noteTrace(probe, place, log ? 'dmesg' : 'nft monitor trace', seen)
    return seen
  },

  judge({ packet: number, sees = [], never = [] }, { packets, chains }) {
    const asked = number === undefined ? packets : packets.filter((packet) => packet.number === number)
    const way = sees.map(({ text }) => text).join(', then ')
    const who = number === undefined ? 'packets' : `packet ${number}`
    const expected = [
      way === '' ? `${who} seen` : `${who} seen in ${way}`,
      ...(never.length > 0 ? [`never in ${never.map(({ text }) => text).join(', ')}`] : []),
    ].join('; ')
    if (asked.length === 0) {
      const others = packets.length === 0 ? 'no packet came' : `only ${packets.length} came`
      return { holds: false, expected, actual: number === undefined ? others : `no packet ${number}: ${others}` }
    }
    const hops = inTime(asked)
    const found = entriesSeen(sees, hops)
    const wrong = never.filter((entry) => hops.some((hop) => hopMatches(entry, hop)))
    const missing = sees[found]
    const reasons = [
      ...wrong.map(({ text }) => `seen in ${text}`),
      ...(missing ? [`not seen in ${missing.text}${found > 0 ? ` after ${sees[found - 1]!.text}` : ''}`] : []),
      ...(missing && !chains.has(missing.chain) ? [`there is no chain ${missing.chain}`] : []),
    ]
    const actual = [reasons.join('; ') || 'all of it', ...asked.slice(0, MOST_SHOWN).map(inOneLine)].join('\n')
    return { holds: reasons.length === 0, expected, actual }
  },
})

const MOST_SHOWN = 6

function inOneLine({ number, summary, hops }: TracedPacket): string {
  return `packet ${number} (${summary}): ${hops.map(hopName).join(' ') || 'no chain'}`
}

function noteTrace(probe: Probe, place: string, program: string, { packets }: TraceSeen): void {
  const lines = packets
    .slice(0, 50)
    .flatMap(({ number, summary, hops }) => [
      `packet ${number}: ${summary}`,
      ...hops.map((hop) => `  ${hopName(hop)}${hop.rule ? `  ${hop.rule}` : ''}`),
    ])
  probe.note(typedIn(probe, place, program), `${lines.join('\n')}\n`)
}
