import { ProbeError } from '../world/probes.ts'
import { readPcap } from './capture-file.ts'
import { readPacket } from './capture-packet.ts'
import { Captures, type CaptureWatch, type Slice } from './captures.ts'
import type { Probe } from './check.ts'
import type { LinkFacts } from './ip.ts'
import type { SeenPacket } from './path-walk.ts'
import { printedJson } from './printed-json.ts'
import { runQuietly } from './quiet.ts'
import { type Device, deviceName } from './subjects.ts'

/** Enough for the headers: many devices are watched, and each has a buffer in the kernel. */
const SNAPSHOT = 256
const BUFFER = 4096

/** What was seen on one device. */
export interface DeviceSlice extends Slice {
  readonly device: Device
}

/**
 * Begins to watch every device of every place that is up, and those that are `named` in any case (each once): `lo` only
 * if it is. Rejects with ProbeError where a named one cannot be watched.
 */
export async function watchEverywhere(
  probe: Probe,
  named: readonly Device[],
  filter: string | undefined,
): Promise<CaptureWatch[]> {
  const up = await devicesUp(probe)
  const found = new Set(up.map(deviceName))
  const devices = [...up, ...named.filter((device) => !found.has(deviceName(device)))]
  const options = devices.map((device) => ({ ...device, filter, snapshot: SNAPSHOT, buffer: BUFFER }))
  const watches = await Captures.of(probe).watch(probe, options)
  return watches.filter((watch, index) => isFound(watch, devices[index]!, named))
}

/** What was seen on each of the devices. Rejects with ProbeError where a named one was lost meanwhile. */
export async function slicesOf(
  probe: Probe,
  watches: readonly CaptureWatch[],
  named: readonly Device[],
): Promise<DeviceSlice[]> {
  const slices = await Captures.of(probe).slices(probe, watches)
  return slices.flatMap((slice, index) => {
    const { place, device } = watches[index]!.options
    return isFound(slice, { place, device }, named) ? [{ ...slice, device: { place, device } }] : []
  })
}

/** A device that nobody asked for may vanish while others are watched. */
function isFound<T>(found: T | ProbeError, device: Device, named: readonly Device[]): found is T {
  if (!(found instanceof ProbeError)) return true
  if (named.some((one) => deviceName(one) === deviceName(device))) throw found
  return false
}

/** The packets of all devices in the order in which they were seen; at the same time, in the order of the devices. */
export function inOrder(slices: readonly DeviceSlice[]): SeenPacket[] {
  const stamped = slices.flatMap(({ device, pcap, count }) => {
    const { header, records } = count > 0 ? readPcap(pcap) : { header: undefined, records: [] }
    return records.flatMap((record) => {
      const packet = header && readPacket(record, header)
      return packet ? [{ packet, device: deviceName(device), seconds: record.seconds, rest: record.nanoseconds }] : []
    })
  })
  const start = stamped.reduce((earliest, { seconds }) => Math.min(earliest, seconds), Number.POSITIVE_INFINITY)
  return stamped
    .map(({ packet, device, seconds, rest }) => ({ ...packet, device, time: (seconds - start) * 1e9 + rest }))
    .toSorted((a, b) => a.time - b.time)
}

async function devicesUp(probe: Probe): Promise<Device[]> {
  const places = await Captures.of(probe).look(probe)
  const found = await Promise.all(
    [...places].map(async ([place, { namespace, devices }]) => {
      const up = [...devices].filter(([device, { isUp }]) => isUp && device !== 'lo').map(([device]) => device)
      return (await portsFirst(probe, place, namespace, up)).map((device) => ({ place, device }))
    }),
  )
  return found.flat()
}

/** Ports come before their bridges, since the kernel may give a frame on both the same time stamp. */
async function portsFirst(probe: Probe, place: string, namespace: string, devices: string[]): Promise<string[]> {
  // To ask for the bridges costs a process for each place: not while the devices are the same.
  const known = probe.shared('orders of devices', () => new Map<string, string[]>())
  const key = [namespace, ...devices].join(' ')
  const order = known.get(key)
  if (order) return order
  const { stdout } = await runQuietly(probe, place, ['ip', '-j', 'link', 'show', 'type', 'bridge'])
  const bridges = new Set(
    (printedJson(stdout || '[]', 'ip -j link') as Partial<LinkFacts>[]).map(({ ifname }) => ifname),
  )
  const sorted = devices.toSorted((a, b) => Number(bridges.has(a)) - Number(bridges.has(b)))
  known.set(key, sorted)
  return sorted
}
