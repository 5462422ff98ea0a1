import { isIP } from 'node:net'

/** What a piece of an output line looks like. `sign` is any other single character. */
export type TokenClass = 'mac' | 'ip' | 'time' | 'hex' | 'num' | 'int' | 'word' | 'blank' | 'sign'

export interface Token {
  readonly text: string
  readonly class: TokenClass
}

const SHAPES: readonly (readonly [TokenClass, RegExp])[] = [
  ['mac', /[\da-f]{2}(?::[\da-f]{2}){5}(?![\da-f:])/iy],
  ['ip', /[\da-f]*:[\da-f:]*:(?:[\da-f:]*)(?:(?:\d{1,3}\.){3}\d{1,3})?/iy],
  ['ip', /(?:\d{1,3}\.){3}\d{1,3}(?!\d)/y],
  ['time', /(?:[01]\d|2[0-3]):[0-5]\d:(?:[0-5]\d|60)(?:\.\d+)?(?![\d:])/y],
  ['hex', /0x[\da-f]+/iy],
  ['num', /\d+\.\d+(?![\d.]*\.\d)/y],
  ['int', /\d+/y],
  ['word', /[\p{L}_]+/uy],
  ['blank', /[ \t]+/y],
  ['sign', /./suy],
]

/** Takes a line apart; the texts of all tokens together are the line. */
export function tokensOf(line: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < line.length; ) {
    const token = tokenAt(line, at)
    tokens.push(token)
    at += token.text.length
  }
  return tokens
}

/** Equal for two lines that differ only in values and in how many blanks there are. */
export function shapeOf(line: string): string {
  return tokensOf(line).map(shapeOfToken).join('')
}

function shapeOfToken({ text, class: kind }: Token): string {
  if (kind === 'blank') return ' '
  return kind === 'word' || kind === 'sign' ? text : `<${kind}>`
}

/** The words of a line, and the classes of its values: what it can be recognised by. */
export function featuresOf(tokens: readonly Token[]): string[] {
  return tokens.filter(({ class: kind }) => kind !== 'blank' && kind !== 'sign').map(shapeOfToken)
}

/** How alike two lines are, from 0 to 1: the features that they share. */
export function likeness(left: string, right: string): number {
  const [a, b] = [left, right].map((line) => featuresOf(tokensOf(line.slice(0, 1000)))) as [string[], string[]]
  if (a.length + b.length === 0) return left.trim() === right.trim() ? 1 : 0
  return (2 * inCommon(a, b)) / (a.length + b.length)
}

/** How many features are in both lists, each as often as it is in both. */
export function inCommon(a: readonly string[], b: readonly string[]): number {
  const rest = [...b]
  return a.filter((feature) => {
    const index = rest.indexOf(feature)
    if (index >= 0) rest.splice(index, 1)
    return index >= 0
  }).length
}

function tokenAt(line: string, at: number): Token {
  for (const [kind, shape] of SHAPES) {
    shape.lastIndex = at
    const text = shape.exec(line)?.[0]
    if (text === undefined || (kind === 'ip' && isIP(text) === 0)) continue
    return { text, class: kind }
  }
  // A lone half of a surrogate pair: no pattern matches it.
  return { text: line[at]!, class: 'sign' }
}
