import { collapseBlanks, outputLines } from './output-lines.ts'
import { expressionError } from './pattern-expression.ts'
import { didYouMean } from './suggest.ts'

/** Values that `<name:kind>` found, or that a run was given, by name. */
export type Remembered = ReadonlyMap<string, string>

/** A mistake in an expected text. `line` and `column` count from 0; `suggestion` is a sentence for people. */
export interface PatternProblem {
  readonly line: number
  readonly column: number
  readonly length: number
  readonly message: string
  readonly suggestion?: string
}

export type ValueKind = 'int' | 'num' | 'ip' | 'mac' | 'if' | 'hex' | 'time'

/** A piece of a line. `again`: the name is mentioned again later in the same line. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'blank' }
  | { readonly type: 'reference'; readonly name: string }
  | { readonly type: 'any'; readonly name: string | undefined; readonly again: boolean }
  | { readonly type: 'value'; readonly kind: ValueKind; readonly name: string | undefined; readonly again: boolean }

/** One expected line: either parts, or an expression (without its slashes) for the whole line. Plain data. */
export interface LinePattern {
  /** As written, without trailing blanks. */
  readonly source: string
  readonly parts: readonly Part[]
  readonly expression: string | undefined
  /** All names that the line mentions. */
  readonly names: readonly string[]
}

/** `gap` is the line `...`. */
export type Entry = LinePattern | 'gap'

/** A list of expected lines. Plain data. */
export interface Expected {
  readonly entries: readonly Entry[]
}

const KINDS = ['int', 'num', 'ip', 'mac', 'if', 'hex', 'time', '*'] as const
const PLACEHOLDER =
  /<([A-Za-z_][\w-]{0,63}):((?:[A-Za-z*][\w*-]{0,63})?)>|<(int|num|ip|mac|if|hex|time|\*)>|\{\{([A-Za-z_][\w.-]{0,63})\}\}/g
/** Words that people write for a kind and that are spelled too differently to be found by their letters. */
const OTHER_WORDS: Readonly<Record<string, (typeof KINDS)[number]>> = {
  integer: 'int',
  port: 'int',
  pid: 'int',
  number: 'num',
  float: 'num',
  decimal: 'num',
  address: 'ip',
  addr: 'ip',
  ipv4: 'ip',
  ipv6: 'ip',
  interface: 'if',
  iface: 'if',
  device: 'if',
  dev: 'if',
  timestamp: 'time',
  clock: 'time',
  any: '*',
  string: '*',
  text: '*',
  word: '*',
}

/** Compiles an expected text of any number of lines. Never throws: a line with a problem is taken literally. */
export function compileExpected(text: string): { pattern: Expected; problems: PatternProblem[] } {
  const problems: PatternProblem[] = []
  const lines = outputLines(text)
  while (lines.at(-1) === '') lines.pop()
  const entries: Entry[] = []
  for (const [line, source] of lines.entries()) {
    if (source.trimStart() === '...') {
      if (entries.at(-1) !== 'gap') entries.push('gap')
      continue
    }
    const compiled = compileLine(source)
    entries.push(compiled.pattern)
    for (const problem of compiled.problems) problems.push({ ...problem, line })
  }
  return { pattern: { entries }, problems }
}

/** Compiles a single line; `...` means itself here. Never throws. */
export function compileLine(text: string): { pattern: LinePattern; problems: PatternProblem[] } {
  const source = outputLines(text).join('\n')
  if (source.length >= 3 && source.startsWith('/') && source.endsWith('/')) {
    const expression = source.slice(1, -1)
    const names = [...expression.matchAll(PLACEHOLDER)].flatMap((match) => match[4] ?? [])
    const error = expressionError(fillNames(expression, () => 'x')!)
    if (error === undefined) return { pattern: { source, parts: [], expression, names }, problems: [] }
    const message = `this is not a valid regular expression: ${error}`
    const parts = [{ type: 'text', text: source }] as const
    const pattern = { source, parts, expression: undefined, names: [] }
    return { pattern, problems: [{ line: 0, column: 0, length: source.length, message }] }
  }
  const { parts, problems } = splitParts(source)
  return { pattern: { source, parts: markAgain(parts), expression: undefined, names: namesOf(parts) }, problems }
}

/** The text with every `{{name}}` replaced by the remembered value; unknown names stay as they are. */
export function fillRemembered(text: string, remembered: Remembered): string {
  return fillNames(text, (name) => remembered.get(name) ?? `{{${name}}}`)!
}

/** The values that an expected output would remember: the placeholder of each, `<id:int>`, by its name. */
export function placeholdersOf({ entries }: Expected): Map<string, string> {
  const sources = entries.flatMap((entry) => (entry === 'gap' ? [] : [entry.source]))
  const found = sources.flatMap((source) => [...source.matchAll(PLACEHOLDER)])
  return new Map(found.flatMap(([text, name]) => (name === undefined ? [] : [[name, text] as const])))
}

/** The text with every `{{name}}` replaced; undefined if one of them has no value. */
export function fillNames(text: string, value: (name: string) => string | undefined): string | undefined {
  let complete = true
  const filled = text.replace(PLACEHOLDER, (whole, ...groups: (string | undefined)[]) => {
    const name = groups[3]
    if (name === undefined) return whole
    const found = value(name)
    if (found === undefined) complete = false
    return found ?? whole
  })
  return complete ? filled : undefined
}

/** The same line, with everything that is not known yet standing for any text. For a first, rough alignment. */
export function loosenPattern(pattern: LinePattern, known: Remembered): LinePattern {
  if (pattern.names.length === 0) return pattern
  const isOpen = (name: string | undefined) => name !== undefined && !known.has(name)
  if (pattern.expression !== undefined) {
    const expression = fillNames(pattern.expression, (name) => (isOpen(name) ? '.*' : `{{${name}}}`))
    return { ...pattern, expression }
  }
  const parts = pattern.parts.map((part): Part => {
    if (!('name' in part) || !isOpen(part.name)) return part
    if (part.type === 'reference') return { type: 'any', name: undefined, again: false }
    return { ...part, name: undefined, again: false }
  })
  return { ...pattern, parts }
}

function splitParts(source: string): { parts: Part[]; problems: PatternProblem[] } {
  const parts: Part[] = []
  const problems: PatternProblem[] = []
  let literalFrom = 0
  for (const match of source.matchAll(PLACEHOLDER)) {
    const [whole, name, named, plain, reference] = match
    const kind = KINDS.find((known) => known === (named ?? plain))
    if (kind === undefined && reference === undefined) {
      problems.push(unknownKind(match.index, whole, name ?? '', named ?? ''))
      continue
    }
    parts.push(...literalParts(source.slice(literalFrom, match.index)))
    literalFrom = match.index + whole.length
    if (reference !== undefined) parts.push({ type: 'reference', name: reference })
    else if (kind !== '*') parts.push({ type: 'value', kind: kind!, name, again: false })
    else if (name !== undefined || !isPlainAny(parts.at(-1))) parts.push({ type: 'any', name, again: false })
  }
  parts.push(...literalParts(source.slice(literalFrom)))
  return { parts, problems }
}

/** Blanks at the ends of a text are parts of their own, as they may vanish next to a `<*>` that stands for nothing. */
function literalParts(raw: string): Part[] {
  const literal = collapseBlanks(raw)
  const text = literal.replace(/^ | $/g, '')
  if (text === '') return literal === '' ? [] : [{ type: 'blank' }]
  const parts: Part[] = [{ type: 'text', text }]
  if (literal.startsWith(' ')) parts.unshift({ type: 'blank' })
  if (literal.endsWith(' ')) parts.push({ type: 'blank' })
  return parts
}

function isPlainAny(part: Part | undefined): boolean {
  return part?.type === 'any' && part.name === undefined
}

function unknownKind(column: number, whole: string, name: string, kind: string): PatternProblem {
  const meant = OTHER_WORDS[kind.toLowerCase()]
  const known = KINDS.map((each) => `<${name}:${each}>`)
  const suggestion = meant ? `did you mean \`<${name}:${meant}>\`?` : didYouMean(whole, known)
  const message = `\`${kind}\` is not a kind of value (known: ${KINDS.join(', ')})`
  return { line: 0, column, length: whole.length, message, ...(suggestion ? { suggestion } : {}) }
}

function markAgain(parts: readonly Part[]): Part[] {
  const later = new Set<string>()
  return parts
    .toReversed()
    .map((part) => {
      if (!('name' in part) || part.name === undefined) return part
      const again = later.has(part.name)
      later.add(part.name)
      return part.type === 'reference' ? part : { ...part, again }
    })
    .toReversed()
}

function namesOf(parts: readonly Part[]): string[] {
  return [...new Set(parts.flatMap((part) => ('name' in part && part.name !== undefined ? [part.name] : [])))]
}
