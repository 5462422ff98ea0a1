import { once } from 'node:events'
import { startLabrun } from '../support/labrun.ts'

const started = new Set<Running>()

/** A labrun that runs beside the test; what it prints on both streams is kept together. */
export class Running {
  output = ''
  readonly #child: ReturnType<typeof startLabrun>
  readonly #ended: Promise<number | null>
  #onOutput: () => void = () => {}

  constructor(env: Readonly<Record<string, string>>, ...words: readonly string[]) {
    this.#child = startLabrun({ env }, ...words)
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text
        this.#onOutput()
      })
    }
    this.#ended = once(this.#child, 'close').then(([status]) => status as number | null)
    started.add(this)
    void this.#ended.finally(() => {
      started.delete(this)
      this.#onOutput()
    })
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Resolves when this was printed; rejects when it ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.output)
      if (found) return found
      const ended = !started.has(this)
      if (ended) throw new Error(`it ended without ${pattern}:\n${this.output}`)
      await new Promise<void>((resolve) => {
        this.#onOutput = resolve
      })
    }
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }

  /** Null after a signal. */
  async end(): Promise<number | null> {
    return await this.#ended
  }
}

/** Ends what a test that failed has left running. */
export async function endAll(): Promise<void> {
  const left = [...started]
  for (const one of left) one.kill('SIGKILL')
  await Promise.all(left.map((one) => one.end()))
}
