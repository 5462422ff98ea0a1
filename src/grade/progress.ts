import { sanitize } from '../sanitize.ts'
import { inTime } from '../verify/estimate.ts'

/** Where progress is told: one line again and again on a terminal, else a line from time to time. */
export interface ProgressSink {
  write(text: string): unknown
  readonly isTerminal: boolean
  /** Columns. */
  readonly width: number
}

/** Milliseconds between two lines where there is no terminal. */
const PAUSE = 10_000

/** Tells how many of a class are graded, and how long the rest will take. */
export class GradeProgress {
  readonly #sink: ProgressSink
  readonly #total: number
  readonly #start = performance.now()
  #done = 0
  #notGraded = 0
  #told = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(sink: ProgressSink, total: number) {
    this.#sink = sink
    this.#total = total
    if (!sink.isTerminal || total === 0) return
    this.#timer = setInterval(() => this.#draw(), 500)
    this.#timer.unref()
  }

  /** One more; `who` and `what` only where there is something to say of it. */
  one(who: string, trouble: string | null): void {
    this.#done++
    if (trouble !== null) {
      this.#notGraded++
      this.say(`${who}: ${trouble}`)
    }
    if (this.#sink.isTerminal) this.#draw()
    else if (performance.now() - this.#told > PAUSE || this.#done === this.#total) {
      this.#told = performance.now()
      this.say(this.#text())
    }
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.#sink.isTerminal) this.#sink.write('\r\u001b[K')
    this.#sink.write(`labrun: ${sanitize(text).replaceAll(/\s+/g, ' ')}\n`)
  }

  end(): void {
    clearInterval(this.#timer)
    if (this.#timer) this.#sink.write('\r\u001b[K')
  }

  #draw(): void {
    this.#sink.write(`\r\u001b[K${this.#text().slice(0, this.#sink.width - 1)}`)
  }

  #text(): string {
    const left = this.#total - this.#done
    const each = (performance.now() - this.#start) / Math.max(1, this.#done)
    const estimate = left === 0 || this.#done === 0 ? '' : `, ${inTime(each * left)}`
    const open = this.#notGraded > 0 ? `, ${this.#notGraded} without a grade` : ''
    return `graded ${this.#done} of ${this.#total}${open}${estimate}`
  }
}

export function standardError(): ProgressSink {
  const { stderr, env } = process
  return {
    write: (text) => stderr.write(text),
    isTerminal: stderr.isTTY === true && env.TERM !== 'dumb',
    width: stderr.columns ?? 80,
  }
}
