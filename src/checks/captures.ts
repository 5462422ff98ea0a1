import { ProbeError } from '../world/probes.ts'
import { type Places, PlaceWatcher } from './capture-places.ts'
import { Capture, type CaptureOptions } from './capture-process.ts'
import type { Probe } from './check.ts'
import { deviceName } from './subjects.ts'

/** A watch on one device. */
export interface CaptureWatch {
  readonly options: CaptureOptions
  readonly capture: Capture
  readonly identity: Identity
  /** The number of the packet that comes next, and of those that were dropped before. */
  readonly from: number
  readonly droppedBefore: number
}

/** What was seen on one device from the beginning of a watch until now. */
export interface Slice {
  /** A pcap file (with nanoseconds) of these packets alone. */
  readonly pcap: Buffer
  readonly count: number
  /** Packets that the kernel could not hand over to tcpdump. */
  readonly dropped: number
}

/** Another device, or another namespace, may get the same name. */
interface Identity {
  readonly namespace: string
  /** Undefined for tcpdump's own devices, such as `any`. */
  readonly index: number | undefined
}

interface Pooled {
  readonly options: CaptureOptions
  readonly capture: Capture
  readonly identity: Identity
  /** How many looks at the places there had been. */
  readonly since: number
}

/**
 * The captures of a world. Each is started when it is first needed and goes on for as long as the world does, because
 * it takes tcpdump much longer to start than to be asked how far it is. A watch is a slice of one.
 */
export class Captures {
  readonly #pool = new Map<string, Promise<Pooled | undefined>>()
  readonly #running = new Set<Pooled>()
  readonly #places = new PlaceWatcher((places, asked) => this.#endOrphans(places, asked))
  #kept = 0

  /** Those of the probe's world. */
  static of(probe: Probe): Captures {
    return probe.shared('captures', () => new Captures())
  }

  /** All places as they are now. Rejects with ProbeError. */
  async look(probe: Probe): Promise<Places> {
    return await this.#places.look(probe)
  }

  /**
   * Begins to watch devices; resolves when they are being listened to. Where one cannot be, there is a ProbeError
   * instead, in tcpdump's own words.
   */
  async watch(probe: Probe, devices: readonly CaptureOptions[]): Promise<(CaptureWatch | ProbeError)[]> {
    const looked = this.look(probe)
    return await Promise.all(devices.map((options) => orError(this.#watchOne(probe, options, looked))))
  }

  /** What was seen since. Where a watch was interrupted, there is a ProbeError instead. */
  async slices(probe: Probe, watches: readonly CaptureWatch[]): Promise<(Slice | ProbeError)[]> {
    const looked = this.look(probe)
    return await Promise.all(watches.map((watch) => orError(sliceOf(watch, looked))))
  }

  /** A number for the names of files that are kept, in the order of the watches. */
  nextNumber(): string {
    return String(++this.#kept).padStart(2, '0')
  }

  async #watchOne(probe: Probe, options: CaptureOptions, looked: Promise<Places>): Promise<CaptureWatch> {
    const key = JSON.stringify(options)
    const before = this.#pool.get(key) ?? Promise.resolve(undefined)
    const now = before.then((known) => this.#captureFor(probe, options, looked, known))
    this.#pool.set(
      key,
      now.catch(() => before),
    )
    const { capture, identity } = await now
    return { options, capture, identity, from: capture.packets.count, droppedBefore: capture.dropped }
  }

  /** One that is running already, if it is still about the same device, and then up to date. */
  async #captureFor(
    probe: Probe,
    options: CaptureOptions,
    looked: Promise<Places>,
    known: Pooled | undefined,
  ): Promise<Pooled> {
    const [places, listening] = await Promise.all([looked, known && orError(known.capture.drain())])
    const identity = identityOf(options, places)
    if (known && listening === undefined && isSame(known.identity, identity)) return known
    known?.capture.end(`a new capture of ${deviceName(options)} has taken its place`)
    const capture = await Capture.start(probe, options)
    const pooled = { options, capture, identity, since: this.#places.answered }
    this.#running.add(pooled)
    return pooled
  }

  /**
   * A program that listens in a namespace keeps it alive, and every cable in it, although `ip netns del` has taken its
   * name away. So it is ended then: what checks do must not be seen.
   */
  #endOrphans(places: Places, asked: number): void {
    for (const pooled of this.#running) {
      const { options, capture, identity, since } = pooled
      const isThere = asked < since || places.get(options.place)?.namespace === identity.namespace
      if (!isThere) capture.end(deletedNamespace(options))
      if (capture.ended) this.#running.delete(pooled)
    }
  }
}

async function sliceOf(
  { options, capture, identity, from, droppedBefore }: CaptureWatch,
  looked: Promise<Places>,
): Promise<Slice> {
  const [places, drained] = await Promise.all([looked, orError(capture.drain())])
  const now = identityOf(options, places)
  const name = deviceName(options)
  if (now.namespace !== identity.namespace) throw new ProbeError('missing-namespace', deletedNamespace(options))
  if (!isSame(now, identity)) throw new ProbeError('missing-device', `${name} was deleted while it was watched`)
  if (drained) throw drained
  const pcap = capture.packets.from(from)
  if (pcap) return { pcap, count: capture.packets.count - from, dropped: capture.dropped - droppedBefore }
  throw new ProbeError('trouble', `too much was seen on ${name} to keep it: a filter would help`)
}

function identityOf({ place, device }: CaptureOptions, places: Places): Identity {
  const found = places.get(place)
  return { namespace: found?.namespace ?? '', index: found?.devices.get(device)?.index }
}

function isSame(one: Identity, other: Identity): boolean {
  return one.namespace === other.namespace && one.index === other.index
}

function deletedNamespace({ place }: CaptureOptions): string {
  return `the namespace ${place} was deleted while it was watched`
}

async function orError<T>(attempt: Promise<T>): Promise<T | ProbeError> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof ProbeError) return error
    throw error
  }
}
