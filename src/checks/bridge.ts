import { z } from 'zod'
import { defineCheck } from './check.ts'
import { type FdbFacts, fdb, type LinkFacts, links } from './ip.ts'
import { deviceName, deviceSchema, parseDevice } from './subjects.ts'

export interface BridgeSeen {
  readonly bridge: LinkFacts | undefined
  readonly ports: readonly string[]
  readonly fdb: readonly FdbFacts[]
  /** The MAC address of each device that `fdb` names. */
  readonly macs: Readonly<Record<string, string | undefined>>
}

export const bridge = defineCheck({
  kind: 'bridge',
  tools: ['ip', 'bridge'],
  schema: z.strictObject({
    bridge: deviceSchema.describe('NS/IF, or IF on the host'),
    ports: z.array(z.string()).optional().describe('its ports, exactly these'),
    fdb: z.record(z.string(), z.string()).optional().describe('NS/IF: the port where its MAC was learned'),
    stp: z.boolean().optional(),
  }),
  within: () => 0,

  async observe({ bridge: { place, device }, fdb: learned = {} }, probe): Promise<BridgeSeen> {
    const macOf = async (name: string) => {
      const end = parseDevice(name)
      const mac = (await links(probe, end.place)).find(({ ifname }) => ifname === end.device)?.address
      return [name, mac] as const
    }
    const [all, ...macs] = await Promise.all([links(probe, place), ...Object.keys(learned).map(macOf)])
    const found = all.find(({ ifname, linkinfo }) => ifname === device && linkinfo?.info_kind === 'bridge')
    const ports = all.filter(({ master }) => master === device).map(({ ifname }) => ifname)
    const entries = found && Object.keys(learned).length > 0 ? await fdb(probe, place, device) : []
    return { bridge: found, ports: ports.toSorted(), fdb: entries, macs: Object.fromEntries(macs) }
  },

  judge(spec, seen) {
    const name = deviceName(spec.bridge)
    const wanted: string[] = []
    const wrong: string[] = []
    if (spec.ports) {
      const ports = spec.ports.toSorted().join(', ')
      wanted.push(`the ports ${ports || 'none'}`)
      if (ports !== seen.ports.join(', '))
        wrong.push(seen.ports.length > 0 ? `its ports are ${seen.ports.join(', ')}` : 'it has no ports')
    }
    for (const [device, port] of Object.entries(spec.fdb ?? {})) {
      wanted.push(`the MAC of ${device} learned on ${port}`)
      const mac = seen.macs[device]
      const entry = seen.fdb.find((one) => one.mac === mac && one.state !== 'permanent')
      if (!mac) wrong.push(`there is no device ${device}`)
      else if (entry?.ifname !== port)
        wrong.push(`the MAC of ${device} (${mac}) was learned on ${entry?.ifname ?? 'no port'}`)
    }
    if (spec.stp !== undefined) {
      wanted.push(`STP ${spec.stp ? 'on' : 'off'}`)
      const on = seen.bridge?.linkinfo?.info_data?.stp_state === 1
      if (on !== spec.stp) wrong.push(`STP is ${on ? 'on' : 'off'}`)
    }
    const expected = [`a bridge ${name}`, ...wanted].join(', ')
    if (!seen.bridge) return { holds: false, expected, actual: `there is no bridge ${name}` }
    return { holds: wrong.length === 0, expected, actual: wrong.join(', ') || 'all of it' }
  },
})
