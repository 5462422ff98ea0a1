import { z } from 'zod'
import { defineCheck } from './check.ts'
import { namespaces } from './ip.ts'
import { oneOrMore, placeSchema } from './subjects.ts'

export const netns = defineCheck({
  kind: 'netns',
  tools: ['ip'],
  schema: z.strictObject({
    netns: oneOrMore(placeSchema).describe('a name of `ip netns list`, or several'),
    absent: z.literal(true).optional(),
  }),
  // `ip netns del` returns before the namespace is gone.
  within: ({ absent }) => (absent ? 2000 : 0),
  observe: async (_spec, probe) => await namespaces(probe),
  judge({ netns: names, absent }, seen) {
    const list = names.join(', ')
    return {
      holds: names.every((name) => seen.includes(name) !== (absent === true)),
      expected: absent ? `no network namespace ${list}` : `network namespaces ${list}`,
      actual: seen.length > 0 ? `there ${seen.length === 1 ? 'is' : 'are'} ${seen.join(', ')}` : 'there are none',
    }
  },
  isNegative: ({ absent }) => absent === true,
})
