/** What can be asked of labrun at its prompts. */
const WORDS = ['check', 'hint', 'why', 'solution', 'next', 'map', 'reset', 'back', 'do', 'follow', 'help'] as const

export type Word = (typeof WORDS)[number]

/** What was asked for. */
export interface Wanted {
  readonly word: Word
  /** It was asked for by its letter. */
  readonly isLetter: boolean
  /** `map on` and `map off`. */
  readonly choice: 'on' | 'off' | undefined
}

const LETTERS: Readonly<Record<string, Word>> = {
  '?': 'help',
  h: 'hint',
  s: 'solution',
  m: 'map',
  b: 'back',
  r: 'reset',
  d: 'do',
}

/** What an answer asks labrun for; undefined: it is something else, as is everything that begins with a blank. */
export function wanted(answer: string): Wanted | undefined {
  const [first = '', choice, ...rest] = answer.split(/\s+/)
  const letter = Object.hasOwn(LETTERS, first) ? LETTERS[first] : undefined
  const word = letter ?? WORDS.find((one) => one === first)
  if (!word || rest.length > 0) return undefined
  if (choice === undefined) return { word, isLetter: letter !== undefined && first !== '?', choice }
  if (word !== 'map' || (choice !== 'on' && choice !== 'off')) return undefined
  return { word, isLetter: false, choice }
}
