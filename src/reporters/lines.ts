import { sanitize } from '../sanitize.ts'
import type { Sink } from './reporter.ts'

/** Lines on a sink, between output that comes in pieces, and what is said only while something is waited for. */
export class Lines {
  readonly #sink: Sink
  #transient = false
  #midLine = false

  constructor(sink: Sink) {
    this.#sink = sink
  }

  line(line: string): void {
    this.#clear()
    if (this.#midLine) this.#sink.write('\n')
    this.#midLine = false
    this.#sink.write(`${line}\n`)
  }

  /** What a program prints, indented; it may stop within a line. */
  output(output: string): void {
    this.#clear()
    let shown = ''
    for (const [index, part] of output.split('\n').entries()) {
      if (index > 0) {
        shown += '\n'
        this.#midLine = false
      }
      if (part !== '') {
        shown += this.#midLine ? part : `    ${part}`
        this.#midLine = true
      }
    }
    this.#sink.write(shown)
  }

  /** Taken away again by what is written next; only where lines can be rewritten. */
  waiting(label: string, paint: (text: string) => string): void {
    if (!this.#sink.live) return
    this.#clear()
    this.#sink.write(paint(`  … ${sanitize(label).slice(0, Math.max(10, this.#sink.width - 8))}`))
    this.#transient = true
  }

  #clear(): void {
    if (this.#transient) this.#sink.write('\r\u001b[K')
    this.#transient = false
  }
}
