import { z } from 'zod'
import { ProbeError, type ProbeResult } from '../world/probes.ts'
import { defineCheck } from './check.ts'
import { fromToSchema } from './subjects.ts'

/** What one run of ping(8) said. */
export interface PingSeen {
  /** Echo requests that were really sent. */
  readonly sent: number
  readonly received: number
  readonly ttls: readonly number[]
  /** `Destination Host Unreachable from 10.0.0.1`, or the kernel's own refusal to send. */
  readonly unreachable: readonly string[]
}

export const ping = defineCheck({
  kind: 'ping',
  tools: ['ping'],
  schema: z.strictObject({
    ping: fromToSchema.describe('FROM -> ADDRESS'),
    expect: z.enum(['reply', 'no-reply', 'unreachable']).default('reply'),
    ttl: z.int().min(1).max(255).optional().describe('of every reply'),
    count: z.int().min(1).max(100).default(1).describe('echo requests to send'),
    loss: z
      .string()
      .regex(/^(<=|<|=)?\s*\d+(\.\d+)?\s*%$/, { error: 'expected a share such as "<= 20%"' })
      .optional(),
  }),
  within: () => 2000,

  async observe({ ping: { from, to }, expect, count }, probe): Promise<PingSeen> {
    // An unanswered ARP becomes "unreachable" only after three seconds (neigh retrans_time_ms x ucast_solicit).
    // A reply in a world takes microseconds; where the machine is too busy for that, a missing one is asked for again.
    const wait = expect === 'unreachable' ? '4' : '0.5'
    const interval = count > 1 ? ['-i', '0.1'] : []
    const result = await probe.run(from, ['ping', '-n', '-c', String(count), ...interval, '-W', wait, to], {
      timeout: 15_000 + count * 100,
    })
    return readPing(result)
  },

  judge(spec, seen) {
    const said = describe(seen)
    if (spec.expect === 'no-reply') {
      return {
        // Who says that it is unreachable has answered: that is the opposite of silence, and another fault.
        holds: seen.received === 0 && seen.sent > 0 && seen.unreachable.length === 0,
        expected: 'requests are sent, and nothing comes back',
        actual: said,
      }
    }
    if (spec.expect === 'unreachable') {
      const expected = 'an answer that the destination is unreachable'
      return { holds: seen.received === 0 && seen.unreachable.length > 0, expected, actual: said }
    }
    const ttl = spec.ttl === undefined ? '' : ` with ttl ${spec.ttl}`
    const loss = spec.loss === undefined ? '' : `, loss ${spec.loss}`
    const rightTtl = spec.ttl === undefined || seen.ttls.every((value) => value === spec.ttl)
    const holds = seen.received > 0 && rightTtl && lossFits(spec.loss ?? '0%', seen)
    return { holds, expected: `a reply${ttl}${loss}`, actual: said }
  },

  sends: () => true,
  isNegative: ({ expect }) => expect === 'no-reply',
  question: ({ ping: { from, to }, expect }) => (expect === 'reply' ? { from, to, protocol: 'icmp' } : undefined),
})

/** Reads what iputils' ping printed. Throws ProbeError where it says that it could not try. */
export function readPing({ status, stdout, stderr }: ProbeResult): PingSeen {
  const text = `${stdout}\n${stderr}`
  const ttls = [...text.matchAll(/bytes from .*? ttl=(\d+)/g)].map((match) => Number(match[1]))
  const errors = text.matchAll(/^From (\S+)(?: icmp_seq=\d+)? (.*(?:unreachable|prohibited|filtered).*)$/gim)
  const unreachable = [...errors].map((match) => `${match[2]!.trim()} (from ${match[1]!.replace(/:$/, '')})`)
  const refused = /^ping: (?:connect|sendmsg|sendto): (.*unreachable.*|No route to host)$/im.exec(text)?.[1]
  if (refused) unreachable.push(`${refused} (said by the kernel before anything was sent)`)
  const statistics = /(\d+) packets transmitted, (\d+) (?:packets )?received/.exec(text)
  if (statistics) return { sent: Number(statistics[1]), received: Number(statistics[2]), ttls, unreachable }
  if (refused) return { sent: 0, received: 0, ttls, unreachable }
  const reason = stderr.trim() || stdout.trim() || `status ${status}`
  throw new ProbeError(
    /not permitted|denied/.test(reason) ? 'not-permitted' : 'trouble',
    `ping could not try: ${reason}`,
  )
}

function describe(seen: PingSeen): string {
  if (seen.received > 0) {
    const ttls = [...new Set(seen.ttls)].join(', ')
    return `${seen.received} of ${seen.sent} answered, ttl ${ttls}`
  }
  if (seen.unreachable.length > 0) return `no reply: ${seen.unreachable[0]}`
  if (seen.sent === 0) return 'nothing was sent'
  return `${seen.sent} sent, no reply`
}

function lossFits(limit: string, { sent, received }: PingSeen): boolean {
  const [, operator = '=', share = '0'] = /^(<=|<|=)?\s*([\d.]+)/.exec(limit) ?? []
  const loss = sent === 0 ? 100 : (100 * (sent - received)) / sent
  if (operator === '<') return loss < Number(share)
  return operator === '<=' ? loss <= Number(share) : loss === Number(share)
}
