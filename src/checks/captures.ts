import { ProbeError } from '../world/probes.ts'
import { Capture, type CaptureOptions } from './capture-process.ts'
import { NamespaceGuard } from './captures-guard.ts'
import type { Probe } from './check.ts'
import type { LinkFacts } from './ip.ts'
import { runQuietly } from './quiet.ts'
import { type Device, deviceName } from './subjects.ts'

/** A device to watch; see CaptureOptions. */
export type Watched = CaptureOptions

/** What was seen on one device from the beginning of a watch until now. */
export interface Slice {
  /** A pcap file (with nanoseconds) of these packets alone. */
  readonly pcap: Buffer
  readonly count: number
  /** Packets that the kernel could not hand over to tcpdump. */
  readonly dropped: number
}

/** A watch on one device. */
export interface CaptureWatch {
  readonly watched: Watched
  readonly capture: Capture
  /** Which device of which namespace it is: another one may get its name. */
  readonly identity: string
  /** The packet that comes next, and what was dropped before. */
  readonly from: number
  readonly droppedBefore: number
}

/** A namespace of the network and its devices, at one moment. */
export interface PlaceFacts {
  /** Its number; one that is made anew under the same name has another. */
  readonly namespace: string
  readonly links: readonly LinkFacts[]
}

/**
 * The captures of a world. Each is started when it is first needed and goes on for as long as the world does, because
 * it takes tcpdump much longer to start than to be asked how far it is. A watch is a slice of one.
 */
export class Captures {
  readonly #pool = new Map<string, { readonly identity: string; readonly started: Promise<Capture> }>()
  readonly #guard = new NamespaceGuard()
  #kept = 0

  /** Those of the probe's world. */
  static of(probe: Probe): Captures {
    return probe.shared('captures', () => new Captures())
  }

  /**
   * Begins to watch several devices at once; resolves when all captures are listening. Rejects with ProbeError, in
   * tcpdump's own words, where one of them cannot be watched.
   */
  async watch(probe: Probe, devices: readonly Watched[]): Promise<CaptureWatch[]> {
    const facts = await factsOf(probe, devices)
    return await Promise.all(devices.map((watched) => this.#watchOne(probe, watched, facts.get(watched.place)!)))
  }

  /** What was seen since. Rejects with ProbeError where the watch was interrupted, or the device is another one. */
  async slices(probe: Probe, watches: readonly CaptureWatch[]): Promise<Slice[]> {
    await Promise.all(watches.map(({ capture }) => capture.drain()))
    const facts = await factsOf(
      probe,
      watches.map(({ watched }) => watched),
    )
    return watches.map((watch) => sliceOf(watch, facts.get(watch.watched.place)!))
  }

  /** A number for the names of files that are kept, in the order of the watches. */
  nextNumber(): string {
    return String(++this.#kept).padStart(2, '0')
  }

  async #watchOne(probe: Probe, watched: Watched, facts: PlaceFacts): Promise<CaptureWatch> {
    const identity = identityOf(watched, facts)
    const key = JSON.stringify(watched)
    const known = this.#pool.get(key)
    const running = await known?.started.catch(() => undefined)
    if (running && known?.identity === identity && (await isThere(running)))
      return { watched, capture: running, identity, from: running.packets.count, droppedBefore: running.dropped }
    running?.end('it was replaced by a new capture')
    const started = this.#start(probe, watched, facts.namespace)
    this.#pool.set(key, { identity, started })
    const capture = await started
    return { watched, capture, identity, from: capture.packets.count, droppedBefore: capture.dropped }
  }

  async #start(probe: Probe, watched: Watched, namespace: string): Promise<Capture> {
    const { place } = watched
    if (place === 'host' || probe.outside.includes(place)) return await Capture.start(probe, watched)
    const [capture] = await Promise.all([Capture.start(probe, watched), this.#guard.start(probe)])
    this.#guard.add(place, namespace, capture)
    return capture
  }
}

/** The namespaces and devices of places, by place. Rejects with ProbeError where a place is not there. */
export async function placeFacts(probe: Probe, places: readonly string[]): Promise<Map<string, PlaceFacts>> {
  const names = [...new Set(places)]
  return new Map(await Promise.all(names.map(async (place) => [place, await factsAt(probe, place)] as const)))
}

async function factsOf(probe: Probe, devices: readonly Watched[]): Promise<Map<string, PlaceFacts>> {
  return await placeFacts(
    probe,
    devices.map(({ place }) => place),
  )
}

async function factsAt(probe: Probe, place: string): Promise<PlaceFacts> {
  const script = 'readlink /proc/self/ns/net && exec ip -j link show'
  const { status, stdout, stderr } = await runQuietly(probe, place, ['sh', '-c', script])
  const [namespace = '', ...json] = stdout.split('\n')
  if (status !== 0) throw new ProbeError('trouble', `ip -j link show in ${place}: ${stderr.trim()}`)
  const links = JSON.parse(json.join('\n') || '[]') as Partial<LinkFacts>[]
  return { namespace, links: links.filter((link): link is LinkFacts => link.ifname !== undefined) }
}

/** tcpdump's own devices (`any`, `nflog:5`) are no devices of the kernel, and so have no number. */
function identityOf({ device }: Device, { namespace, links }: PlaceFacts): string {
  return `${namespace} ${links.find(({ ifname }) => ifname === device)?.ifindex ?? '-'}`
}

/** Also brings it up to date, so that what came before a watch is not counted in it. */
async function isThere(capture: Capture): Promise<boolean> {
  try {
    await capture.drain()
    return true
  } catch (error) {
    if (error instanceof ProbeError) return false
    throw error
  }
}

function sliceOf({ watched, capture, identity, from, droppedBefore }: CaptureWatch, facts: PlaceFacts): Slice {
  const name = deviceName(watched)
  if (capture.ended) throw capture.ended
  if (identityOf(watched, facts) !== identity)
    throw new ProbeError('trouble', `${name} is not the device any more that was watched: it was deleted meanwhile`)
  const pcap = capture.packets.from(from)
  if (!pcap) throw new ProbeError('trouble', `too much was seen on ${name} to keep it: a filter would help`)
  return { pcap, count: capture.packets.count - from, dropped: capture.dropped - droppedBefore }
}
