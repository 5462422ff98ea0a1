import { isMap } from 'yaml'
import { z } from 'zod'
import type { ProblemList } from './problem.ts'
import { overlaps, parseSubnet, type Subnet, sizeOf } from './subnet.ts'
import { validate, type YamlPart } from './yaml.ts'

/** A value that differs for each student. */
export type Param = IntParam | PickParam | SubnetParam

export interface IntParam {
  readonly kind: 'int'
  readonly least: number
  readonly most: number
  /** Within the range, in rising order. */
  readonly not: readonly number[]
  readonly hidden: boolean
}

export interface PickParam {
  readonly kind: 'pick'
  readonly pick: readonly string[]
  /** So many different ones, joined by a blank. */
  readonly count: number
  readonly hidden: boolean
}

export interface SubnetParam {
  readonly kind: 'subnet'
  /** Where it is taken from. */
  readonly within: Subnet
  readonly prefix: number
  readonly hidden: boolean
}

/** The params of a lab by name, in the order of the file. */
export type Params = ReadonlyMap<string, Param>

/** One student's values: the name of each param, and its value as text. */
export type Values = Readonly<Record<string, string>>

const hidden = z.boolean().optional().describe('not for the student’s eyes: only in setup, solutions and hidden checks')
const int = z
  .number()
  .int()
  .min(0)
  .max(2 ** 32 - 1)
const RANGE = /^(\d{1,10})\.\.(\d{1,10})$/

const intSchema = z
  .strictObject({
    int: z.string().regex(RANGE, { error: 'expected a range, as 8000..65000' }),
    not: z.array(int).optional().describe('numbers of the range that nobody gets'),
    hidden,
  })
  .superRefine(({ int: range, not = [] }, context) => {
    const { least, most } = limits(range)
    const wrong = (message: string, key: string) => context.addIssue({ code: 'custom', message, path: [key] })
    if (most >= 2 ** 32) wrong('expected numbers below 4294967296', 'int')
    else if (least > most) wrong('the range begins above its end', 'int')
    else if (not.some((one) => one < least || one > most)) wrong('expected numbers within the range', 'not')
    else if (new Set(not).size > most - least) wrong('no number is left', 'not')
  })

const pickSchema = z
  .strictObject({
    pick: z
      .array(z.union([z.string(), z.number()], { error: 'expected texts or numbers' }))
      .min(1, { error: 'expected at least one value' }),
    count: z.number().int().min(1).optional().describe('that many different ones, joined by a blank'),
    hidden,
  })
  .superRefine(({ pick, count = 1 }, context) => {
    const texts = pick.map(String)
    const wrong = (message: string, key: string) => context.addIssue({ code: 'custom', message, path: [key] })
    if (texts.some((text) => !/^[^\p{C}\s](?:[^\p{C}]{0,254}[^\p{C}\s])?$/u.test(text)))
      wrong('expected values of one line, not empty and without blanks around them', 'pick')
    else if (new Set(texts).size < texts.length) wrong('a value is there twice', 'pick')
    else if (count > texts.length) wrong(`there are only ${texts.length} to pick from`, 'count')
    else if (count > 1 && texts.some((text) => /\s/.test(text)))
      wrong('with `count`, expected values without blanks', 'pick')
  })

const subnetSchema = z
  .strictObject({
    subnet: z.string().refine((text) => parseSubnet(text), {
      error: 'expected a network to take the subnet from, as 10.16.0.0/12, with zeros behind its prefix',
    }),
    prefix: z.number().int().min(1).max(30, { error: 'expected at most 30: fewer addresses are no use' }),
    hidden,
  })
  .superRefine(({ subnet, prefix }, context) => {
    const within = parseSubnet(subnet)
    if (within && prefix < within.prefix)
      context.addIssue({ code: 'custom', message: `a /${prefix} does not fit into ${subnet}`, path: ['prefix'] })
  })

const SCHEMAS = { int: intSchema, pick: pickSchema, subnet: subnetSchema }
const NAME = /^[A-Za-z]\w{0,31}$/

/** One param as it is written, for editors. */
export const paramSchema = z.union(Object.values(SCHEMAS))

/** Reads the `params` of the front matter, whose mapping is `node`; each mistake is told at its place. */
export function parseParams(part: YamlPart, node: unknown, value: unknown, problems: ProblemList): Params {
  const params = new Map<string, Param>()
  for (const [name, spec] of Object.entries(value as Record<string, unknown>)) {
    const at = isMap(node) ? node.get(name, true) : undefined
    if (!NAME.test(name)) {
      const reason = 'a param has a name of letters, digits and _, which begins with a letter'
      problems.add(part.keyPlace(node, name), 'bad-param', { name, reason })
      continue
    }
    const param = parseParam(name, spec, at, part, problems)
    if (!param) continue
    params.set(name, param)
    const hole = param.kind === 'subnet' && crowded(name, params)
    if (hole) problems.add(part.place(at), 'bad-param', { name, reason: hole })
  }
  return params
}

/** Why a value is none that a param can have; undefined if it is one. */
export function whyImpossible(param: Param, value: string): string | undefined {
  if (param.kind === 'int') {
    const number = Number(value)
    const fits = /^(0|[1-9]\d{0,9})$/.test(value) && number >= param.least && number <= param.most
    return fits && !param.not.includes(number) ? undefined : 'it is not in the range'
  }
  if (param.kind === 'subnet') {
    const subnet = parseSubnet(value)
    const fits = subnet?.prefix === param.prefix && overlaps(subnet, param.within)
    return fits ? undefined : 'it is no such subnet'
  }
  const picked = param.count === 1 ? [value] : value.split(' ')
  const fits = picked.length === param.count && new Set(picked).size === picked.length
  return fits && picked.every((one) => param.pick.includes(one)) ? undefined : 'it is not in the list'
}

function parseParam(name: string, spec: unknown, node: unknown, part: YamlPart, problems: ProblemList) {
  const kinds = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]
  const written = typeof spec === 'object' && spec !== null ? kinds.filter((kind) => kind in spec) : []
  const [kind] = written
  if (!kind || written.length > 1) {
    const reason = 'expected one of {int: 8000..65000}, {pick: [a, b, c]} and {subnet: 10.16.0.0/12, prefix: 24}'
    problems.add(part.place(node), 'bad-param', { name, reason })
    return undefined
  }
  const schema: z.ZodType<Spec> = SCHEMAS[kind]
  const keys = Object.keys(SCHEMAS[kind].shape)
  const value = validate(schema, spec, { part, node, where: `the param ${name}`, keys, problems })
  return value && toParam(value)
}

type Spec = z.infer<typeof intSchema> | z.infer<typeof pickSchema> | z.infer<typeof subnetSchema>

function toParam(spec: Spec): Param {
  const { hidden = false } = spec
  if ('pick' in spec) return { kind: 'pick', pick: spec.pick.map(String), count: spec.count ?? 1, hidden }
  if ('subnet' in spec) return { kind: 'subnet', within: parseSubnet(spec.subnet)!, prefix: spec.prefix, hidden }
  const not = [...new Set(spec.not ?? [])].toSorted((a, b) => a - b)
  return { kind: 'int', ...limits(spec.int), not, hidden }
}

function limits(range: string): { least: number; most: number } {
  const [, least, most] = RANGE.exec(range) ?? []
  return { least: Number(least), most: Number(most) }
}

/** Subnets of one lab never overlap, so there must be room for them, however the others lie. */
function crowded(name: string, params: Params): string | undefined {
  const own = params.get(name) as SubnetParam
  const places = 2 ** (own.prefix - own.within.prefix)
  const others = [...params].flatMap(([other, param]) => (other !== name && param.kind === 'subnet' ? param : []))
  const taken = others
    .filter(({ within }) => overlaps(within, own.within))
    // A larger one covers several of its places.
    .reduce((sum, { prefix }) => sum + Math.max(1, sizeOf({ prefix }) / sizeOf(own)), 0)
  return taken < places
    ? undefined
    : 'there may be no room for it beside the other subnets: take it from a larger network'
}
