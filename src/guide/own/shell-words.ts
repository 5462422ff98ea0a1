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

/**
 * What to say to a student who has typed what is typed at labrun's own prompts, such as `d`, and there is no such command; undefined:
 * it is something else.
 */
export function wordInstead({ text, exit }: OwnCommand): string | undefined {
  const typed = text.trim()
  // To bash `do` is the middle of a loop.
  if (exit !== NOT_FOUND && !(typed === 'do' && exit === SYNTAX_ERROR)) return undefined
  const word = Object.hasOwn(LETTERS, typed) ? LETTERS[typed] : wanted(typed)?.word
  if (word === undefined) return undefined
  return word === 'do'
    ? 'This shell is your own already. help: what can be typed'
    : `Here it is the whole word: ${word}`
}

const NOT_FOUND = 127
const SYNTAX_ERROR = 2

/** Those that are no words to ask for something. */
const LETTERS: Readonly<Record<string, string>> = { q: 'quit', g: 'next' }
