/** Text that ends at its own closing character, whatever stands in it: a quote, `${…}`, `$((…))`, a pattern. */
export interface Pair {
  readonly kind: 'pair'
  readonly name: PairName
  /** Offset of its first character. */
  readonly at: number
  /** How many closing characters are still to be skipped before the one that ends it. */
  depth: number
}

export type PairName = keyof typeof PAIRS

interface PairStyle {
  /** What a message calls it. */
  readonly construct: string
  readonly close: string
  /** The character that needs one more closing character. */
  readonly nests?: string
  /** Closing characters owed from the start, besides the last. */
  readonly depth?: number
  /** A backslash takes away the meaning of the next character. */
  readonly escapes: boolean
  /** Openers that still mean something inside. */
  readonly holds: readonly string[]
}

// What bash itself looks for, construct by construct; none of it is in its manual.
const QUOTES = ["'", "$'", '"', '$"', '`']
const IN_QUOTES = ['`', '$((', '$(', '${', '$[']
const IN_ARITHMETIC = [...QUOTES, '$((', '$(']
const IN_BRACES = [...QUOTES, ...IN_QUOTES, '<(', '>(']

const PAIRS = {
  "'": { construct: "quote '", close: "'", escapes: false, holds: [] },
  "$'": { construct: "quote $'", close: "'", escapes: true, holds: [] },
  '"': { construct: 'quote "', close: '"', escapes: true, holds: IN_QUOTES },
  '$"': { construct: 'quote "', close: '"', escapes: true, holds: IN_QUOTES },
  // Bash looks for the next backtick and nothing else: quotes inside do not hide it.
  '`': { construct: '`', close: '`', escapes: true, holds: [] },
  // The first unquoted `}` ends it: `${a:-{}` is complete.
  '${': { construct: '${', close: '}', escapes: true, holds: IN_BRACES },
  '$[': { construct: '$[', close: ']', nests: '[', escapes: true, holds: IN_ARITHMETIC },
  // Bash counts parentheses here even where it later finds that it is a subshell in `$(…)`.
  '$((': { construct: '$((', close: ')', nests: '(', depth: 1, escapes: true, holds: IN_ARITHMETIC },
  '((': { construct: '((', close: ')', nests: '(', escapes: true, holds: IN_ARITHMETIC },
  // Subscript of an array; group in a file name pattern or in a regular expression.
  '[': { construct: '[', close: ']', nests: '[', escapes: true, holds: IN_BRACES },
  pattern: { construct: '(', close: ')', nests: '(', escapes: true, holds: QUOTES },
} as const satisfies Record<string, PairStyle>

export function newPair(name: PairName, at: number): Pair {
  return { kind: 'pair', name, at, depth: styleOf(name).depth ?? 0 }
}

export function styleOf(name: PairName): PairStyle {
  return PAIRS[name]
}

/** A token: `name` without the joined lines and blanks that it may hold, and the offset behind it. */
export interface Token {
  readonly name: string
  readonly end: number
}

/** The quote or substitution that begins at `at`. `$$` is a word part of its own: its second `$` opens nothing. */
export function openerAt(text: string, at: number): Token | undefined {
  return tokenAt(OPENER, text, at)
}

/** The longest operator at `at`; `()` is one, with nothing between the two but blanks. */
export function operatorAt(text: string, at: number): Token | undefined {
  return tokenAt(OPERATOR, text, at)
}

/** Offset behind the `((` at `at`. */
export function doubleParenthesisAt(text: string, at: number): number | undefined {
  return tokenAt(DOUBLE_PARENTHESIS, text, at)?.end
}

export function skipBlanks(text: string, at: number): number {
  return tokenAt(BLANKS, text, at)!.end
}

function tokenAt(pattern: RegExp, text: string, at: number): Token | undefined {
  pattern.lastIndex = at
  const found = pattern.exec(text)?.[0]
  return found === undefined ? undefined : { name: found.replace(/\\\n|[ \t]/g, ''), end: at + found.length }
}

// A backslash-newline may split any token: `J` stands for that.
const withJoins = (source: string) => new RegExp(source.replaceAll('J', '(?:\\\\\\n)*'), 'y')
const OPENER = withJoins('\\$J\\$|\\$J\\(J\\(|\\$J[({[\'"]|[\'"`]|[<>]J\\(')
const OPERATORS = '() ;;& ;; ;& ; &>> &> && & || |& | <<< <<- << <& <> < >> >& >| > ( )'.split(' ')
const OPERATOR = withJoins(
  OPERATORS.map((operator) => [...operator].map((char) => `\\${char}`).join('J'))
    .join('|')
    .replace('\\(J\\)', '\\((?:[ \\t]|\\\\\\n)*\\)'),
)
const DOUBLE_PARENTHESIS = withJoins('\\(J\\(')
const BLANKS = /(?:[ \t]|\\\n)*/y

export function isPairName(opener: string): opener is PairName {
  return Object.hasOwn(PAIRS, opener)
}

/** Offset behind any backslash-newline at `at`: the shell never sees these two characters. */
export function skipJoins(text: string, at: number): number {
  let pos = at
  while (text.startsWith('\\\n', pos)) pos += 2
  return pos
}

export function withoutJoins(word: string): string {
  return word.replaceAll('\\\n', '')
}

/** A here-document's delimiter as its last line must spell it; `quoted` when the body is taken literally. */
export function delimiterOf(word: string): { delimiter: string; quoted: boolean } {
  const joined = withoutJoins(word)
  const delimiter = joined.replace(QUOTED, (_all, escaped?: string, single?: string, double?: string) => {
    return escaped ?? single ?? double?.replace(/\\([$`"\\])/g, '$1') ?? ''
  })
  return { delimiter, quoted: /['"\\]/.test(joined) }
}

const QUOTED = /\\(.)|'([^']*)'|"((?:\\.|[^"\\])*)"/gs
