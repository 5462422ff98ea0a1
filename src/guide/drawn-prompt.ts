import { PassThrough } from 'node:stream'
import enquirer from 'enquirer'
import { painter, wantsColour } from '../paint.ts'
import { AskingEnded, askingEnds, canAsk } from './can-ask.ts'
import { keyboard } from './keyboard.ts'

export interface Choice {
  readonly name: string
  readonly message: string
}

/**
 * Asks for a line, with keys that edit it. With `typedAhead`, a line that was typed before stands there to be taken.
 * Throws AskingEnded, as drawnChoice does.
 */
export async function drawnLine(message: string, typedAhead: boolean, signal?: AbortSignal): Promise<string> {
  return await settle((stdin) => {
    const [line = ''] = typedAhead ? keyboard.lines : []
    if (!typedAhead) keyboard.keepForLater()
    else if (line === '') stdin.write(keyboard.takeAll())
    return new LineInput(message, line, stdin)
  }, signal)
}

/** Asks for one of several, to be chosen with the arrow keys; resolves to its name. */
export async function drawnChoice(
  message: string,
  choices: readonly Choice[],
  initial: number,
  signal?: AbortSignal,
): Promise<string> {
  const options = { name: 'choice', message, choices: [...choices], initial, styles: styles() }
  return await settle((stdin) => new Select({ ...options, stdin }), signal)
}

interface Prompt {
  input?: string
  state: { submitted: boolean; cancelled: boolean; prompt: string }
  clear(lines?: number): void
  restore(): void
  render(): Promise<void>
  run(): Promise<string>
  cancel(input?: string, key?: { readonly name?: string }): Promise<void>
  /** What was typed ahead is not wanted; false: nothing was. */
  forget?(): boolean
}

interface LinePrompt extends Prompt {
  input: string
  initial: string
  cursor: number
  reset(): Promise<void>
  next(): unknown
  submit(): Promise<void>
}

// Enquirer exports its prompts, but does not declare them.
const { Input, Select } = enquirer as unknown as {
  Input: new (options: object) => LinePrompt
  Select: new (options: object) => Prompt
}

/**
 * What was asked and answered is told by what follows; leaving it on the screen would say it twice. A line that was typed
 * ahead stands there as long as nothing else is typed: Enter takes it, Tab to edit it. What is typed instead comes before it.
 */
class LineInput extends Input {
  #ahead: string

  constructor(message: string, ahead: string, stdin: PassThrough) {
    const told = () => (this.#ahead ? aheadText(keyboard.lines.length - 1) : message)
    super({ name: 'line', message: told, initial: ahead, prefix: ' ', separator: '›', styles: styles(), stdin })
    this.#ahead = ahead
  }

  override async render(): Promise<void> {
    this.initial = this.input === '' ? this.#ahead : ''
    if (!this.state.submitted && !this.state.cancelled) return await super.render()
    this.clear()
    this.restore()
    process.stdout.write('\r\u001b[K')
  }

  override next(): unknown {
    if (!this.#takeAhead()) return super.next()
    return this.render()
  }

  override async submit(): Promise<void> {
    this.#takeAhead()
    await super.submit()
  }

  /** Escape is pressed by habit, and takes back what stands there. */
  override async cancel(input?: string, key?: { readonly name?: string }): Promise<void> {
    if (key?.name !== 'escape') return await super.cancel(input, key)
    this.forget()
    await this.reset()
  }

  override forget(): boolean {
    if (this.#ahead === '') return false
    keyboard.takeAll()
    this.#ahead = ''
    void this.reset()
    return true
  }

  /** Ctrl-U, which enquirer does not know. */
  undo(): void {
    this.input = this.input.slice(this.cursor)
    this.cursor = 0
    void this.render()
  }

  /** Enquirer stops before the last letter. */
  last(): void {
    this.cursor = this.input.length
    void this.render()
  }

  #takeAhead(): boolean {
    if (this.#ahead === '' || this.input !== '') return false
    keyboard.takeLine()
    this.input = this.#ahead
    this.cursor = this.input.length
    this.#ahead = ''
    return true
  }
}

/** It fits into 40 columns, if `more` lines do not wait. */
function aheadText(more: number): string {
  return `typed ahead${more > 0 ? ` (${more} more)` : ''} · Enter: take · Ctrl-C: not`
}

/** Enquirer's own colours are not made for every background, and know nothing of NO_COLOR. */
function styles() {
  const { accent, good, bad, warn, bold, dim } = painter(wantsColour())
  // The letter under the cursor that it draws would be black.
  const black = (text: string) => `\u001b[7m${text}\u001b[27m`
  const quiet = { muted: dim, dark: dim, disabled: dim, placeholder: dim, typing: dim }
  // It would derive these from the others, with what only its own colours can.
  const derived = { em: accent, heading: bold, info: accent }
  const all = { primary: accent, success: good, danger: bad, warning: warn, strong: bold, black, ...quiet, ...derived }
  // It colours what is not there too.
  return Object.fromEntries(
    Object.entries(all).map(([name, brush]) => [name, (text?: string) => (text ? brush(text) : '')]),
  )
}

const CTRL_C = Buffer.of(3)
const CTRL_D = Buffer.of(4)
const CTRL_Z = Buffer.of(26)

/** As the terminal itself does it while no program reads the keys. */
function suspend(prompt: Prompt): void {
  if (process.platform === 'win32') return
  const { stdin } = process
  stdin.setRawMode(false)
  process.once('SIGCONT', () => {
    stdin.setRawMode(true)
    void prompt.render()
  })
  process.kill(0, 'SIGTSTP')
}

/** Enquirer reads all that it is given, and forgets what follows an Enter; so it is given no more than one answer. */
async function settle(open: (stdin: PassThrough) => Prompt, signal: AbortSignal | undefined): Promise<string> {
  if (!canAsk() || signal?.aborted) throw new AskingEnded()
  await keyboard.open({ keys: true })
  const setRawMode = (isRaw: boolean | undefined) => process.stdin.setRawMode(isRaw ?? false)
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode })
  const done = new AbortController()
  try {
    const prompt = open(stdin)
    keyboard.give((bytes) => {
      // Enquirer stops to read after Ctrl-C, after Ctrl-Z, and after Ctrl-D where nothing was typed.
      if (bytes.equals(CTRL_C) && prompt.forget?.()) return
      if (bytes.equals(CTRL_Z)) suspend(prompt)
      else if (bytes.equals(CTRL_D) && !prompt.input) void prompt.cancel()
      else stdin.write(bytes)
    })
    // Enquirer itself would wait for ever when the terminal goes away.
    const ended = askingEnds(signal, done.signal).then(() => {
      void prompt.cancel().catch(() => {})
      throw new AskingEnded()
    })
    const answer = prompt.run().catch((error: unknown) => {
      if (error instanceof Error) throw error
      throw new AskingEnded()
    })
    return await Promise.race([answer, ended])
  } finally {
    done.abort()
    keyboard.close()
  }
}
