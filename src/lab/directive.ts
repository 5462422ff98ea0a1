import { parse } from 'yaml'
import type { ProblemList } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** `<!-- step: ID experiment: A2 points: 3 needs: [a, b] -->` */
export interface Directive {
  readonly line: number
  readonly id: string
  readonly experiments: readonly string[]
  readonly points: number | undefined
  readonly needs: readonly string[]
}

const KEYS = ['step', 'experiment', 'points', 'needs']

/** Whether a comment wants to be a step directive. */
export function isDirective(comment: string): boolean {
  return /^<!--\s*step\s*:/.test(comment)
}

export function parseDirective(
  comment: string,
  line: number,
  column: number,
  problems: ProblemList,
): Directive | undefined {
  const values = new Map<string, string>()
  const body = comment.replace(/^<!--/, '    ').replace(/-->\s*$/, '')
  const keys = [...body.matchAll(/(?<=\s)([A-Za-z][\w-]*):(?=\s)/g)]
  let fine = true
  for (const [index, match] of keys.entries()) {
    const key = match[1]!
    const value = body.slice(match.index + match[0].length, keys[index + 1]?.index).trim()
    const place =
      column > 0 && !body.includes('\n') ? { line, column: column + match.index, length: key.length } : { line }
    const problem = (reason: string) => problems.add(place, 'bad-directive', { reason })
    if (!KEYS.includes(key)) {
      problems.add(
        place,
        'unknown-key',
        { key, where: 'a step directive' },
        didYouMean(key, KEYS) ?? `known keys: ${KEYS.join(', ')}`,
      )
      fine = false
    } else if (values.has(key)) problem(`\`${key}\` is there twice`)
    else if (key === 'step' && !/^[\w-]+$/.test(value)) {
      problem('a step id is made of letters, digits, - and _')
      fine = false
    } else if (key === 'points' && !/^\d+(\.\d+)?$/.test(value)) problem('points is a number')
    else if (key === 'needs' && !/^(\[[\w\s,-]*\]|[\w\s,-]*)$/.test(value)) problem('needs is a list of step ids')
    else values.set(key, value)
  }
  const id = values.get('step')
  if (keys[0]?.[1] !== 'step')
    problems.add({ line }, 'bad-directive', { reason: 'it begins with `step: ID`, with a blank after the colon' })
  if (!fine || id === undefined) return undefined
  return {
    line,
    id,
    experiments: words(values.get('experiment')),
    points: values.has('points') ? Number(values.get('points')) : undefined,
    needs: words(values.get('needs')),
  }
}

/** `A2`, `A2, A3` or `[A2, A3]`. */
function words(value: string | undefined): string[] {
  if (!value) return []
  if (!value.startsWith('[')) return value.split(/[\s,]+/).filter(Boolean)
  try {
    const list: unknown = parse(value)
    return Array.isArray(list) ? list.map(String) : []
  } catch {
    return []
  }
}
