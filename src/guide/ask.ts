import { once } from 'node:events'
import { createInterface } from 'node:readline'
import enquirer from 'enquirer'
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

/** Asks for a line of text, which may be empty; the prompt takes itself away again (not if plain). Throws AskingEnded. */
export async function askLine(message: string): Promise<string> {
  if (isPlain()) return await askPlainly(`${message.replaceAll(' · ', '. ')}: `)
  return await settle(() => new VanishingInput({ name: 'line', message, prefix: ' ', separator: '›' }).run())
}

/** Asks for one of several, and suggests the `initial`; resolves to the name of one. Throws AskingEnded. */
export async function askChoice(message: string, choices: readonly Choice[], initial = 0): Promise<string> {
  if (isPlain()) return await askNumber(message, choices, initial)
  const prompt = { type: 'select', name: 'choice', message, choices: [...choices], initial } as const
  return await settle(async () => (await enquirer.prompt<{ choice: string }>(prompt)).choice)
}

async function askNumber(message: string, choices: readonly Choice[], initial: number): Promise<string> {
  const lines = choices.map((choice, index) => `${index + 1}: ${choice.message}`)
  process.stdout.write(`${message}\n${lines.join('\n')}\n`)
  for (;;) {
    const answer = (await askPlainly(`Type a number. Enter: ${initial + 1}: `)).trim()
    const choice = choices[answer === '' ? initial : Number(answer) - 1]
    if (choice) return choice.name
    process.stdout.write(`There is no ${sanitize(answer)}; the numbers go from 1 to ${choices.length}.\n`)
  }
}

/** The terminal itself echoes and edits the line: nothing is drawn, so a screen reader hears each letter once. */
async function askPlainly(message: string): Promise<string> {
  if (!canAsk()) throw new AskingEnded()
  const lines = createInterface({ input: process.stdin, terminal: false })
  const done = new AbortController()
  const ended = Promise.race([
    // The terminal makes a signal of Ctrl-C, as no program reads the keys.
    once(process, 'SIGINT', { signal: done.signal }),
    once(lines, 'close', { signal: done.signal }),
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

interface InputPrompt {
  state: { submitted: boolean; cancelled: boolean; prompt: string }
  clear(lines?: number): void
  restore(): void
  render(): Promise<void>
  run(): Promise<string>
}

// Enquirer exports its prompts, but does not declare them.
const { Input } = enquirer as unknown as { Input: new (options: object) => InputPrompt }

/** What was asked and answered is told by what follows; leaving it on the screen would say it twice. */
class VanishingInput extends Input {
  override async render(): Promise<void> {
    if (!this.state.submitted && !this.state.cancelled) return await super.render()
    this.clear()
    this.restore()
    process.stdout.write('\r\u001b[K')
  }
}

async function settle<T>(ask: () => Promise<T>): Promise<T> {
  if (!canAsk()) throw new AskingEnded()
  let gone: (() => void) | undefined
  // Enquirer itself would wait for ever when the terminal goes away.
  const closed = new Promise<never>((_, reject) => {
    gone = () => reject(new AskingEnded())
    process.stdin.once('end', gone).once('close', gone)
  })
  try {
    return await Promise.race([
      ask().catch((error: unknown) => {
        if (error instanceof Error) throw error
        throw new AskingEnded()
      }),
      closed,
    ])
  } finally {
    if (gone) process.stdin.off('end', gone).off('close', gone)
  }
}
