import { parseDuration } from './duration.ts'
import type { Block } from './lab.ts'
import type { ProblemList } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** What the words after a fence's language say of its block. */
export type Attributes = Pick<Block, 'role' | 'terminal' | 'background' | 'until' | 'timeout'> & {
  readonly exit: number | 'any'
}

const WORDS = ['setup', 'solution', 'background', 'terminal=', 'timeout=', 'exit=', 'until=']

/** Reads `sh solution terminal=client timeout=5s`; `info` is the fence's text, `line` and `column` where it begins. */
export function parseAttributes(info: string, line: number, column: number, problems: ProblemList): Attributes {
  const attributes: { -readonly [Key in keyof Attributes]: Attributes[Key] } = {
    role: 'shown',
    terminal: 'main',
    background: false,
    until: 'step',
    timeout: 30_000,
    exit: 0,
  }
  const words = [...info.matchAll(/\S+/g)]
  const language = words.shift()?.[0] ?? ''
  for (const match of words) {
    const word = match[0]
    const place = { line, column: column + match.index, length: word.length }
    const [name, value] = word.includes('=')
      ? [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]
      : [word]
    const wrong = (reason: string) => problems.add(place, 'bad-attribute', { word, reason })
    if (value === undefined && (name === 'setup' || name === 'solution')) attributes.role = name
    else if (value === undefined && name === 'background') attributes.background = true
    else if (name === 'terminal' && value !== undefined) {
      if (/^[a-z][a-z0-9-]{0,31}$/.test(value)) attributes.terminal = value
      else wrong('a terminal has a name of lower-case letters, digits and -')
    } else if (name === 'timeout' && value !== undefined) {
      const timeout = parseDuration(value)
      if (timeout) attributes.timeout = timeout
      else wrong('expected a time such as timeout=20s')
    } else if (name === 'exit' && value !== undefined) {
      if (value === 'any') attributes.exit = 'any'
      else if (/^\d{1,3}$/.test(value) && Number(value) < 256) attributes.exit = Number(value)
      else wrong('expected a status from 0 to 255, or any')
    } else if (name === 'until' && value !== undefined) {
      if (value === 'lab' || value === 'step') attributes.until = value
      else wrong('expected until=lab')
    } else {
      const suggestion = didYouMean(word, WORDS) ?? `known attributes: ${WORDS.join(', ')}`
      problems.add(place, 'unknown-attribute', { word, language }, suggestion)
    }
  }
  return attributes
}
