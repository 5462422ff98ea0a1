import { wanted } from '../words.ts'
import type { OwnCommand } from './recorder.ts'

/** The commands to labrun in a shell of the student's own; each is also `labrun WORD`. */
export const WORDS = [
  'check',
  'hint',
  'solution',
  'why',
  'next',
  'back',
  'map',
  'reset',
  'window',
  'follow',
  'quit',
  'help',
]

/** Those that are for the other windows too. */
const OF_OTHERS = ['check', 'why', 'map', 'window', 'help']

/**
 * What to say to a student who has typed what is typed at labrun's own prompts, such as `d`, and there is no such command; undefined:
 * it is something else, or is not for this window.
 */
export function wordInstead({ text, exit }: OwnCommand, isFirst: boolean): string | undefined {
  const typed = text.trim()
  // To bash `do` is the middle of a loop.
  if (exit !== NOT_FOUND && !(typed === 'do' && exit === SYNTAX_ERROR)) return undefined
  const asked = wanted(typed)
  if (asked?.word === 'do') return 'This shell is your own already. help: what can be typed'
  const word = Object.hasOwn(LETTERS, typed)
    ? LETTERS[typed]
    : asked?.isLetter || typed === '?'
      ? asked?.word
      : undefined
  if (word === undefined || !(isFirst || OF_OTHERS.includes(word))) return undefined
  return `Here it is the whole word: ${word}`
}

const NOT_FOUND = 127
const SYNTAX_ERROR = 2

/** Those that are no words to ask for something. */
const LETTERS: Readonly<Record<string, string>> = { q: 'quit', g: 'next' }
