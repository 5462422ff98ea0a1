import { isMap, isScalar, isSeq, type YAMLMap } from 'yaml'
import { z } from 'zod'
import { durationSchema, parseDuration } from './duration.ts'
import type { CheckItem, Question } from './lab.ts'
import type { ProblemList } from './problem.ts'
import { type Secret, yamlComments } from './secrets.ts'
import { didYouMean } from './suggest.ts'
import { validate, YamlPart } from './yaml.ts'

/** What the parser must know of a kind of check: its name and its keys, its own name among them. */
export interface CheckKind {
  readonly kind: string
  readonly schema: z.ZodObject
}

/** The keys that every check may have. */
export const commonCheckKeys = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]+$/)
    .optional(),
  why: z.string().optional().describe('one sentence, shown when the check fails'),
  within: durationSchema.optional().describe('retry until it holds'),
  points: z.number().nonnegative().optional(),
  needs: z.array(z.string()).optional().describe('ids of checks that must have passed'),
  hidden: z.boolean().optional().describe('not in the student edition'),
  holds: z.literal('before', { error: 'expected before' }).optional().describe('it holds before the step and guards'),
})

export const questionSchema = z.strictObject({
  ask: z.string(),
  answer: z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.union([z.string(), z.number()])),
    z.strictObject({ from: z.string() }),
  ]),
  choices: z.array(z.union([z.string(), z.number()])).optional(),
  tolerance: z.number().nonnegative().optional(),
  why: z.string().optional(),
  points: z.number().nonnegative().optional(),
})

/** As the student sees it. */
const editionQuestionSchema = questionSchema.extend({ answer: questionSchema.shape.answer.optional() })

export interface YamlBlock {
  readonly text: string
  /** The file's line of the text's first line. */
  readonly line: number
  readonly indent: number
  /** Of an edition: its questions have no answers. */
  readonly edition: boolean
  /** Takes what is not for students. */
  readonly secrets: Secret[]
}

export function parseChecks(
  block: YamlBlock,
  kinds: ReadonlyMap<string, CheckKind>,
  problems: ProblemList,
): CheckItem[] {
  const part = new YamlPart(block.text, block.line, block.indent, problems)
  if (part.broken) return []
  const root = part.document.contents
  if (!isSeq(root)) {
    problems.add(part.place(root), 'checks-not-a-list')
    return []
  }
  block.secrets.push(...yamlComments(block.text, block.line, block.indent))
  return root.items.flatMap((node, index) => {
    if (!isMap(node)) {
      problems.add(part.place(node), 'check-not-a-mapping')
      return []
    }
    const check = parseCheck(node, index, part, kinds, problems)
    const lines = part.lines(node)
    if (check?.hidden) block.secrets.push({ kind: root.flow ? 'inseparable' : 'cut', ...lines })
    return check ?? []
  })
}

export function parseQuestion(block: YamlBlock, problems: ProblemList): Question | undefined {
  const part = new YamlPart(block.text, block.line, block.indent, problems)
  if (part.broken) return undefined
  const node = part.document.contents
  if (!isMap(node)) {
    problems.add(part.place(node), 'yaml-not-a-mapping', { found: 'something else' })
    return undefined
  }
  const keys = Object.keys(questionSchema.shape)
  const value = validate(editionQuestionSchema, part.value, {
    part,
    node,
    where: 'a question',
    keys,
    problems,
  })
  if (!value) return undefined
  const { ask, answer, choices = [], tolerance, why, points } = value
  if (answer === undefined && !block.edition) {
    problems.add(part.place(node), 'only-in-edition', { what: 'a question without `answer`' })
    return undefined
  }
  block.secrets.push(...yamlComments(block.text, block.line, block.indent))
  for (const { key, value } of node.items) {
    if (!['answer', 'tolerance', 'why'].includes(String(key))) continue
    const { line } = part.lines(key)
    block.secrets.push({ kind: node.flow ? 'inseparable' : 'cut', line, last: part.lines(value ?? key).last })
  }
  return { kind: 'question', line: block.line, ask, answer, choices, tolerance, why, points }
}

function parseCheck(
  node: YAMLMap,
  index: number,
  part: YamlPart,
  kinds: ReadonlyMap<string, CheckKind>,
  problems: ProblemList,
): CheckItem | undefined {
  const place = part.place(node)
  const written = node.items.map((pair) => (isScalar(pair.key) ? String(pair.key.value) : ''))
  const [first, second] = written.filter((key) => kinds.has(key) && !isOwnKeyOfFirst(key, written, kinds))
  if (!first) {
    const near = written.map((key) => didYouMean(key, kinds.keys())).find((suggestion) => suggestion)
    const known = [...kinds.keys()].join(', ')
    problems.add(part.keyPlace(node, written[0] ?? ''), 'check-without-kind', { kinds: known }, near)
    return undefined
  }
  if (second) {
    problems.add(part.keyPlace(node, second), 'check-two-kinds', { first, second })
    return undefined
  }
  const schema = wholeSchema(kinds.get(first)!)
  const value = (part.value as unknown[])[index]
  const spec = validate(schema as z.ZodType<Record<string, unknown>>, value, {
    part,
    node,
    where: `a ${first} check`,
    keys: Object.keys(schema.shape),
    problems,
  })
  if (!spec) return undefined
  const common = spec as z.infer<typeof commonCheckKeys>
  return {
    kind: 'check',
    line: place.line,
    column: place.column ?? 1,
    check: first,
    spec,
    label: label(value as Record<string, unknown>),
    id: common.id,
    why: common.why,
    within: common.within === undefined ? undefined : parseDuration(String(common.within)),
    points: common.points,
    needs: common.needs ?? [],
    hidden: common.hidden ?? false,
    guards: common.holds === 'before',
  }
}

const whole = new WeakMap<CheckKind, z.ZodObject>()

/** A kind's keys and the common ones; made once, because making a schema takes longer than using it. */
export function wholeSchema(kind: CheckKind): z.ZodObject {
  const schema = whole.get(kind) ?? kind.schema.extend(commonCheckKeys.shape)
  whole.set(kind, schema)
  return schema
}

/** `bridge: br0` may have a key that is also the name of a kind; the first kind in the item decides. */
function isOwnKeyOfFirst(key: string, written: readonly string[], kinds: ReadonlyMap<string, CheckKind>): boolean {
  const first = written.find((word) => kinds.has(word))!
  return key !== first && key in kinds.get(first)!.schema.shape
}

/** `ping: net1 -> 10.0.0.2, expect: no-reply`, without the keys that say nothing of what is checked. */
function label(value: Record<string, unknown>): string {
  return Object.entries(value)
    .filter(([key]) => !(key in commonCheckKeys.shape))
    .map(([key, part]) => `${key}: ${inWords(part)}`)
    .join(', ')
    .replace(/\s+/g, ' ')
}

function inWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(inWords).join(', ')
  if (typeof value !== 'object' || value === null) return String(value)
  return Object.entries(value)
    .map(([key, part]) => `${key} on ${inWords(part)}`)
    .join(', ')
}
