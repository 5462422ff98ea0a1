import { ProbeError } from '../world/probes.ts'
import { readPcap } from './capture-file.ts'
import { readPacket } from './capture-packet.ts'
import { Captures, type CaptureWatch, type Slice, sliceOf } from './captures.ts'
import type { Probe } from './check.ts'
import { type LinkFacts, namespaces } from './ip.ts'
import type { SeenPacket } from './path-walk.ts'
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
 * Begins to watch every device of every place that is up, and those that are `named` in any case (each
 * once): `lo` only if it is.
 * Rejects with ProbeError where a named one cannot be watched.
 */
export async function watchEverywhere(
  probe: Probe,
  named: readonly Device[],
  filter: string | undefined,
): Promise<CaptureWatch[]> {
  const captures = Captures.of(probe)
  const wanted = new Set(named.map(deviceName))
  const up = await devicesUp(probe)
  const found = new Set(up.map(deviceName))
  const devices = [...up, ...named.filter((device) => !found.has(deviceName(device)))]
  const watches = await Promise.all(
    devices.map(async (device) => {
      const watch = captures.watch(probe, { ...device, filter, snapshot: SNAPSHOT, buffer: BUFFER })
      return await (wanted.has(deviceName(device)) ? watch : orNothing(watch))
    }),
  )
  return watches.filter((watch) => watch !== undefined)
}

/** What was seen on each of the devices. Rejects with ProbeError where a named one was lost meanwhile. */
export async function slicesOf(watches: readonly CaptureWatch[], named: readonly Device[]): Promise<DeviceSlice[]> {
  const wanted = new Set(named.map(deviceName))
  const slices = await Promise.all(
    watches.map(async (watch) => {
      const { place, device } = watch.options
      const slice = sliceOf(watch)
      const found = await (wanted.has(deviceName(watch.options)) ? slice : orNothing(slice))
      return found && { ...found, device: { place, device } }
    }),
  )
  return slices.filter((slice) => slice !== undefined)
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
  const quiet: Probe = { ...probe, run: (place, command) => runQuietly(probe, place, command) }
  const places = ['host', ...(await namespaces(quiet)), ...probe.outside]
  const found = await Promise.all(places.map(async (place) => (await orNothing(devicesUpIn(probe, place))) ?? []))
  return found.flat()
}

async function devicesUpIn(probe: Probe, name: string): Promise<Device[]> {
  const { place, devices } = await Captures.of(probe).look(probe, name)
  const up = [...devices].filter(([device, { isUp }]) => isUp && device !== 'lo').map(([device]) => device)
  const known = orders.get(place)
  const order = known?.devices.join() === up.join() ? known.order : await portsFirst(probe, name, up)
  orders.set(place, { devices: up, order })
  return order.map((device) => ({ place: name, device }))
}

/** To ask for the bridges costs a process for each place: not while the devices are the same. */
const orders = new WeakMap<object, { readonly devices: readonly string[]; readonly order: readonly string[] }>()

/** Ports come before their bridges, since the kernel may give a frame on both the same time stamp. */
async function portsFirst(probe: Probe, place: string, devices: readonly string[]): Promise<string[]> {
  const { stdout } = await runQuietly(probe, place, ['ip', '-j', 'link', 'show', 'type', 'bridge'])
  const bridges = new Set((JSON.parse(stdout || '[]') as Partial<LinkFacts>[]).map(({ ifname }) => ifname))
  return devices.toSorted((a, b) => Number(bridges.has(a)) - Number(bridges.has(b)))
}

/** A device that nobody asked for may vanish while others are watched. */
async function orNothing<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof ProbeError) return undefined
    throw error
  }
}
