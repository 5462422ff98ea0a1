import { z } from 'zod'
import { defineCheck } from './check.ts'
import { links, type NeighbourFacts, neighbours } from './ip.ts'
import { deviceName, deviceSchema, oneOrMore, placeSchema } from './subjects.ts'

export interface NeighSeen {
  readonly entries: readonly NeighbourFacts[]
  /** The MAC address that the entry must have, where one is asked for. */
  readonly mac: string | undefined
}

export const neigh = defineCheck({
  kind: 'neigh',
  tools: ['ip'],
  schema: z.strictObject({
    neigh: z.string().regex(/^[\da-fA-F.:{}\w]+$/, { error: 'expected an address, as 10.0.0.2' }),
    in: placeSchema.default('host'),
    dev: z.string().optional(),
    mac: deviceSchema.optional().describe('NS/IF: the device whose MAC address it is'),
    state: oneOrMore(z.string().regex(/^[a-z]+$/i))
      .optional()
      .describe('reachable, stale, failed, …'),
    absent: z.literal(true).optional(),
  }),
  // An entry becomes `failed` only after three unanswered requests, a second apart.
  within: ({ state }) => (state ? 4000 : 0),

  async observe({ in: place, mac }, probe): Promise<NeighSeen> {
    const entries = await neighbours(probe, place)
    const owner = mac && (await links(probe, mac.place)).find(({ ifname }) => ifname === mac.device)
    return { entries, mac: owner?.address }
  },

  judge(spec, seen) {
    const entry = seen.entries.find(
      ({ dst, dev }) => dst === spec.neigh && (spec.dev === undefined || dev === spec.dev),
    )
    const where = `${spec.neigh} in ${spec.in}${spec.dev ? ` on ${spec.dev}` : ''}`
    if (spec.absent)
      return { holds: !entry, expected: `no neighbour ${where}`, actual: entry ? describe(entry) : 'no entry' }
    const states = spec.state?.map((state) => state.toUpperCase())
    const expected = [
      `a neighbour ${where}`,
      ...(spec.mac ? [`with the MAC of ${deviceName(spec.mac)}${seen.mac ? ` (${seen.mac})` : ''}`] : []),
      ...(states ? [states.join(' or ')] : []),
    ].join(', ')
    if (!entry) return { holds: false, expected, actual: 'no entry' }
    const rightMac = !spec.mac || (seen.mac !== undefined && entry.lladdr === seen.mac)
    const rightState = !states || entry.state.some((state) => states.includes(state))
    return { holds: rightMac && rightState, expected, actual: describe(entry) }
  },
  isNegative: ({ absent }) => absent === true,
})

function describe({ dst, dev, lladdr, state }: NeighbourFacts): string {
  return `${dst} dev ${dev} ${lladdr ? `lladdr ${lladdr} ` : ''}${state.join(' ')}`
}
