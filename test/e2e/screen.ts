import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type IPty, spawn } from '@lydell/node-pty'
import xterm from '@xterm/headless'

export const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** The built labrun on a real pseudo-terminal, and what a person would see on its screen. */
export class Screen {
  readonly #pty: IPty
  readonly #terminal: InstanceType<typeof xterm.Terminal>
  readonly ended: Promise<number>

  constructor(args: readonly string[], env: Readonly<Record<string, string>>, cols = 80, rows = 24) {
    this.#terminal = new xterm.Terminal({ cols, rows, scrollback: 5000, allowProposedApi: true })
    this.#pty = spawn(process.execPath, [CLI, ...args], {
      cols,
      rows,
      name: 'xterm-256color',
      env: { ...process.env, ...env },
    })
    this.#pty.onData((text) => this.#terminal.write(text))
    this.ended = new Promise((resolve) => this.#pty.onExit(({ exitCode }) => resolve(exitCode)))
  }

  type(text: string): void {
    this.#pty.write(text)
  }

  resize(cols: number, rows: number): void {
    this.#terminal.resize(cols, rows)
    this.#pty.resize(cols, rows)
  }

  /** As a power cut does. */
  kill(): void {
    this.#pty.kill('SIGKILL')
  }

  /** Everything printed so far, as lines without trailing blanks. */
  text(): string {
    const { active } = this.#terminal.buffer
    const lines = Array.from({ length: active.length }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
    return lines.join('\n').trimEnd()
  }

  /** Waits until the screen shows something; throws with what it shows instead. */
  async shows(what: string | RegExp, timeout = 15_000): Promise<void> {
    const end = Date.now() + timeout
    while (!(typeof what === 'string' ? this.text().includes(what) : what.test(this.text()))) {
      if (Date.now() > end) throw new Error(`not on the screen: ${what}\n${this.text()}`)
      await delay(20)
    }
  }

  /** Waits for the prompt below the given text, then types. */
  async answer(after: string | RegExp, text: string): Promise<void> {
    await this.shows(after)
    await this.shows(/›\s*$/)
    this.type(text)
  }

  close(): void {
    this.#pty.kill('SIGHUP')
  }
}
