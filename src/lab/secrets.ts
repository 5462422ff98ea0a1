import { Parser } from 'yaml'

/**
 * Lines of a lab that are not for students, or not as they are: to `seal`, to leave out (`cut`), or to leave out and
 * mark as the place of a `task`. What is `inseparable` shares its lines with what students must see. Lines and columns
 * count from 1; `last` is in it.
 */
export interface Secret {
  readonly kind: 'seal' | 'cut' | 'task' | 'comment' | 'inseparable'
  readonly line: number
  readonly last: number
  /** Of the filled text. What is before it in the line stays. */
  readonly column?: number
}

/** The comments of a piece of YAML, whose first line has that number in the file and lacks `indent` characters. */
export function yamlComments(text: string, line: number, indent: number): Secret[] {
  return [...new Parser().parse(text)].flatMap(commentsIn).map((offset) => {
    const lines = text.slice(0, offset).split('\n')
    const at = line + lines.length - 1
    return { kind: 'comment', line: at, last: at, column: lines.at(-1)!.length + 1 + indent }
  })
}

/** The offsets of all comments in a part of a syntax tree. */
function commentsIn(token: unknown): number[] {
  if (Array.isArray(token)) return token.flatMap(commentsIn)
  if (typeof token !== 'object' || token === null) return []
  if ('type' in token && token.type === 'comment' && 'offset' in token) return [Number(token.offset)]
  return Object.values(token).flatMap(commentsIn)
}

/** The text of a sealed block. It is no secret: it is only not read by accident. */
export function seal(text: string): string {
  return (
    Buffer.from(text)
      .toString('base64')
      .match(/.{1,100}/g) ?? []
  ).join('\n')
}

/** Undefined where it is no text that was sealed. */
export function unseal(sealed: string): string | undefined {
  const compact = sealed.replace(/\s/g, '')
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.toString('base64') !== compact) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}
