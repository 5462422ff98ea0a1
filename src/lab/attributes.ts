import { parseDuration } from './duration.ts'
import type { Block, Ready } from './lab.ts'
import type { ProblemList } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** What the words after a fence's language say of its block. */
export type Attributes = Pick<Block, 'role' | 'sealed' | 'terminal' | 'background' | 'until' | 'ready' | 'timeout'> & {
  readonly exit: number | 'any'
}

/** A word, in which blanks may stand between quotation marks: `ready="listening on"`. */
const WORD = /(?:[^\s"']|"[^"]*(?:"|$)|'[^']*(?:'|$))+/g
/** What holds where a fence says nothing. */
export const DEFAULTS: Attributes = {
  role: 'shown',
  sealed: false,
  terminal: 'main',
  background: false,
  until: 'step',
  ready: undefined,
  timeout: 30_000,
  exit: 0,
}

const WORDS = ['setup', 'solution', 'sealed', 'background', 'terminal=', 'timeout=', 'exit=', 'until=', 'ready=']

/** Reads `sh solution terminal=client timeout=5s`; `info` is the fence's text, `line` and `column` where it begins. */
export function parseAttributes(info: string, line: number, column: number, problems: ProblemList): Attributes {
  const attributes: { -readonly [Key in keyof Attributes]: Attributes[Key] } = { ...DEFAULTS }
  const words = [...info.matchAll(WORD)]
  const language = words.shift()?.[0] ?? ''
  for (const match of words) {
    const word = match[0]
    const place = { line, column: column + match.index, length: word.length }
    const { name, value, quoted } = parseWord(word)
    const wrong = (reason: string) => problems.add(place, 'bad-attribute', { word, reason })
    if (quoted === 'open') wrong('expected quotation marks around the whole value')
    else if (value === undefined && (name === 'setup' || name === 'solution')) attributes.role = name
    else if (value === undefined && name === 'sealed') attributes.sealed = true
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
    } else if (name === 'ready' && value !== undefined) {
      attributes.ready = parseReady(value, quoted)
      if (!attributes.ready)
        wrong('expected a port such as ready=80/tcp, or a text that it prints: ready="listening on"')
      else if (!words.some(([other]) => other === 'background')) wrong('only a background block gets ready')
    } else {
      const suggestion = didYouMean(word, WORDS) ?? `known attributes: ${WORDS.join(', ')}`
      problems.add(place, 'unknown-attribute', { word, language }, suggestion)
    }
  }
  return attributes
}

function parseWord(word: string): { name: string; value: string | undefined; quoted: 'yes' | 'no' | 'open' } {
  const [, name = word, value] = /^(.*?)=(.*)$/.exec(word) ?? []
  if (value === undefined || !/["']/.test(value)) return { name, value, quoted: 'no' }
  const inside = /^(["'])(.*)\1$/.exec(value)
  return inside ? { name, value: inside[2]!, quoted: 'yes' } : { name, value, quoted: 'open' }
}

/** In quotation marks it is always a text; otherwise what looks like a port has to be one. */
function parseReady(value: string, quoted: string): Ready | undefined {
  const [, port, protocol] = /^(\d{1,5})\/(tcp|udp)$/.exec(value) ?? []
  if (quoted === 'no' && port && Number(port) > 0 && Number(port) < 65_536)
    return { port: Number(port), protocol: protocol as 'tcp' | 'udp' }
  return value.trim() === '' || (quoted === 'no' && /^:?\d/.test(value)) ? undefined : { text: value }
}
