import { createInterface, type Interface } from 'node:readline'
import { canAsk } from '../guide/can-ask.ts'
import { sanitize } from '../sanitize.ts'
import { type Author, SESSION_HELP } from './session.ts'

/** Reads lines from a terminal, or from a pipe; then each line is shown as if it had been typed. */
export class LineAuthor implements Author {
  onInterrupt: () => void = () => {}
  readonly #isTerminal = canAsk()
  readonly #lines: string[] = []
  readonly #input: Interface
  #waiting: ((line: string | undefined | null) => void) | undefined
  #isClosed = false
  #isMidLine = false

  constructor(signal: AbortSignal) {
    this.#input = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: this.#isTerminal,
      historySize: 1000,
    })
    this.#input.on('line', (line) => {
      this.#lines.push(line)
      this.#give()
    })
    this.#input.on('close', () => {
      this.#isClosed = true
      this.#give()
    })
    this.#input.on('SIGINT', () => this.#interrupted())
    signal.addEventListener('abort', () => this.close())
  }

  greet(world: string): void {
    if (!this.#isTerminal) return
    this.say(
      `You are root on \`host\`, in a world of its own (${world}). Work as usual; what you do is recorded.\n${SESSION_HELP}\n`,
    )
  }

  async line({ terminal, pending }: Parameters<Author['line']>[0]): Promise<string | undefined | null> {
    if (this.#isMidLine) this.output('\n')
    const prompt = pending ? '> ' : `${terminal === 'main' ? '' : terminal}# `
    const line = await new Promise<string | undefined | null>((resolve) => {
      this.#waiting = resolve
      if (this.#isTerminal && this.#lines.length === 0 && !this.#isClosed) {
        this.#input.setPrompt(prompt)
        this.#input.prompt()
      }
      this.#give()
    })
    if (typeof line === 'string' && !this.#isTerminal) this.output(`${prompt}${sanitize(line)}\n`)
    return line
  }

  output(text: string): void {
    process.stdout.write(text)
    this.#isMidLine = !text.endsWith('\n')
  }

  say(text: string): void {
    if (this.#isMidLine) this.output('\n')
    this.output(`${sanitize(text)}\n`)
  }

  close(): void {
    this.#input.close()
  }

  #give(): void {
    if (!this.#waiting || (this.#lines.length === 0 && !this.#isClosed)) return
    const give = this.#waiting
    this.#waiting = undefined
    give(this.#lines.shift())
  }

  /** At the prompt, Ctrl-C takes away what was typed, as in any shell. */
  #interrupted(): void {
    const give = this.#waiting
    if (!give) {
      this.onInterrupt()
      return
    }
    this.#waiting = undefined
    this.#input.write(null, { ctrl: true, name: 'e' })
    this.#input.write(null, { ctrl: true, name: 'u' })
    give(null)
  }
}
