import { once } from 'node:events'
import { createInterface } from 'node:readline'
import enquirer from 'enquirer'
import { painter, wantsColour } from '../paint.ts'
import { isPlain } from '../plain.ts'
import { sanitize } from '../sanitize.ts'

/** Nobody can be asked any more: Ctrl-C at a prompt, or the terminal is gone. */
export class AskingEnded extends Error {
  constructor() {
    super('the prompt was closed')
    this.name = 'AskingEnded'
  }
}

export interface Choice {
  readonly name: string
  readonly message: string
}

/** Whether there is a person at a terminal who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

/**
 * Asks for a line of text, which may be empty; the prompt takes itself away again (not if plain). Throws AskingEnded, also
 * when `signal` says that labrun is to end.
 */
export async function askLine(message: string, signal?: AbortSignal): Promise<string> {
  if (isPlain())
    return await askPlainly(`${message.replaceAll(' · ', '. ').replace('?: help', 'Type ? for help')}: `, signal)
  return await settle(
    new VanishingInput({ name: 'line', message, prefix: ' ', separator: '›', styles: styles() }),
    signal,
  )
}

/** The same in a lesson, where blanks count only before a command; undefined: the student wants to leave. */
export async function askOrQuit(message: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const line = await askLine(message, signal)
    if (/^q(uit)?$/.test(line.trimEnd())) return undefined
    return line.startsWith(' ') ? line : line.trim()
  } catch (error) {
    if (error instanceof AskingEnded) return undefined
    throw error
  }
}

/** Asks for one of several, and suggests the `initial`; resolves to the name of one. Throws AskingEnded, as askLine does. */
export async function askChoice(
  message: string,
  choices: readonly Choice[],
  initial = 0,
  signal?: AbortSignal,
): Promise<string> {
  if (isPlain()) return await askNumber(message, choices, initial, signal)
  return await settle(new Select({ name: 'choice', message, choices: [...choices], initial, styles: styles() }), signal)
}

async function askNumber(message: string, choices: readonly Choice[], initial: number, signal?: AbortSignal) {
  const lines = choices.map((choice, index) => `${index + 1}: ${choice.message}`)
  process.stdout.write(`${message}\n${lines.join('\n')}\n`)
  for (;;) {
    const answer = (await askPlainly(`Type a number. Enter: ${initial + 1}: `, signal)).trim()
    const choice = choices[answer === '' ? initial : Number(answer) - 1]
    if (choice) return choice.name
    process.stdout.write(`There is no ${sanitize(answer)}; the numbers go from 1 to ${choices.length}.\n`)
  }
}

/** The terminal itself echoes and edits the line: nothing is drawn, so a screen reader hears each letter once. */
async function askPlainly(message: string, signal?: AbortSignal): Promise<string> {
  if (!canAsk() || signal?.aborted) throw new AskingEnded()
  const lines = createInterface({ input: process.stdin, terminal: false })
  const done = new AbortController()
  const ended = Promise.race([
    // The terminal makes a signal of Ctrl-C, as no program reads the keys.
    once(process, 'SIGINT', { signal: done.signal }),
    once(lines, 'close', { signal: done.signal }),
    ...(signal ? [once(signal, 'abort', { signal: done.signal })] : []),
  ]).then(() => {
    throw new AskingEnded()
  })
  try {
    process.stdout.write(message)
    const [line] = await Promise.race([once(lines, 'line', { signal: done.signal }), ended])
    return String(line)
  } finally {
    done.abort()
    lines.close()
  }
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

interface Prompt {
  state: { submitted: boolean; cancelled: boolean; prompt: string }
  clear(lines?: number): void
  restore(): void
  render(): Promise<void>
  run(): Promise<string>
  cancel(): Promise<void>
}

// Enquirer exports its prompts, but does not declare them.
const { Input, Select } = enquirer as unknown as Record<'Input' | 'Select', new (options: object) => Prompt>

/** What was asked and answered is told by what follows; leaving it on the screen would say it twice. */
class VanishingInput extends Input {
  override async render(): Promise<void> {
    if (!this.state.submitted && !this.state.cancelled) return await super.render()
    this.clear()
    this.restore()
    process.stdout.write('\r\u001b[K')
  }
}

async function settle(prompt: Prompt, signal: AbortSignal | undefined): Promise<string> {
  if (!canAsk() || signal?.aborted) throw new AskingEnded()
  let gone: () => void = () => {}
  // Enquirer itself would wait for ever when the terminal goes away.
  const closed = new Promise<never>((_, reject) => {
    gone = () => {
      reject(new AskingEnded())
      // It lets go of the keyboard, so that labrun can end.
      void prompt.cancel().catch(() => {})
    }
    process.stdin.once('end', gone).once('close', gone)
    signal?.addEventListener('abort', gone, { once: true })
  })
  try {
    return await Promise.race([
      prompt.run().catch((error: unknown) => {
        if (error instanceof Error) throw error
        throw new AskingEnded()
      }),
      closed,
    ])
  } finally {
    process.stdin.off('end', gone).off('close', gone)
    signal?.removeEventListener('abort', gone)
  }
}
