import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type ScalarTag,
  visit,
} from 'yaml'
import type { z } from 'zod'
import type { Place, ProblemList } from './problem.ts'
import { didYouMean } from './suggest.ts'

/** `+1` is more than a number: an amount that is added. */
const SIGNED: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  test: /^\+\d+$/,
  resolve: (text) => text,
}

/** A piece of YAML inside a lab: knows where in the file each of its nodes is. */
export class YamlPart {
  readonly document: Document.Parsed
  /** The document as plain data; undefined where it is broken. */
  readonly value: unknown
  readonly #counter = new LineCounter()
  readonly #line: number
  readonly #indent: number
  #broken: boolean

  /** `line` is the file's line of the text's first; `indent` what was cut off before each of its lines. */
  constructor(text: string, line: number, indent: number, problems: ProblemList) {
    this.#line = line
    this.#indent = indent
    this.document = parseDocument(text, {
      lineCounter: this.#counter,
      prettyErrors: false,
      uniqueKeys: true,
      logLevel: 'error',
      customTags: (tags) => [SIGNED, ...tags],
    })
    for (const error of this.document.errors) {
      const key = /duplicate|unique/i.test(error.message) ? text.slice(error.pos[0]).match(/^[\w-]+/)?.[0] : undefined
      if (key) problems.add({ ...this.#span(error.pos), length: key.length }, 'duplicate-key', { key })
      else problems.add(this.#span(error.pos), 'yaml-syntax', { reason: error.message.replace(/\s+/g, ' ') })
    }
    this.#broken = this.document.errors.length > 0
    if (this.#broken) return
    try {
      this.value = this.document.toJS({ maxAliasCount: 50 })
    } catch (error) {
      // An alias without its anchor, or far too many aliases: seen only now.
      const place = this.place(this.#strayAlias() ?? this.document.contents)
      problems.add(place, 'yaml-syntax', { reason: (error as Error).message })
      this.#broken = true
    }
  }

  get broken(): boolean {
    return this.#broken
  }

  place(node: unknown): Place {
    const range = (node as Node | null | undefined)?.range
    return range ? this.#span([range[0], Math.max(range[0] + 1, range[1])]) : { line: this.#line }
  }

  /** The place of the value at a path below a node; of the key where there is no value. */
  placeAt(node: unknown, path: readonly PropertyKey[]): Place {
    let at = node
    let place = this.place(node)
    for (const part of path) {
      if (isMap(at)) {
        const pair = at.items.find((item) => isScalar(item.key) && String(item.key.value) === String(part))
        if (!pair) return place
        at = pair.value ?? pair.key
        place = this.place(at)
      } else if (isSeq(at)) {
        at = at.items[Number(part)]
        place = this.place(at)
      } else return place
    }
    return place
  }

  /** The first and the last line of a node, without the comments after it. */
  lines(node: unknown): { line: number; last: number } {
    const [from, to] = (node as Node).range!
    const line = this.#span([from, from]).line
    return { line, last: Math.max(line, this.#span([Math.max(from, to - 1), to]).line) }
  }

  keyPlace(node: unknown, key: string): Place {
    if (!isMap(node)) return this.place(node)
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
    return this.place(pair?.key ?? node)
  }

  #strayAlias(): Node | undefined {
    let found: Node | undefined
    visit(this.document, {
      Alias: (_, alias) => {
        found ??= alias.resolve(this.document) ? undefined : alias
      },
    })
    return found
  }

  #span([from, to]: readonly [number, number]): Place {
    const start = this.#counter.linePos(from)
    const end = this.#counter.linePos(to)
    const column = start.col + this.#indent
    const place = { line: this.#line + start.line - 1, column }
    return end.line === start.line && end.col > start.col ? { ...place, length: end.col - start.col } : place
  }
}

/** Validates a node; reports what is wrong at the place of the very key or value. */
export function validate<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { part, node, where, keys, problems }: ValidateContext,
): T | undefined {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  for (const issue of result.error.issues) {
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        const suggestion = didYouMean(key, keys) ?? `known keys: ${[...keys].join(', ')}`
        problems.add(part.keyPlace(nodeAt(node, issue.path), key), 'unknown-key', { key, where }, suggestion)
      }
    } else {
      const key = issue.path.length > 0 ? issue.path.join('.') : where
      problems.add(part.placeAt(node, issue.path), 'wrong-value', { key, reason: issue.message })
    }
  }
  return undefined
}

export interface ValidateContext {
  readonly part: YamlPart
  readonly node: unknown
  /** What the value is, for people: `the front matter`. */
  readonly where: string
  readonly keys: readonly string[]
  readonly problems: ProblemList
}

function nodeAt(node: unknown, path: readonly PropertyKey[]): unknown {
  let at = node
  for (const part of path) {
    if (isMap(at)) at = at.items.find((item) => isScalar(item.key) && item.key.value === part)?.value
    else if (isSeq(at)) at = at.items[Number(part)]
  }
  return at
}
