import { isPlain } from '../plain.ts'
import { AskingEnded } from './can-ask.ts'
import { type Choice, drawnChoice, drawnLine } from './drawn-prompt.ts'
import { plainChoice, plainLine } from './plain-prompt.ts'

/**
 * Asks for a line of text, which may be empty; the prompt takes itself away again (not if plain). What was typed before the
 * prompt was there is no answer to it, and waits. Throws AskingEnded, also when `signal` says that labrun is to end.
 */
export async function askLine(message: string, signal?: AbortSignal): Promise<string> {
  return await ask(message, false, signal)
}

/**
 * The same in a lesson, where blanks count only before a command; undefined: the student wants to leave. What was typed ahead
 * is offered here, to be taken with Enter or not, unless something else is asked (`isAside`).
 */
export async function askOrQuit(message: string, isAside: boolean, signal: AbortSignal): Promise<string | undefined> {
  try {
    const line = await ask(message, !isAside, signal)
    if (/^q(uit)?$/.test(line.trimEnd())) return undefined
    return line.startsWith(' ') && line.trim() !== '' ? line : line.trim()
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
  return await (isPlain() ? plainChoice : drawnChoice)(message, choices, initial, signal)
}

async function ask(message: string, typedAhead: boolean, signal?: AbortSignal): Promise<string> {
  if (!isPlain()) return await drawnLine(message, typedAhead, signal)
  const words = message.replaceAll(' · ', '. ').replace('?: help', 'Type ? for help')
  return await plainLine(`${words}: `, typedAhead, signal)
}
