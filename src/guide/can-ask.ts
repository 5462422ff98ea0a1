/** Nobody can be asked any more: Ctrl-C at a prompt, or the terminal is gone. */
export class AskingEnded extends Error {
  constructor() {
    super('the prompt was closed')
    this.name = 'AskingEnded'
  }
}

/** Whether there is a person at a terminal who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true
}

/** Resolves when asking is over because the terminal is gone or `signal` says that labrun is to end; `done` ends the waiting. */
export async function askingEnds(signal: AbortSignal | undefined, done: AbortSignal): Promise<void> {
  if (signal?.aborted) return
  const { stdin } = process
  await new Promise<void>((resolve) => {
    const end = () => resolve()
    stdin.once('end', end).once('close', end)
    signal?.addEventListener('abort', end, { once: true, signal: done })
    done.addEventListener('abort', () => stdin.off('end', end).off('close', end), { once: true })
  })
}
