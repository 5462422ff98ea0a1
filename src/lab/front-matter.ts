import { isMap } from 'yaml'
import { z } from 'zod'
import type { LanSpec, WorldSpec } from './lab.ts'
import { type Params, paramSchema, parseParams } from './params.ts'
import type { ProblemList } from './problem.ts'
import { type Secret, yamlComments } from './secrets.ts'
import { validate, YamlPart } from './yaml.ts'

const ipv4 = z.ipv4({ error: 'expected an IPv4 address' })
const DEFAULT_LAN: LanSpec = {
  uplink: { name: 'ens33', address: '192.168.0.10/24' },
  gateway: '192.168.0.2',
  client: '192.168.0.129',
}

const lanSchema = z.strictObject({
  uplink: z
    .strictObject({
      name: z.string().regex(/^[\w.-]{1,15}$/, { error: 'expected an interface name of at most 15 characters' }),
      address: z.cidrv4({ error: 'expected an address with its prefix length, as 192.168.0.10/24' }),
    })
    .partial()
    .optional(),
  gateway: ipv4.optional(),
  client: ipv4.optional(),
})

/** The front matter of a lab, format version 1. */
export const frontMatterSchema = z.strictObject({
  labrun: z.literal(1, { error: 'expected the format version, 1' }).describe('format version'),
  title: z.string().optional().describe('default: the first # heading'),
  summary: z.string().optional().describe('one sentence about the lab'),
  minutes: z.number().positive().optional().describe('how long a student needs'),
  world: z
    .union([z.enum(['isolated', 'lan']), lanSchema], { error: 'expected isolated, lan, or a mapping of a lan' })
    .optional()
    .describe('what is around the student at the start'),
  tools: z
    .array(z.string().regex(/^[\w.+-]+$/))
    .optional()
    .describe('programs that the lab needs'),
  machine: z
    .enum(['any', 'root', 'vm'], { error: 'expected any, root or vm' })
    .optional()
    .describe('root: needs the real root of the machine; vm: also the log of its kernel'),
  from: z
    .string()
    .regex(/^[\w./-]+(#[\w-]+)?$/, { error: 'expected a lab, as 03-bridge or 03-bridge#step' })
    .optional()
    .describe('a lab whose end state this one starts from'),
  params: z
    .record(z.string(), z.unknown(), { error: 'expected a mapping of names to params' })
    .optional()
    .describe('values that differ for each student'),
  grading: z
    .strictObject({
      carry: z
        .number({ error: 'expected a number from 0 to 1' })
        .min(0, { error: 'expected a number from 0 to 1' })
        .max(1, { error: 'expected a number from 0 to 1' })
        .optional()
        .describe('what a step is worth that is judged by itself, because an earlier one failed; default: 0.8'),
    })
    .optional()
    .describe('how submissions are graded'),
  edition: z
    .literal(true, { error: 'expected true' })
    .optional()
    .describe('written by labrun edition: the student’s text'),
})

/** The same for editors, which want to know what a param is. */
export const editorFrontMatterSchema = frontMatterSchema.extend({
  params: z.record(z.string(), paramSchema).optional().describe('values that differ for each student'),
})

export type FrontMatter = z.infer<typeof frontMatterSchema>

export interface FrontMatterResult {
  readonly values: FrontMatter | undefined
  readonly params: Params
  readonly comments: readonly Secret[]
  /** How many lines of the file it takes, both `---` included. */
  readonly lines: number
}

export function parseFrontMatter(source: readonly string[], problems: ProblemList): FrontMatterResult {
  if (source[0]?.trimEnd() !== '---') {
    problems.add({ line: 1 }, 'front-matter-missing')
    return { ...NOTHING, lines: 0 }
  }
  const end = source.findIndex((line, index) => index > 0 && /^(---|\.\.\.)\s*$/.test(line))
  if (end < 0) {
    problems.add({ line: 1 }, 'front-matter-open')
    return { ...NOTHING, lines: source.length }
  }
  const text = source.slice(1, end).join('\n')
  const part = new YamlPart(text, 2, 0, problems)
  const values = part.broken ? undefined : checkValues(part, problems)
  const node = isMap(part.document.contents) ? part.document.contents.get('params', true) : undefined
  const params = values?.params ? parseParams(part, node, values.params, problems) : NOTHING.params
  return { values, params, comments: yamlComments(text, 2, 0), lines: end + 1 }
}

const NOTHING = { values: undefined, params: new Map<string, never>(), comments: [] }

/** The world that the front matter asks for. */
export function worldSpec(world: FrontMatter['world']): WorldSpec {
  if (world === undefined || world === 'isolated') return { lan: undefined }
  if (world === 'lan') return { lan: DEFAULT_LAN }
  return {
    lan: {
      uplink: {
        name: world.uplink?.name ?? DEFAULT_LAN.uplink.name,
        address: world.uplink?.address ?? DEFAULT_LAN.uplink.address,
      },
      gateway: world.gateway ?? DEFAULT_LAN.gateway,
      client: world.client ?? DEFAULT_LAN.client,
    },
  }
}

function checkValues(part: YamlPart, problems: ProblemList): FrontMatter | undefined {
  const node = part.document.contents
  if (!isMap(node)) {
    problems.add(part.place(node), 'yaml-not-a-mapping', { found: node === null ? 'nothing' : 'something else' })
    return undefined
  }
  const { value } = part
  const version = (value as { labrun?: unknown }).labrun
  if (version === undefined) {
    problems.add({ line: 1 }, 'version-missing')
    return undefined
  }
  if (typeof version === 'number' && version > 1) {
    const place = part.placeAt(node, ['labrun'])
    problems.add(place, 'version-newer', { version: String(version) }, 'install a newer labrun')
    return undefined
  }
  const keys = Object.keys(frontMatterSchema.shape)
  return validate(frontMatterSchema, value, { part, node, where: 'the front matter', keys, problems })
}
