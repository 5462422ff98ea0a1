import { z } from 'zod'
import { defineCheck } from './check.ts'
import { type RouteFacts, routes } from './ip.ts'
import { placeSchema } from './subjects.ts'

export const route = defineCheck({
  kind: 'route',
  tools: ['ip'],
  schema: z.strictObject({
    route: z
      .string()
      .regex(/^(default|[\da-fA-F.:]+(\/\d{1,3})?)$/, { error: 'expected default or a network, as 10.0.0.0/24' }),
    in: placeSchema.default('host'),
    dev: z.string().optional(),
    via: z.string().optional(),
    absent: z.literal(true).optional(),
  }),
  within: () => 0,
  observe: async ({ route: to, in: place }, probe) => await routes(probe, place, to.includes(':') ? '-6' : '-4'),
  judge(spec, seen) {
    const target = normal(spec.route)
    const same = seen.filter(({ dst }) => normal(dst) === target)
    const found = same.find(
      ({ dev, gateway }) =>
        (spec.dev === undefined || dev === spec.dev) && (spec.via === undefined || gateway === spec.via),
    )
    const details = `${spec.via ? ` via ${spec.via}` : ''}${spec.dev ? ` dev ${spec.dev}` : ''}`
    return {
      holds: (found !== undefined) !== (spec.absent === true),
      expected: `${spec.absent ? 'no route' : 'a route'} ${spec.route}${details} in ${spec.in}`,
      actual: same.length > 0 ? same.map(describe).join('; ') : `no route ${spec.route}${others(seen)}`,
    }
  },
  isNegative: ({ absent }) => absent === true,
})

/** `10.0.0.1/32` and `10.0.0.1`, `0.0.0.0/0` and `default` are the same destination. */
function normal(destination: string): string {
  if (destination === '0.0.0.0/0') return 'default'
  return destination.replace(destination.includes(':') ? /\/128$/ : /\/32$/, '')
}

function describe({ dst, gateway, dev, flags }: RouteFacts): string {
  const state = flags && flags.length > 0 ? ` ${flags.join(' ')}` : ''
  return `${dst}${gateway ? ` via ${gateway}` : ''}${dev ? ` dev ${dev}` : ''}${state}`
}

function others(seen: readonly RouteFacts[]): string {
  return seen.length > 0 ? ` (there are: ${seen.map(describe).join('; ')})` : ' (there are none at all)'
}
