import { setTimeout as delay } from 'node:timers/promises'
import type { Sight } from '../../run/pace.ts'
import type { Report, Visit, VisitEnd } from '../../world/visit.ts'
import { LEAVE_FULL_SCREEN } from './full-screen.ts'
import { type OwnCommand, Recorder } from './recorder.ts'
import type { Window } from './window.ts'

export interface SeatListener {
  /** A command has ended, and what else is known by it; the prompt is there again. */
  ended(commands: readonly OwnCommand[], seat: Seat): void
  /** Something was asked of labrun: the shell waits for `answer`. */
  asked(words: readonly string[], seat: Seat): void
}

interface SeatOptions {
  readonly terminal: string
  readonly window: Window
  readonly plain: boolean
  readonly history: readonly string[]
  readonly words: readonly string[]
}

/** Milliseconds after Enter from which a shell that edits a line again should have told of its prompt. */
const SILENCE = 1500

/** Milliseconds for which all that runs in a shell has time to end with it. */
const PATIENCE = 2000

/** How often it is tried to show a line above the prompt, and the milliseconds between. */
const SAY_TRIES = 20
const SAY_PAUSE = 50

/** A person's window at a terminal of the world. */
export class Seat {
  readonly terminal: string
  readonly window: Window
  /** Settles when its shell has ended; never rejects. */
  readonly left: Promise<VisitEnd>
  readonly #visit: Visit
  readonly #recorder: Recorder
  readonly #listener: SeatListener
  #isOpen = false
  #isWaiting = false
  /** A line that could not be shown yet. */
  #unsaid: string | undefined
  /** Of what was to be said last. */
  #number = 0
  #silence: NodeJS.Timeout | undefined

  constructor(sight: Sight, listener: SeatListener, { terminal, window, plain, history, words }: SeatOptions) {
    this.terminal = terminal
    this.window = window
    this.#listener = listener
    this.#recorder = new Recorder(words)
    const { size, term, colorterm } = window
    const screen = (bytes: Buffer, taken: () => void) => this.#screen(bytes, taken)
    const report = (report: Report) => this.#report(report)
    this.#visit = sight.visit(terminal, { screen, report }, { ...size, term, colorterm, plain, history, words })
    this.left = this.#visit.ended.then((end) => {
      this.close()
      return end
    })
    void window.gone.then(() => this.#visit.hangUp())
  }

  /** A command is running here. */
  get isBusy(): boolean {
    return this.#recorder.isBusy
  }

  /** How many shells deep in the first one. */
  get depth(): number {
    return this.#recorder.depth
  }

  /** The window is the shell's. */
  open(): void {
    if (this.#isOpen) return
    this.#isOpen = true
    this.window.open({
      keys: async (bytes) => await this.#keys(bytes),
      resize: (size) => this.#visit.resize(size),
    })
  }

  /** The window is labrun's own. */
  close(): void {
    clearTimeout(this.#silence)
    if (!this.#isOpen) return
    this.#isOpen = false
    if (this.#recorder.isFullScreen) this.window.show(Buffer.from(LEAVE_FULL_SCREEN), () => {})
    this.window.close()
  }

  /** Goes on with the shell, if it waits; `status`: of the command that made it wait. */
  answer(status: number): void {
    this.open()
    if (this.#isWaiting) this.#visit.go(status)
    this.#isWaiting = false
  }

  /** Ends the shell, which waits; resolves when what it has changed is back in the terminal. */
  async leave(): Promise<void> {
    this.#visit.leave()
    // A shell that another program has started ends, but that program knows nothing of it.
    const timer = setInterval(() => this.#visit.hangUpWithin(), PATIENCE)
    await this.left
    clearInterval(timer)
  }

  /**
   * Shows a line above the prompt; where nobody is at a prompt, at the next one. Not while labrun is asked for something:
   * what holds is different, or said already, when that is over.
   */
  async say(line: string): Promise<void> {
    const number = this.#forget()
    // The shell tells of its prompt before it is there.
    for (let tries = 0; tries < SAY_TRIES && !this.isBusy; tries++) {
      if (tries > 0) await delay(SAY_PAUSE)
      if (number !== this.#number || this.#isWaiting || (await this.#visit.say(line)) || this.#isWaiting) return
    }
    if (number === this.#number) this.#unsaid = line
  }

  /** What was to be said is old. */
  #forget(): number {
    this.#unsaid = undefined
    return ++this.#number
  }

  async #keys(bytes: Buffer): Promise<void> {
    this.#recorder.keys(bytes)
    if (bytes.includes(13)) this.#expectPrompt()
    await this.#visit.keys(bytes)
  }

  /** Whoever changes PROMPT_COMMAND takes labrun's sight; the shell finds out by itself when it is woken. */
  #expectPrompt(): void {
    clearTimeout(this.#silence)
    this.#silence = setTimeout(() => void this.#visit.wake(), SILENCE)
    this.#silence.unref()
  }

  #screen(bytes: Buffer, taken: () => void): void {
    this.#recorder.screen(bytes)
    this.window.show(bytes, taken)
  }

  #report(report: Report): void {
    if (report.kind === 'ask') {
      if (AT_THE_END.has(report.words[0] ?? '')) return
      this.#ask(report.words)
      return
    }
    const commands = this.#recorder.report(report, performance.now())
    if (report.kind === 'start') return
    clearTimeout(this.#silence)
    if (commands.length > 0) this.#forget()
    this.#listener.ended(commands, this)
    if (report.waits) this.#ask([report.waits])
    else if (this.#unsaid !== undefined) void this.say(this.#unsaid)
  }

  #ask(words: readonly string[]): void {
    this.#isWaiting = true
    this.close()
    this.#listener.asked(words, this)
  }
}

/** What the shell tells once more, when its command line has come to its end (visit.bash). */
const AT_THE_END: ReadonlySet<string> = new Set(['next', 'back', 'reset', 'follow', 'quit'])
