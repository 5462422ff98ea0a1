import { z } from 'zod'
import { defineCheck } from './check.ts'
import { addresses } from './ip.ts'
import { deviceName, deviceSchema, oneOrMore } from './subjects.ts'

const withPrefix = z
  .string()
  .regex(/^[\da-fA-F.:{}\w]+\/\d{1,3}$/, { error: 'expected an address with its prefix length, as 10.0.0.1/24' })

export const addr = defineCheck({
  kind: 'addr',
  tools: ['ip'],
  schema: z.strictObject({
    addr: deviceSchema.describe('NS/IF, or IF on the host'),
    has: oneOrMore(withPrefix).optional(),
    lacks: oneOrMore(withPrefix).optional(),
  }),
  within: () => 0,
  async observe({ addr: { place, device } }, probe): Promise<string[] | undefined> {
    const found = (await addresses(probe, place)).find(({ ifname }) => ifname === device)
    return found?.addr_info.map(({ local, prefixlen }) => `${local}/${prefixlen}`)
  },
  judge({ addr: device, has = [], lacks = [] }, seen) {
    const name = deviceName(device)
    const wanted = [...has.map((one) => `has ${one}`), ...lacks.map((one) => `lacks ${one}`)].join(', ')
    const expected = `${name} ${wanted || 'exists'}`
    if (!seen) return { holds: false, expected, actual: `there is no device ${name}` }
    const holds = has.every((one) => seen.includes(one)) && !lacks.some((one) => seen.includes(one))
    return { holds, expected, actual: `${name} has ${seen.length > 0 ? seen.join(', ') : 'no address'}` }
  },
  isNegative: ({ has, lacks }) => lacks !== undefined && has === undefined,
})
