import type { VmStage } from '../machine/virtual-machine.ts'
import { isPlain } from '../plain.ts'
import { sanitize } from '../sanitize.ts'

/**
 * Tells on standard error what is being waited for: on a terminal one line with the time that has passed and that is left,
 * else a line for each stage.
 */
export class Waiting {
  readonly #isTerminal = process.stderr.isTTY === true && !isPlain()
  #stage: VmStage | undefined
  #since = 0
  #timer: NodeJS.Timeout | undefined

  show(stage: VmStage): void {
    if (stage.what === this.#stage?.what) return
    if (!this.#stage) this.#since = performance.now()
    this.#stage = stage
    if (!this.#isTerminal) process.stderr.write(`labrun: ${line(stage.what)} …\n`)
    else {
      this.#timer ??= setInterval(() => this.#draw(), 1000)
      this.#draw()
    }
  }

  /** Nothing is waited for any more: the line is taken away. */
  end(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    if (this.#stage && this.#isTerminal) process.stderr.write('\r\u001b[K')
    this.#stage = undefined
  }

  /** A line that stays. */
  say(text: string): void {
    if (this.#stage && this.#isTerminal) process.stderr.write('\r\u001b[K')
    process.stderr.write(`labrun: ${line(text)}\n`)
  }

  #draw(): void {
    const { what, seconds } = this.#stage!
    const passed = Math.round((performance.now() - this.#since) / 1000)
    const time = `${clock(passed)}${seconds === undefined ? '' : `, ${left(seconds - passed)}`}`
    const width = (process.stderr.columns ?? 80) - 1
    process.stderr.write(`\r\u001b[K${line(what).slice(0, Math.max(width - time.length - 3, 10))} · ${time}`)
  }
}

function left(seconds: number): string {
  return seconds > 0 ? `about ${clock(seconds)} left` : 'longer than the last time'
}

function clock(seconds: number): string {
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

function line(text: string): string {
  return sanitize(text).replaceAll(/\s+/g, ' ')
}
