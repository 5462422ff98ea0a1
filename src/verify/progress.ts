import { sanitize } from '../sanitize.ts'
import { type Estimate, inTime } from './estimate.ts'

/** A terminal on which one line is written again and again. */
export interface ProgressTerminal {
  write(text: string): unknown
  /** Columns. */
  readonly width: number
}

/** Tells what is being proven and how long it will take, in one line that is taken away before anything else is said. */
export class ProgressLine {
  readonly #terminal: ProgressTerminal | undefined
  readonly #estimate: Estimate
  readonly #planned: number
  #done = 0
  #timer: NodeJS.Timeout | undefined

  /** Without a terminal nothing is ever written. */
  constructor(terminal: ProgressTerminal | undefined, estimate: Estimate, planned: number) {
    this.#terminal = terminal
    this.#estimate = estimate
    this.#planned = planned
    if (!terminal) return
    this.#timer = setInterval(() => this.show(), 500)
    this.#timer.unref()
  }

  show(): void {
    this.#terminal?.write(`\r\u001b[K${this.#text().slice(0, this.#terminal.width - 1)}`)
  }

  /** Says something above the line. */
  above(say: () => void): void {
    this.#terminal?.write('\r\u001b[K')
    say()
  }

  labDone(): void {
    this.#done++
  }

  end(): void {
    clearInterval(this.#timer)
    this.#terminal?.write('\r\u001b[K')
  }

  #text(): string {
    const running = this.#estimate.running.map(({ name, share }) => `${sanitize(name)} ${Math.floor(share * 100)} %`)
    const left = this.#estimate.left()
    const parts = [`… ${this.#done} of ${this.#planned}`, ...running, ...(left === undefined ? [] : [inTime(left)])]
    return parts.join(' · ')
  }
}
