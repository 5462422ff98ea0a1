import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Channel } from './channel.ts'
import { Output } from './output.ts'

/** How a command ended. */
export interface CommandEnd {
  /** The exit status as the shell has it in `$?`; 128 + N after signal N. */
  readonly status: number
  readonly output: string
  /** Characters of output that were not kept. */
  readonly dropped: number
  /** It took longer than it might, and was ended. */
  readonly timedOut: boolean
  /** It was interrupted, as by Ctrl-C. */
  readonly interrupted: boolean
  /** The shell itself ended with it; the next command gets a new one. */
  readonly shellEnded: boolean
}

export interface CommandOptions {
  /** Milliseconds. */
  readonly timeout: number
  readonly onOutput?: ((text: string) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

interface Waiting {
  readonly token: string
  readonly settle: (status: number, shellEnded: boolean) => void
}

/** Milliseconds between one way of ending a command and the next, harder one. */
const STEP = 500

/** One persistent shell; runs one command at a time. */
export class Terminal {
  readonly name: string
  readonly #place: string
  readonly #channel: Channel
  #open = false
  #waiting: Waiting | undefined
  #listener: ((text: string) => void) | undefined
  readonly #output = new Output((text) => this.#listener?.(text))

  constructor(name: string, place: string, channel: Channel) {
    this.name = name
    this.#place = place
    this.#channel = channel
  }

  /** Types one command and waits for its end. Rejects with WorldDied if the world dies meanwhile (see World). */
  run(text: string, options: CommandOptions): Promise<CommandEnd> {
    return this.#type('type', text, options)
  }

  /** Starts a block that goes on while others run; `token` is its name from then on. */
  launch(token: string, text: string): Promise<CommandEnd> {
    return this.#type('launch', text, { timeout: 10_000 }, token)
  }

  onOutput(bytes: Buffer): void {
    this.#output.write(bytes)
  }

  /** It has printed so many bytes more than it may. */
  onDiscarded(count: number): void {
    this.#output.discard(count)
  }

  onDone(token: string, status: number): void {
    if (this.#waiting?.token === token) this.#waiting.settle(status, false)
  }

  onEnded(status: number): void {
    this.#open = false
    this.#waiting?.settle(status, true)
  }

  async #type(how: 'type' | 'launch', text: string, options: CommandOptions, name?: string): Promise<CommandEnd> {
    if (this.#waiting) throw new Error(`terminal ${this.name} is busy`)
    if (!this.#open) this.#channel.send('open', this.name, this.#place)
    this.#open = true
    const token = randomBytes(8).toString('hex')
    this.#output.take()
    this.#listener = options.onOutput
    const ended = new Promise<{ status: number; shellEnded: boolean }>((resolve) => {
      this.#waiting = { token, settle: (status, shellEnded) => resolve({ status, shellEnded }) }
    })
    this.#channel.send(how, this.name, token, ...(name ? [name] : []), text)
    const stop = this.#stopWhenTooLong(ended, options)
    const { status, shellEnded } = await ended
    this.#waiting = undefined
    const { text: output, dropped } = this.#output.take()
    this.#listener = undefined
    return { status, output, dropped, shellEnded, ...stop() }
  }

  /** Interrupts at the time-out or on abort, harder each time; the function returned ends the watch. */
  #stopWhenTooLong(ended: Promise<unknown>, { timeout, signal }: CommandOptions) {
    const state = { timedOut: false, interrupted: false }
    let over = false
    void ended.then(() => {
      over = true
    })
    const stop = async (reason: keyof typeof state) => {
      if (over || state.timedOut || state.interrupted) return
      state[reason] = true
      for (const [name, whom] of HARDER) {
        if (over) return
        this.#channel.send('signal', this.name, name, whom)
        await Promise.race([ended, delay(STEP)])
      }
    }
    const timer = setTimeout(() => void stop('timedOut'), timeout)
    const abort = () => void stop('interrupted')
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort, { once: true })
    return () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      return state
    }
  }
}

const HARDER = [
  ['INT', 'command'],
  ['TERM', 'command'],
  ['KILL', 'command'],
  ['KILL', 'shell'],
] as const
