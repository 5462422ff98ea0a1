import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface ScreenOptions {
  readonly cols?: number
  readonly rows?: number
  /** The program and its first words, before labrun's own command line: `unshare -m …`. */
  readonly through?: readonly string[]
}

/** The built labrun on a real pseudo-terminal, and what a person would see on its screen. */
export class Screen {
  readonly #pty: IPty
  readonly terminal: InstanceType<typeof xterm.Terminal>
  readonly ended: Promise<number>
  /** Everything that was written to the terminal, with its escape sequences. */
  raw = ''
  #typedAt = 0

  constructor(
    args: readonly string[],
    env: Readonly<Record<string, string>>,
    { cols = 80, rows = 24, through = [] }: ScreenOptions = {},
  ) {
    this.terminal = new xterm.Terminal({ cols, rows, scrollback: 5000, allowProposedApi: true })
    const [program, ...words] = [...through, process.execPath, CLI, ...args]
    // Neither the colours nor the environment of a CI system are wanted by accident.
    const { FORCE_COLOR: _colour, NO_COLOR: _none, ...own } = process.env
    this.#pty = spawn(program!, words, { cols, rows, name: env.TERM ?? 'xterm-256color', env: { ...own, ...env } })
    this.#pty.onData((text) => {
      this.raw += text
      this.terminal.write(text)
    })
    this.ended = new Promise((resolve) => this.#pty.onExit(({ exitCode }) => resolve(exitCode)))
  }

  get pid(): number {
    return this.#pty.pid
  }

  type(text: string): void {
    this.#typedAt = this.raw.length
    this.#pty.write(text)
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows)
    this.#pty.resize(cols, rows)
  }

  /** Everything printed so far, as lines without trailing blanks. */
  text(): string {
    const { active } = this.terminal.buffer
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
    return lines.join('\n').trimEnd()
  }

  /** Waits until the screen shows something; throws with what it shows instead. */
  async shows(what: string | RegExp, timeout = 45_000): Promise<void> {
    const end = Date.now() + timeout
    while (!(typeof what === 'string' ? this.text().includes(what) : what.test(this.text()))) {
      if (Date.now() > end) throw new Error(`not on the screen: ${what}\n${this.text()}`)
      await delay(20)
    }
  }

  /** Waits for the prompt below the given text, then types. */
  async answer(after: string | RegExp, text: string): Promise<void> {
    await this.shows(after)
    await this.#answered()
    await this.#asks()
    this.type(text)
  }

  /** The prompt is there: what is typed before it is no answer. A line of text may end with a colon too, but not with a blank. */
  async #asks(): Promise<void> {
    const end = Date.now() + 45_000
    while (!/›\s*$/.test(this.text()) && !/[:.?] $/.test(this.raw)) {
      if (Date.now() > end) throw new Error(`nothing is asked:\n${this.text()}`)
      await delay(20)
    }
  }

  /** The prompt at which was typed last has gone, or the terminal has gone on to the next line. */
  async #answered(): Promise<void> {
    const end = Date.now() + 45_000
    while (this.#typedAt > 0 && !/\r\u001b\[K|\n/.test(this.raw.slice(this.#typedAt))) {
      if (Date.now() > end) throw new Error(`what was typed was not taken:\n${this.text()}`)
      await delay(20)
    }
  }

  /** Waits for the text, then until labrun has ended; resolves to its exit status. */
  async ends(after: string | RegExp): Promise<number> {
    await this.shows(after)
    return await this.ended
  }

  /** Ends labrun at once, as a power cut would. */
  kill(): void {
    this.#pty.kill('SIGKILL')
  }

  /** Closes the window. */
  close(): void {
    this.#pty.kill('SIGHUP')
  }
}
