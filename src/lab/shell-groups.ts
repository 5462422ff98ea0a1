import { withoutJoins } from './shell-words.ts'

/** Where in a list, a header or a condition the reader stands: it decides what the next token may be. */
export type Place =
  // A command may begin; it must begin, as after `&&`; it may, after `!` or `time`.
  | 'start'
  | 'must'
  | 'prefixed'
  // In a simple command: after assignments or redirections, after its first word, after more, after `declare` and such.
  | 'assigned'
  | 'name'
  | 'words'
  | 'declaring'
  // After a compound command; after a redirection of it.
  | 'ended'
  | 'redirected'
  // After `name (` that no `)` follows: whatever comes is an error.
  | 'parameters'
  | 'coproc'
  | 'coproc name'
  | 'function'
  | 'function name'
  | 'body'
  | 'for'
  | 'for in'
  | 'for words'
  | 'for do'
  | 'case'
  | 'case in'
  | 'pattern'
  | 'pattern word'
  | 'pattern end'
  // In `[[ … ]]`: before a term, after its first word, before the word that an operator needs, after the term.
  | 'test'
  | 'left'
  | 'operand'
  | 'regex'
  | 'tested'
  // In `a=( … )`.
  | 'elements'

/** Something open that holds commands or words: the block itself, `if`, `{`, `(`, `$(`, `[[`, `=(`. */
export interface Group {
  readonly kind: 'group'
  /** What a message calls it. */
  readonly name: string
  /** Offset of its first character. */
  readonly at: number
  /** The part it is in now: the `if` group goes on to `then`, `else`. */
  section: string
  place: Place
  /** The section has a command already, so that it may end. */
  filled: boolean
  /** A redirection operator that waits for its word. */
  redirect: string
  /** Offset at which the word being read began. */
  wordAt: number | undefined
  /** What the place `must` or `body` stems from. */
  need: { construct: string; at: number }
  /** Here-documents whose bodies begin behind the next newline; one list for all groups of one substitution. */
  readonly hereDocs: HereDoc[]
}

export interface HereDoc {
  readonly delimiter: string
  readonly quoted: boolean
  readonly stripTabs: boolean
  readonly at: number
}

/** What a token does to the group it stands in: go on, close it, open another in it, or a syntax error. */
export type Move = 'on' | 'closed' | 'broken' | { readonly open: string }

export function newGroup(name: string, at: number, hereDocs: HereDoc[]): Group {
  const need = { construct: name, at }
  const place = FIRST_PLACE[name] ?? 'start'
  return {
    kind: 'group',
    name: name.replace('test ', ''),
    at,
    section: name,
    place,
    filled: false,
    redirect: '',
    wordAt: undefined,
    need,
    hereDocs,
  }
}

const FIRST_PLACE: Readonly<Record<string, Place>> = {
  for: 'for',
  select: 'for',
  case: 'case',
  '[[': 'test',
  'test (': 'test',
  '=(': 'elements',
}

export const places = (...list: Place[]): ReadonlySet<Place> => new Set(list)
/** A command begins here, so words are reserved and `(` is a subshell. */
export const BEGINS = places('start', 'must', 'prefixed', 'coproc', 'coproc name', 'function name', 'body')
/** A command may end here. */
export const ENDS = places('assigned', 'name', 'words', 'declaring', 'ended', 'redirected', 'coproc name')

/** A group in which bash parses as if it were a text of its own. */
export function isSubstitution(name: string): boolean {
  return name === '$(' || name === '<(' || name === '>('
}

/** Whether `(` behind `before`, the word so far, begins an array: `a=(`, and not `echo a=(`, which is an error. */
export function takesArray(group: Group, before: string): boolean {
  return !group.redirect && ARRAYS.has(group.place) && /^[A-Za-z_]\w*(\[.*\])?\+?=$/s.test(withoutJoins(before))
}

const ARRAYS = places('start', 'must', 'prefixed', 'assigned', 'declaring')

/** Whether `[` behind `before` begins a subscript, which may hold blanks and newlines. */
export function takesSubscript(group: Group, before: string): boolean {
  if (group.redirect) return false
  if (group.place === 'elements') return before === ''
  return SUBSCRIPTS.has(group.place) && /^[A-Za-z_]\w*$/.test(withoutJoins(before))
}

const SUBSCRIPTS = places(...BEGINS, 'assigned', 'ended', 'for do')
