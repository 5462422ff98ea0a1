import { setImmediate as nextTurn } from 'node:timers/promises'
import { withoutEscapes } from '../sanitize.ts'

/**
 * What a person types, for one prompt at a time. Each gets what is typed up to one Enter; what was typed before it, or in one
 * go with it, waits: a command that was typed while another one ran is not the answer to a question that came meanwhile.
 */
class Keyboard {
  #ahead = Buffer.alloc(0)
  #take: ((bytes: Buffer) => void) | undefined

  /** Begins to read; what was typed until now is typed ahead. With `keys` each key is read by itself, else whole lines. */
  async open({ keys }: { readonly keys: boolean }): Promise<void> {
    const { stdin } = process
    if (keys) stdin.setRawMode(true)
    stdin.on('data', this.#read).resume()
    // A turn of the event loop reads what the terminal gives at once, which may be a single line.
    for (let known = -1; known < this.#ahead.length; ) {
      known = this.#ahead.length
      await nextTurn()
      await nextTurn()
    }
  }

  /** From now on what is typed goes to a prompt, up to and with one Enter. */
  give(take: (bytes: Buffer) => void): void {
    this.#take = take
  }

  close(): void {
    const { stdin } = process
    this.#take = undefined
    stdin.off('data', this.#read).pause()
    if (stdin.isRaw) stdin.setRawMode(false)
  }

  /** The lines that were typed ahead, as they can be shown. Enter alone counts for nothing: it was pressed at something else. */
  get lines(): readonly string[] {
    const whole = this.#ahead
      .toString()
      .split(/[\r\n]/)
      .slice(0, -1)
    return whole.map(printable).filter((line) => line.trim() !== '')
  }

  /** The first of these lines is wanted now. */
  takeLine(): void {
    for (let isTaken = false; !isTaken; ) {
      const end = endOfLine(this.#ahead)
      isTaken = end === 0 || printable(this.#ahead.subarray(0, end).toString()).trim() !== ''
      this.#ahead = this.#ahead.subarray(end)
    }
  }

  /** All that was typed ahead, as it was typed. */
  takeAll(): Buffer {
    const all = this.#ahead
    this.#ahead = Buffer.alloc(0)
    return all
  }

  /** What was typed ahead waits for another prompt; a line that was begun is one of its own then. */
  keepForLater(): void {
    if (this.#ahead.length > 0) this.#ahead = Buffer.concat([this.#ahead, Buffer.from('\n')])
  }

  readonly #read = (bytes: Buffer) => {
    const take = this.#take
    const end = take ? endOfLine(bytes) || bytes.length : 0
    if (endOfLine(bytes) > 0) this.#take = undefined
    this.#ahead = Buffer.concat([this.#ahead, bytes.subarray(end)])
    take?.(bytes.subarray(0, end))
  }
}

/** The terminal that labrun was started in has one. */
export const keyboard = new Keyboard()

/** Where the first line ends, after its Enter; 0 where it does not. */
function endOfLine(bytes: Buffer): number {
  return bytes.findIndex((byte) => byte === 10 || byte === 13) + 1
}

function printable(text: string): string {
  return withoutEscapes(text).replaceAll(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
}
