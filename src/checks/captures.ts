import { ProbeError } from '../world/probes.ts'
import { CapturePlace, type Devices } from './capture-place.ts'
import { Capture, type CaptureOptions } from './capture-process.ts'
import type { Probe } from './check.ts'
import { deviceName } from './subjects.ts'

/** A watch on one device. */
export interface CaptureWatch {
  readonly options: CaptureOptions
  readonly capture: Capture
  readonly place: CapturePlace
  /** The device's number, for another one may get its name. */
  readonly index: number | undefined
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

type Pooled = Pick<CaptureWatch, 'capture' | 'place' | 'index'>

/**
 * The captures of a world. Each is started when it is first needed and goes on for as long as the world does, because
 * it takes tcpdump much longer to start than to be asked how far it is. A watch is a slice of one.
 */
export class Captures {
  readonly #pool = new Map<string, Promise<Pooled | undefined>>()
  readonly #places = new Map<string, Promise<CapturePlace | undefined>>()
  #kept = 0

  /** Those of the probe's world. */
  static of(probe: Probe): Captures {
    return probe.shared('captures', () => new Captures())
  }

  /**
   * Begins to watch a device; resolves when it is being listened to. Rejects with ProbeError, in tcpdump's own words,
   * where it cannot be.
   */
  async watch(probe: Probe, options: CaptureOptions): Promise<CaptureWatch> {
    const key = JSON.stringify(options)
    const before = this.#pool.get(key) ?? Promise.resolve(undefined)
    const now = before.then((known) => this.#capture(probe, options, known))
    this.#pool.set(
      key,
      now.catch(() => before),
    )
    const pooled = await now
    const { packets, dropped } = pooled.capture
    return { options, ...pooled, from: packets.count, droppedBefore: dropped }
  }

  /** A place and its devices; a namespace that was deleted and made again is another place. Rejects with ProbeError. */
  async look(probe: Probe, name: string): Promise<{ place: CapturePlace; devices: Devices }> {
    const before = this.#places.get(name) ?? Promise.resolve(undefined)
    const now = before.then(async (known) => {
      const place = known && !known.isGone ? known : await CapturePlace.start(probe, name)
      const devices = await orUndefined(place.devices())
      if (devices) return { place, devices }
      const again = await CapturePlace.start(probe, name)
      return { place: again, devices: await again.devices() }
    })
    this.#places.set(
      name,
      now.then(
        ({ place }) => place,
        () => undefined,
      ),
    )
    return await now
  }

  /** A number for the names of files that are kept, in the order of the watches. */
  nextNumber(): string {
    return String(++this.#kept).padStart(2, '0')
  }

  /** One that is running already, if it is still about the same device, and then up to date. */
  async #capture(probe: Probe, options: CaptureOptions, known: Pooled | undefined): Promise<Pooled> {
    const [{ place, devices }, isCurrent, first] = await Promise.all([
      this.look(probe, options.place),
      known && isListening(known.capture),
      known ? undefined : Capture.start(probe, options),
    ])
    // tcpdump's own devices (`any`, `nflog:5`) are no devices of the kernel and have no number.
    const index = devices.get(options.device)?.index
    if (known && isCurrent && known.place === place && known.index === index) return known
    known?.capture.end(`a new capture of ${deviceName(options)} has taken its place`)
    const capture = first ?? (await Capture.start(probe, options))
    const end = () => capture.end(`the namespace ${options.place} was deleted while it was watched`)
    void place.gone.then(end)
    return { capture, place, index }
  }
}

/**
 * What was seen since the watch began. Rejects with ProbeError where the capture has ended meanwhile, or the device is
 * another one.
 */
export async function sliceOf(watch: CaptureWatch): Promise<Slice> {
  const { options, capture, place, index, from, droppedBefore } = watch
  const [devices, drained] = await Promise.allSettled([place.devices(), capture.drain()])
  if (devices.status === 'rejected') throw devices.reason
  const name = deviceName(options)
  if (devices.value.get(options.device)?.index !== index)
    throw new ProbeError('trouble', `${name} was deleted while it was watched`)
  if (drained.status === 'rejected') throw drained.reason
  const pcap = capture.packets.from(from)
  if (pcap) return { pcap, count: capture.packets.count - from, dropped: capture.dropped - droppedBefore }
  throw new ProbeError('trouble', `too much was seen on ${name} to keep it: a filter would help`)
}

async function isListening(capture: Capture): Promise<boolean> {
  return (await orUndefined(capture.drain().then(() => true))) ?? false
}

async function orUndefined<T>(attempt: Promise<T>): Promise<T | undefined> {
  try {
    return await attempt
  } catch (error) {
    if (error instanceof ProbeError) return undefined
    throw error
  }
}
