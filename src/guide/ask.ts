import enquirer from 'enquirer'

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

/** Asks for a line of text, which may be empty; the prompt takes itself away again. Throws AskingEnded. */
export async function askLine(message: string): Promise<string> {
  return await settle(() => new VanishingInput({ name: 'line', message, prefix: ' ', separator: '›' }).run())
}

/** Asks for one of several; resolves to its name. Throws AskingEnded. */
export async function askChoice(message: string, choices: readonly Choice[]): Promise<string> {
  const prompt = { type: 'select', name: 'choice', message, choices: [...choices] } as const
  return await settle(async () => (await enquirer.prompt<{ choice: string }>(prompt)).choice)
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
