import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { Output } from './output.ts'
import type { Probes } from './probes.ts'

/** A block that runs beside the others until it is ended. */
export class Background {
  readonly token = randomBytes(8).toString('hex')
  /** Its exit status, once it has ended by itself. */
  status: number | undefined
  /** False: the terminal's shell did not take it, and was ended. */
  hasStarted = true
  readonly #probes: Probes
  readonly #output: Output
  #isLetBe = false

  constructor(probes: Probes, onOutput: (text: string) => void) {
    this.#probes = probes
    this.#output = new Output(onOutput)
  }

  onOutput(bytes: Buffer): void {
    this.#output.write(bytes)
  }

  onDiscarded(count: number): void {
    this.#output.discard(count)
  }

  onDone(_token: string, status: number): void {
    if (!this.#isLetBe) this.status = status
  }

  /** From here on it may end by itself or not: it counts as what has not. */
  letBe(): void {
    this.#isLetBe = true
  }

  /** Ends all its processes, with SIGTERM and then SIGKILL; resolves to what it had printed. */
  async end(): Promise<{ text: string; dropped: number }> {
    let left = await this.#probes.endBackground(this.token, 'TERM')
    for (let turn = 0; left > 0 && turn < 25; turn++) {
      await delay(20)
      left = await this.#probes.endBackground(this.token, '0')
    }
    for (let turn = 0; left > 0 && turn < 25; turn++) left = await this.#probes.endBackground(this.token, 'KILL')
    return this.#output.take()
  }
}
