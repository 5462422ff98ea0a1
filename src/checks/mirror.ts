import { z } from 'zod'
import { ProbeError } from '../world/probes.ts'
import { defineCheck, duringKey, type Probe } from './check.ts'
import { printedJson } from './printed-json.ts'
import { runQuietly, typedIn } from './quiet.ts'
import { several } from './rules/amount.ts'
import { type Device, deviceName, deviceSchema } from './subjects.ts'

/** What one device has received and sent. */
export interface Traffic {
  readonly received: Count
  readonly sent: Count
}

interface Count {
  readonly packets: number
  readonly bytes: number
}

/** The traffic of the two devices during the watch. */
export type MirrorSeen = readonly [Traffic, Traffic]

interface Counters extends Traffic {
  readonly index: number
}

const MIRROR = /^\s*(\S+)\s*=\s*(\S+)\s*$/
/** How often two counters are read until nothing came between. */
const TRIES = 50

export const mirror = defineCheck({
  kind: 'mirror',
  tools: ['ip'],
  schema: z.strictObject({
    mirror: z
      .string()
      .regex(MIRROR, { error: 'expected NS/IF = NS/IF, as net1/eth0 = veth1' })
      .transform((text) => MIRROR.exec(text)!.slice(1))
      .pipe(z.tuple([deviceSchema, deviceSchema]))
      .describe('NS/IF = NS/IF: what the one receives is what the other sends'),
    ...duringKey,
  }),
  // What was sent last is counted at the other end a moment later.
  within: () => 1000,

  async arm({ mirror: devices }, probe): Promise<readonly [Counters, Counters]> {
    return await readBoth(probe, devices)
  },

  async observe({ mirror: devices }, probe, before): Promise<MirrorSeen> {
    const after = await readBoth(probe, devices)
    const seen = devices.map((device, end) => difference(probe, device, before[end]!, after[end]!))
    return [seen[0]!, seen[1]!]
  },

  judge({ mirror: devices }, [one, other]) {
    const [first, second] = devices.map(deviceName) as [string, string]
    const traffic = one.received.packets + one.sent.packets > 0
    return {
      holds: traffic && equal(one.received, other.sent) && equal(one.sent, other.received),
      expected: `traffic, and ${first} receives what ${second} sends, and the other way round`,
      actual: traffic
        ? `${first}: ${describe(one)}; ${second}: ${describe(other)}`
        : `nothing went through ${first}, so nothing is proven`,
    }
  },
})

/** Both at one moment: read again until the first has not changed while the second was read. */
async function readBoth(
  probe: Probe,
  [first, second]: readonly [Device, Device],
): Promise<readonly [Counters, Counters]> {
  let one = await read(probe, first)
  for (let tries = 0; tries < TRIES; tries++) {
    const other = await read(probe, second)
    const again = await read(probe, first)
    if (equal(one.received, again.received) && equal(one.sent, again.sent)) return [again, other]
    one = again
  }
  throw new ProbeError('trouble', `${deviceName(first)} never rests, so two counters cannot be read at one moment`)
}

async function read(probe: Probe, { place, device }: Device): Promise<Counters> {
  const { status, stdout, stderr } = await runQuietly(probe, place, ['ip', '-j', '-s', 'link', 'show', 'dev', device])
  const code = /does not exist/.test(stderr) ? 'missing-device' : 'trouble'
  if (status !== 0) throw new ProbeError(code, `ip -s link show dev ${device} in ${place}: ${stderr.trim()}`)
  const [link] = printedJson(stdout || '[]', 'ip -j link') as Partial<LinkCounters>[]
  const { rx, tx } = link?.stats64 ?? link?.stats ?? {}
  if (link?.ifindex === undefined || !rx || !tx) throw new ProbeError('trouble', `ip -s link says nothing of ${device}`)
  return { index: link.ifindex, received: rx, sent: tx }
}

/** What `ip -j -s link` says of a device (iproute2, ip/ipaddress.c, print_link_stats64). */
interface LinkCounters {
  readonly ifindex: number
  readonly stats64: { readonly rx: Count; readonly tx: Count }
  readonly stats: { readonly rx: Count; readonly tx: Count }
}

function difference(probe: Probe, device: Device, before: Counters, after: Counters): Traffic {
  const name = deviceName(device)
  if (before.index !== after.index) throw new ProbeError('missing-device', `${name} was deleted while it was watched`)
  const rows = (['received', 'sent'] as const).map((way) => {
    const count = (counters: Counters) => `${counters[way].packets} packets ${counters[way].bytes} bytes`
    return `${way === 'sent' ? 'TX' : 'RX'}: ${count(before)} before, ${count(after)} after`
  })
  probe.note(typedIn(probe, device.place, `ip -s link show dev ${device.device}`), rows.join('\n'))
  return { received: minus(after.received, before.received), sent: minus(after.sent, before.sent) }
}

function minus(after: Count, before: Count): Count {
  return { packets: after.packets - before.packets, bytes: after.bytes - before.bytes }
}

function equal(one: Count, other: Count): boolean {
  return one.packets === other.packets && one.bytes === other.bytes
}

function describe({ received, sent }: Traffic): string {
  const text = ({ packets, bytes }: Count) => `${several(packets, 'packet')} (${several(bytes, 'byte')})`
  return `received ${text(received)}, sent ${text(sent)}`
}
