import { type LiveProbe, ProbeError } from '../world/probes.ts'
import { PcapStream } from './capture-file.ts'
import type { Probe } from './check.ts'

/** What tcpdump is told: where to listen, and to what. */
export interface CaptureOptions {
  readonly place: string
  readonly device: string
  /** In tcpdump's own language; undefined: everything. */
  readonly filter: string | undefined
  /** Bytes that are kept of each packet. */
  readonly snapshot: number
  /** Of the kernel, in KiB: what may come while tcpdump is waiting for a processor. */
  readonly buffer: number
}

interface Counters {
  readonly captured: number
  readonly received: number
  readonly dropped: number
}

/** Milliseconds to wait for a sign of life from tcpdump. */
const PATIENCE = 10_000
/** How often it is asked without any progress until that is taken as its last word. */
const ASKED_IN_VAIN = 100

/** One tcpdump that listens on a device and goes on to do so. */
export class Capture {
  readonly packets = new PcapStream()
  /** Packets that the kernel could not hand over, since the beginning. */
  dropped = 0
  readonly #options: CaptureOptions
  readonly #process: LiveProbe
  readonly #listeners = new Set<() => void>()
  #said = ''
  #answers: Counters[] = []
  #ended: ProbeError | undefined
  /** Packets that tcpdump counts as received and will never write. */
  #never = 0
  #turn: Promise<unknown> = Promise.resolve()

  /** Resolves when it is listening. Rejects with ProbeError, in tcpdump's own words, where it cannot. */
  static async start(probe: Probe, options: CaptureOptions): Promise<Capture> {
    const capture = new Capture(await probe.start(options.place, commandFor(options)), options)
    await capture.#until(() => capture.#said.includes('listening on ') || undefined)
    return capture
  }

  private constructor(process: LiveProbe, options: CaptureOptions) {
    this.#process = process
    this.#options = options
    process.onStdout((bytes) => this.#onPackets(bytes))
    process.onStderr((bytes) => this.#onWords(String(bytes)))
    void process.ended.then(({ signal }) => this.#onEnd(signal))
  }

  /** Why it does not listen any more. */
  get ended(): ProbeError | undefined {
    return this.#ended
  }

  /** Ends it at once; `reason` is what is said to those who still wait for it. */
  end(reason: string): void {
    this.#ended ??= new ProbeError('trouble', reason)
    this.#process.signal('KILL')
    this.#tell()
  }

  /**
   * Resolves when every packet that the device has passed on so far is in `packets`: tcpdump is asked for its counters
   * (SIGUSR1), and what the kernel had received for it at that moment, and not dropped, must have been written. Rejects
   * with ProbeError if it has ended.
   */
  async drain(): Promise<void> {
    const turn = this.#turn.then(() => this.#drain())
    this.#turn = turn.catch(() => {})
    await turn
  }

  async #drain(): Promise<void> {
    const first = await this.#ask()
    const wanted = first.received - first.dropped
    for (let inVain = 0; this.packets.count + this.#never < wanted; ) {
      const before = this.packets.count
      const { captured } = await this.#ask()
      // Counters and packets come by two pipes, so those that are already counted may still be under way.
      await this.#until(() => this.packets.count >= captured || undefined)
      inVain = this.packets.count > before ? 0 : inVain + 1
      // Frames that arrive while the filter is being set are received, but sorted out by tcpdump itself.
      if (inVain > ASKED_IN_VAIN) this.#never = wanted - this.packets.count
    }
  }

  async #ask(): Promise<Counters> {
    this.#answers = []
    this.#process.signal('USR1')
    const counters = await this.#until(() => this.#answers[0])
    this.dropped = counters.dropped
    return counters
  }

  #onPackets(bytes: Buffer): void {
    try {
      this.packets.push(bytes)
    } catch (error) {
      this.end(`tcpdump on ${this.#options.device}: ${(error as Error).message}`)
    }
    this.#tell()
  }

  #onWords(words: string): void {
    this.#said += words
    const lines = this.#said.split('\n')
    const unfinished = lines.pop() ?? ''
    const others = lines.filter((line) => {
      const numbers = COUNTERS.exec(line)?.slice(1).map(Number)
      if (numbers) this.#answers.push({ captured: numbers[0]!, received: numbers[1]!, dropped: numbers[2]! })
      return !numbers
    })
    this.#said = [...others.slice(-20), unfinished].join('\n')
    this.#tell()
  }

  #onEnd(signal: number): void {
    const { place, device } = this.#options
    const words = this.#said
      .split('\n')
      .map((line) => line.replace(/^tcpdump: /, '').trim())
      .filter((line) => line !== '' && !/^(listening on|data link type|dropped privs|\(|\d+ packets? )/.test(line))
    const reason = words.join('; ') || (signal > 0 ? `it was ended by signal ${signal}` : 'it ended')
    const isMissing = /no such device|does ?n[o']t exist/i.test(reason)
    const code = isMissing ? 'missing-device' : /permission|not permitted/i.test(reason) ? 'not-permitted' : 'trouble'
    this.#ended ??= new ProbeError(code, `tcpdump -i ${device}${place === 'host' ? '' : ` in ${place}`}: ${reason}`)
    this.#tell()
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }

  /** Waits until something is found. Rejects when tcpdump has ended, or says nothing for too long. */
  async #until<T>(look: () => T | undefined): Promise<T> {
    const { device } = this.#options
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (this.#ended) throw this.#ended
      await new Promise<void>((resolve, reject) => {
        const silent = new ProbeError('timed-out', `tcpdump on ${device} said nothing for ${PATIENCE / 1000} s`)
        const timer = setTimeout(() => settle(() => reject(silent)), PATIENCE)
        const settle = (how: () => void) => {
          clearTimeout(timer)
          this.#listeners.delete(wake)
          how()
        }
        const wake = () => settle(resolve)
        this.#listeners.add(wake)
      })
    }
  }
}

const COUNTERS = /(\d+) packets? captured, (\d+) packets? received by filter, (\d+) packets? dropped by kernel/

/** `-U` and `--immediate-mode`: each packet is handed over at once, so that only what is under way is to be waited for. */
function commandFor({ device, filter, snapshot, buffer }: CaptureOptions): [string, ...string[]] {
  // Two devices may see a packet within a microsecond. The kernel's log groups have no finer times.
  const precision = device.startsWith('nflog') ? 'micro' : 'nano'
  const sizes = ['-s', String(snapshot), '-B', String(buffer)]
  const how = ['-U', '--immediate-mode', `--time-stamp-precision=${precision}`, ...sizes]
  return ['tcpdump', '-i', device, ...how, '-w', '-', ...(filter === undefined ? [] : ['--', filter])]
}
