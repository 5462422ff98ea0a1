import type { Channel } from './channel.ts'

export interface ProbeOptions {
  /** Milliseconds; default 10 s. */
  readonly timeout?: number
  readonly input?: string
  /**
   * Run it as one of the student's own processes, with the student's files and programs: what it says can then be
   * forged. Otherwise it is the machine's own program, out of the student's reach, and shares only the network.
   */
  readonly amongStudents?: boolean
}

export interface ProbeResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** `missing-namespace`, `missing-device`: what was to be looked at is not there. */
export type ProbeTrouble =
  | 'missing-tool'
  | 'missing-namespace'
  | 'missing-device'
  | 'not-permitted'
  | 'killed'
  | 'timed-out'
  | 'trouble'

/** A probe that did not run or did not come to its end: nothing is known, so nothing can be judged from it. */
export class ProbeError extends Error {
  readonly code: ProbeTrouble

  constructor(code: ProbeTrouble, message: string) {
    super(message)
    this.name = 'ProbeError'
    this.code = code
  }
}

/** A program of a world that is running; its output comes as it is written. */
export interface LiveProbe {
  onStdout(listener: (bytes: Buffer) => void): void
  onStderr(listener: (bytes: Buffer) => void): void
  /** `INT`, `USR1`, … */
  signal(name: string): void
  /** Settles when it has ended and all its output was passed on; never rejects. */
  readonly ended: Promise<{ readonly status: number; readonly signal: number }>
}

interface Live {
  stdout: (bytes: Buffer) => void
  stderr: (bytes: Buffer) => void
  readonly started: () => void
  readonly refused: (error: ProbeError) => void
  readonly exited: (status: number, signal: number) => void
}

interface Running {
  readonly command: readonly string[]
  readonly stdout: Buffer[]
  readonly stderr: Buffer[]
  size: number
  timer: NodeJS.Timeout | undefined
  readonly resolve: (result: ProbeResult) => void
  readonly reject: (error: ProbeError) => void
}

const MOST_OUTPUT = 16 << 20

/** The probes of a world that are under way. */
export class Probes {
  readonly #channel: Channel
  readonly #running = new Map<string, Running>()
  readonly #live = new Map<string, Live>()
  #count = 0

  constructor(channel: Channel) {
    this.#channel = channel
  }

  async run(
    place: string,
    command: readonly [string, ...string[]],
    { timeout = 10_000, input = '', amongStudents = false }: ProbeOptions,
  ) {
    return await this.#request(command, timeout, (id) =>
      this.#channel.send('spawn', id, place, amongStudents ? '1' : '', input, ...command),
    )
  }

  /** Resolves once the program was started; rejects with ProbeError if it could not be. */
  async start(place: string, command: readonly [string, ...string[]]): Promise<LiveProbe> {
    const id = String(++this.#count)
    const held: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] }
    let settle: (end: { status: number; signal: number }) => void = () => {}
    const ended = new Promise<{ status: number; signal: number }>((resolve) => {
      settle = resolve
    })
    await new Promise<void>((resolve, reject) => {
      // Until somebody listens, what comes is held.
      this.#live.set(id, {
        stdout: (bytes) => held.stdout.push(bytes),
        stderr: (bytes) => held.stderr.push(bytes),
        started: resolve,
        refused: reject,
        exited: (status, signal) => settle({ status, signal }),
      })
      this.#channel.send('spawn', id, place, '', '', ...command)
    })
    const listen = (stream: 'stdout' | 'stderr', listener: (bytes: Buffer) => void) => {
      for (const bytes of held[stream].splice(0)) listener(bytes)
      const live = this.#live.get(id)
      if (live) live[stream] = listener
    }
    return {
      onStdout: (listener) => listen('stdout', listener),
      onStderr: (listener) => listen('stderr', listener),
      signal: (name) => this.#channel.send('kill', id, name),
      ended,
    }
  }

  async namespaceId(place: string, other: string): Promise<number> {
    const { stdout } = await this.#request(['ip', 'netns', 'list-id'], 10_000, (id) =>
      this.#channel.send('number', id, place, other),
    )
    return Number(stdout)
  }

  /** Signals the processes of a background block; resolves to how many there are. */
  async endBackground(token: string, signal: string): Promise<number> {
    const { stdout } = await this.#request(['kill'], 10_000, (id) => this.#channel.send('end', id, token, signal))
    return Number(stdout)
  }

  /** The world is gone: none of them will be answered. */
  abandon(): void {
    for (const id of this.#running.keys()) {
      this.#end(id)?.reject(new ProbeError('killed', 'the world has died'))
    }
    for (const live of this.#live.values()) {
      live.refused(new ProbeError('killed', 'the world has died'))
      live.exited(0, 9)
    }
    this.#live.clear()
  }

  onMessage(word: string, id: string, [first, second]: readonly Buffer[]): void {
    const live = this.#live.get(id)
    if (live) {
      this.#onLive(word, id, live, first, second)
      return
    }
    const probe = this.#running.get(id)
    if (!probe) return
    if (word === 'stdout' || word === 'stderr') this.#collect(id, probe, probe[word], first!)
    else if (word === 'refused') this.#end(id)?.reject(refusal(String(first), String(second)))
    else if (word === 'exited') this.#exited(id, Number(first), Number(second))
  }

  #onLive(word: string, id: string, live: Live, first: Buffer | undefined, second: Buffer | undefined): void {
    if (word === 'started') live.started()
    else if (word === 'stdout' || word === 'stderr') live[word](first!)
    else {
      this.#live.delete(id)
      if (word === 'refused') live.refused(refusal(String(first), String(second)))
      else live.exited(Number(first), Number(second))
    }
  }

  #request(command: readonly string[], timeout: number, send: (id: string) => void): Promise<ProbeResult> {
    return new Promise((resolve, reject) => {
      const id = String(++this.#count)
      const timer = setTimeout(() => {
        this.#channel.send('kill', id, 'KILL')
        this.#end(id)?.reject(new ProbeError('timed-out', `${command[0]} did not end within ${timeout / 1000} s`))
      }, timeout)
      this.#running.set(id, { command, stdout: [], stderr: [], size: 0, timer, resolve, reject })
      send(id)
    })
  }

  #collect(id: string, probe: Running, into: Buffer[], bytes: Buffer): void {
    probe.size += bytes.length
    into.push(bytes)
    if (probe.size <= MOST_OUTPUT) return
    this.#channel.send('kill', id, 'KILL')
    this.#end(id)?.reject(new ProbeError('trouble', `${probe.command[0]} printed more than ${MOST_OUTPUT >> 20} MiB`))
  }

  #exited(id: string, status: number, signal: number): void {
    const probe = this.#end(id)
    if (!probe) return
    if (signal > 0) {
      probe.reject(new ProbeError('killed', `${probe.command[0]} was ended by signal ${signal}`))
      return
    }
    const [stdout, stderr] = [probe.stdout, probe.stderr].map((parts) => Buffer.concat(parts).toString()) as [
      string,
      string,
    ]
    probe.resolve({ status, stdout, stderr })
  }

  #end(id: string): Running | undefined {
    const probe = this.#running.get(id)
    this.#running.delete(id)
    clearTimeout(probe?.timer)
    return probe
  }
}

function refusal(errno: string, reason: string): ProbeError {
  if (errno === 'ENOENT') return new ProbeError('missing-tool', reason)
  if (errno === 'ENONET') return new ProbeError('missing-namespace', reason)
  if (errno === 'EACCES') return new ProbeError('not-permitted', reason)
  return new ProbeError('trouble', reason)
}
