import type { Needs, WorldSpec } from '../lab/lab.ts'
import { machineOf, OUTSIDE } from '../lab/outside.ts'
import type { Machine, MachineProcess } from '../machine/machine.ts'
import { Background } from './background.ts'
import { boot, describeEnd, HOST, type WorldInfo } from './boot.ts'
import type { Channel, Message } from './channel.ts'
import { describeLimit, USUAL_LIMITS, type WorldLimits } from './limits.ts'
import { type LiveProbe, type ProbeOptions, type ProbeResult, Probes } from './probes.ts'
import { type CommandEnd, type CommandOptions, Terminal } from './terminal.ts'
import { WorldError } from './trouble.ts'
import { Visit, type VisitListener, type VisitOptions } from './visit.ts'

export interface WorldOptions {
  /** Told why it takes long. */
  readonly onWait?: ((why: string) => void) | undefined
  /** Default: those for people's own runs, USUAL_LIMITS. */
  readonly limits?: WorldLimits | undefined
}

/**
 * What is around the student: private namespaces on a machine, with their terminals and probes. Ends with `close`, and
 * also when labrun dies, however it dies.
 */
export class World {
  readonly info: WorldInfo
  readonly spec: WorldSpec
  readonly #process: MachineProcess
  readonly #channel: Channel
  readonly #terminals = new Map<string, Terminal>()
  readonly #probes: Probes
  readonly #backgrounds = new Map<string, Background>()
  readonly #visits = new Map<string, Visit>()
  readonly #shared = new Map<string, unknown>()
  readonly #died: Promise<never>
  readonly #limits: WorldLimits
  readonly #hit = new Set<string>()
  /** Milliseconds that commands have taken. */
  #spent = 0
  #closing = false

  /** A machine as it is, with its own root: nothing is built, and nothing can be typed there. Throws WorldError. */
  static async look(machine: Machine): Promise<World> {
    return await World.open(machine, { lan: undefined }, 'look', { limits: {} })
  }

  /** Builds a world. Throws WorldError with the cause and the ways out. */
  static async open(
    machine: Machine,
    spec: WorldSpec,
    needs: Needs | 'look' = 'any',
    { onWait, limits = USUAL_LIMITS }: WorldOptions = {},
  ): Promise<World> {
    const { child, channel, info, listen } = await boot(machine, spec, needs, { onWait, limits })
    const world = new World(child, channel, spec, info, limits)
    listen((message) => world.#receive(message))
    return world
  }

  private constructor(child: MachineProcess, channel: Channel, spec: WorldSpec, info: WorldInfo, limits: WorldLimits) {
    this.#limits = limits
    this.#process = child
    this.#channel = channel
    this.spec = spec
    this.info = info
    this.#probes = new Probes(channel)
    this.#died = child.ended.then((end) => {
      if (end.remedies) throw new WorldError('machine-lost', describeEnd(end), end.remedies)
      throw new WorldError('world-died', `the world has died: ${describeEnd(end)}`, [
        'a command may have ended its first process (reboot, kill); the next run gets a new world',
      ])
    })
    this.#died.catch(() => {
      for (const terminal of this.#terminals.values()) terminal.onEnded(137)
      for (const visit of this.#visits.values()) visit.onLeft('world-gone')
      this.#probes.abandon()
    })
  }

  /** The terminal of that name; opened on first use. Named like an outside machine, it is on that machine. */
  async run(terminal: string, text: string, options: CommandOptions): Promise<CommandEnd> {
    const { command = Infinity, time = Infinity } = this.#limits
    const left = time - this.#spent
    if (left <= 0) return NOT_TYPED
    const timeout = Math.min(options.timeout, command, left)
    const start = performance.now()
    const end = await this.#orDied(this.#terminal(terminal).run(text, { ...options, timeout }))
    this.#spent += performance.now() - start
    if (this.#spent >= time) this.#hit.add(describeLimit('time', this.#limits))
    else if (end.timedOut && timeout < options.timeout) this.#hit.add(describeLimit('command', this.#limits))
    return end
  }

  /** Rejects with WorldError when the world has died, or was closed. */
  get died(): Promise<never> {
    return this.#died
  }

  /** The limits that were hit so far, in words. */
  limitsHit(): string[] {
    return [...this.#hit]
  }

  /**
   * A person's own terminal inside one of the world's. Nothing can be typed into that until the visit has ended, or waits
   * (see Report).
   */
  visit(terminal: string, listener: VisitListener, options: VisitOptions): Visit {
    this.#terminal(terminal).open()
    const visit = new Visit(terminal, this.#channel, listener, options)
    this.#visits.set(visit.id, visit)
    void visit.ended.then(() => this.#visits.delete(visit.id))
    return visit
  }

  /** Starts a block that goes on while others run, in the terminal's shell. */
  async launch(terminal: string, text: string, onOutput: (text: string) => void): Promise<Background> {
    const background = new Background(this.#probes, onOutput)
    this.#backgrounds.set(background.token, background)
    const { timedOut, shellEnded } = await this.#orDied(this.#terminal(terminal).launch(background.token, text))
    background.hasStarted = !timedOut && !shellEnded
    return background
  }

  /**
   * Runs one program in the network namespace of a place: `host`, a name of `ip netns`, or an outside machine. Rejects
   * with ProbeError if it could not be run or did not come to its end.
   */
  async probe(
    place: string,
    command: readonly [string, ...string[]],
    options: ProbeOptions = {},
  ): Promise<ProbeResult> {
    return await this.#orDied(this.#probes.run(place, command, options))
  }

  /** Starts a program whose output is wanted as it comes; it ends with the world at the latest. */
  async start(place: string, command: readonly [string, ...string[]]): Promise<LiveProbe> {
    return await this.#orDied(this.#probes.start(place, command))
  }

  /** Something that lives as long as the world; made on first use. */
  shared<T>(key: string, make: () => T): T {
    if (!this.#shared.has(key)) this.#shared.set(key, make())
    return this.#shared.get(key) as T
  }

  /** The id by which the namespace of `place` knows that of `other`; -1 if it does not (ip-netns(8), list-id). */
  async namespaceId(place: string, other: string): Promise<number> {
    return await this.#orDied(this.#probes.namespaceId(place, other))
  }

  /** The names of the machines around the student's. */
  get outside(): readonly string[] {
    return this.spec.lan ? OUTSIDE : []
  }

  /** Whether the name is that of another machine than the student's. */
  isOutside(place: string): boolean {
    return this.outside.includes(place)
  }

  /** Ends every process of the world and everything it was made of. */
  async close(): Promise<void> {
    if (this.#closing) return void (await this.#process.ended)
    this.#closing = true
    this.#process.stdin.end()
    const force = setTimeout(() => this.#process.kill(), 5000)
    await this.#process.ended
    clearTimeout(force)
  }

  #terminal(name: string): Terminal {
    let terminal = this.#terminals.get(name)
    if (!terminal) {
      const machine = machineOf(name)
      const place = this.isOutside(machine) ? machine : HOST
      terminal = new Terminal(name, place, this.#channel)
      this.#terminals.set(name, terminal)
    }
    return terminal
  }

  async #orDied<T>(work: Promise<T>): Promise<T> {
    return await Promise.race([this.#died, work])
  }

  #receive([word, name, ...rest]: Message): void {
    const who = String(name)
    const terminal = this.#terminals.get(who) ?? this.#backgrounds.get(who)
    switch (String(word)) {
      case 'output':
        terminal?.onOutput(rest[0]!)
        break
      case 'done':
        terminal?.onDone(String(rest[0]), Number(rest[1]))
        break
      case 'ended':
        this.#terminals.get(who)?.onEnded(Number(rest[0]))
        break
      case 'discarded':
        terminal?.onDiscarded(Number(rest[0]))
        break
      case 'limit':
        this.#hit.add(describeLimit(who, this.#limits))
        break
      default:
        if (this.#visits.has(who)) this.#visits.get(who)!.onMessage(String(word), rest)
        else this.#probes.onMessage(String(word), who, rest)
    }
  }
}

/** A command for which no time was left. */
const NOT_TYPED: CommandEnd = {
  status: 124,
  output: '',
  dropped: 0,
  timedOut: true,
  interrupted: false,
  shellEnded: false,
}
