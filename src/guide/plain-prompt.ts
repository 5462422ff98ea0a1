import { once } from 'node:events'
import { sanitize } from '../sanitize.ts'
import { AskingEnded, askingEnds, canAsk } from './can-ask.ts'
import type { Choice } from './drawn-prompt.ts'
import { keyboard } from './keyboard.ts'

/**
 * Asks for a line. The terminal itself echoes and edits it: nothing is drawn, so a screen reader hears each letter once.
 * With `typedAhead`, lines that were typed before are offered first. Throws AskingEnded, as plainChoice does.
 */
export async function plainLine(message: string, typedAhead: boolean, signal?: AbortSignal): Promise<string> {
  if (!canAsk() || signal?.aborted) throw new AskingEnded()
  await keyboard.open({ keys: false })
  try {
    const [ahead] = typedAhead ? keyboard.lines : []
    if (ahead === undefined) return await readLine(message, signal)
    const answer = await readLine(`Typed ahead: ${ahead}\nEnter takes it. n: forget all that was typed ahead: `, signal)
    if (answer.trim() !== '' && !/^no?$/i.test(answer.trim())) return answer
    if (answer.trim() === '') keyboard.takeLine()
    else keyboard.takeAll()
    return answer.trim() === '' ? ahead : await readLine(message, signal)
  } finally {
    keyboard.close()
  }
}

/** Asks for one of several by its number; resolves to its name. */
export async function plainChoice(
  message: string,
  choices: readonly Choice[],
  initial: number,
  signal?: AbortSignal,
): Promise<string> {
  const lines = choices.map((choice, index) => `${index + 1}: ${choice.message}`)
  process.stdout.write(`${message}\n${lines.join('\n')}\n`)
  for (;;) {
    const answer = (await plainLine(`Type a number. Enter: ${initial + 1}: `, false, signal)).trim()
    const choice = choices[answer === '' ? initial : Number(answer) - 1]
    if (choice) return choice.name
    process.stdout.write(`There is no ${sanitize(answer)}; the numbers go from 1 to ${choices.length}.\n`)
  }
}

async function readLine(message: string, signal?: AbortSignal): Promise<string> {
  const done = new AbortController()
  const ended = Promise.race([
    // The terminal makes a signal of Ctrl-C, as no program reads the keys.
    once(process, 'SIGINT', { signal: done.signal }),
    askingEnds(signal, done.signal),
  ]).then(() => {
    throw new AskingEnded()
  })
  try {
    process.stdout.write(message)
    const read = new Promise<string>((resolve) => {
      let line = Buffer.alloc(0)
      keyboard.give((bytes) => {
        line = Buffer.concat([line, bytes])
        if (/[\r\n]$/.test(bytes.toString())) resolve(line.toString().replace(/[\r\n]$/, ''))
      })
    })
    return await Promise.race([read, ended])
  } finally {
    done.abort()
  }
}
