import { z } from 'zod'
import { ProbeError } from '../world/probes.ts'
import { defineCheck } from './check.ts'
import { placeSchema } from './subjects.ts'

export const sysctl = defineCheck({
  kind: 'sysctl',
  tools: ['sysctl'],
  schema: z.strictObject({
    sysctl: z.string().regex(/^[\w./-]+$/, { error: 'expected a name, as net.ipv4.ip_forward' }),
    in: placeSchema.default('host'),
    is: z.union([z.string(), z.number()]).transform(String),
  }),
  within: () => 0,
  async observe({ sysctl: name, in: place }, probe): Promise<string> {
    const { status, stdout, stderr } = await probe.run(place, ['sysctl', '-n', name])
    const code = DEVICE.test(name) && /No such file/.test(stderr) ? 'missing-device' : 'trouble'
    if (status !== 0) throw new ProbeError(code, `sysctl ${name}: ${stderr.trim() || `status ${status}`}`)
    return stdout.trim().replace(/\s+/g, ' ')
  },
  judge({ sysctl: name, is, in: place }, seen) {
    const where = place === 'host' ? '' : ` in ${place}`
    return {
      holds: seen === is.trim().replace(/\s+/g, ' '),
      expected: `${name} = ${is}${where}`,
      actual: `${name} = ${seen}`,
    }
  },
})

/** Settings that each device has for itself. */
const DEVICE = /^net[./]ipv[46][./](conf|neigh)[./]/
