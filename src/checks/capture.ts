import { z } from 'zod'
import { compileLine } from '../lab/expected.ts'
import { ProbeError } from '../world/probes.ts'
import { findLines, LineFinder, type LinesFound } from './capture-lines.ts'
import { noteCapture, tcpdumpText } from './capture-text.ts'
import { Captures, type CaptureWatch, type Slice } from './captures.ts'
import { defineCheck, duringKey, type Judgement, type Probe } from './check.ts'
import { type Amount, fits, parseAmount, several } from './rules/amount.ts'
import { deviceName, deviceSchema, oneOrMore } from './subjects.ts'

export interface CaptureSeen {
  /** Each as `tcpdump -nn` prints it, after the time. */
  readonly lines: readonly string[]
  /** Packets that the kernel could not hand over to tcpdump. */
  readonly dropped: number
}

export interface CaptureArmed {
  readonly watch: CaptureWatch
  /** Of the file in which the packets are kept. */
  readonly file: string
  /** Where the watch has ended. */
  readonly slice?: Slice
}

/** Without quotation marks, `A > B: ICMP echo request` is a mapping in YAML. */
const mappingSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.null()]))
  .refine((mapping) => Object.keys(mapping).length === 1, { error: 'expected a line: put it between quotation marks' })

const lineSchema = z
  .union([z.string().min(1), mappingSchema], { error: 'expected a line of tcpdump' })
  .transform((written) => {
    if (typeof written === 'string') return written.trim()
    const [[before = '', after = null] = []] = Object.entries(written)
    return after === null ? `${before}:` : `${before}: ${after}`
  })
  .superRefine((text, context) => {
    for (const { message, suggestion } of compileLine(text).problems)
      context.addIssue({ code: 'custom', message: suggestion ? `${message}; ${suggestion}` : message })
  })

/** Enough for full frames of Ethernet. */
const SNAPSHOT = 1600
const BUFFER = 4096

export const capture = defineCheck({
  kind: 'capture',
  tools: ['tcpdump', 'ip'],
  schema: z.strictObject({
    capture: deviceSchema.describe('NS/IF, or IF on the host'),
    filter: z.string().min(1).optional().describe('in the language of tcpdump: icmp and host 10.0.0.2'),
    sees: oneOrMore(lineSchema).optional().describe('lines of `tcpdump -nn`, without the time and shortened at will'),
    never: oneOrMore(lineSchema).optional().describe('lines that must not be there'),
    count: z
      .union([z.string(), z.number()], { error: 'expected a number of packets' })
      .transform(String)
      .refine((text) => /^\s*(?:>=|>|<=|<)?\s*\d+\s*$/.test(text), { error: 'expected a number, or ">= 1"' })
      .optional()
      .describe('packets that are seen: 2, or ">= 1"'),
    ordered: z.boolean().default(false).describe('what it sees comes in this order'),
    ...duringKey,
  }),
  within: () => 0,

  async arm({ capture: { place, device }, filter }, probe): Promise<CaptureArmed> {
    const captures = Captures.of(probe)
    const [watch] = await captures.watch(probe, [{ place, device, filter, snapshot: SNAPSHOT, buffer: BUFFER }])
    if (watch instanceof ProbeError) throw watch
    return { watch: watch!, file: `${captures.nextNumber()}-${place}-${device}.pcap` }
  },

  end: async (_spec, probe, armed) => ({ ...armed, slice: await sliceOf(probe, armed.watch) }),

  async observe(_spec, probe, { watch, file, slice }): Promise<CaptureSeen> {
    const { pcap, count, dropped } = slice ?? (await sliceOf(probe, watch))
    const packets = await tcpdumpText(probe, pcap, count)
    const kept = count > 0 ? probe.keep(file, pcap) : undefined
    noteCapture(probe, { ...watch.options, kept }, packets)
    return { lines: packets.map(({ text }) => text), dropped }
  },

  judge(spec, { lines, dropped }, remembered): Judgement {
    const { sees = [], never = [], ordered } = spec
    const count = spec.count ?? (sees.length + never.length === 0 ? '>= 1' : undefined)
    const amount = count === undefined ? undefined : parseAmount(count)
    const found = findLines(sees, lines, ordered, remembered)
    const seenAfterAll = findForbidden(never, lines, found)
    const rightCount = amount === undefined || fits(amount, lines.length)
    const judgement = {
      holds: found.missing === undefined && seenAfterAll === undefined && rightCount,
      expected: expectedText(deviceName(spec.capture), spec, amount),
      actual: actualText(lines, dropped, found.missing, seenAfterAll, ordered),
      remembered: found.remembered,
    }
    if (dropped > 0 && !isCertain(judgement.holds, never, amount, seenAfterAll))
      throw new ProbeError('trouble', lost(judgement))
    return judgement
  },

  isNegative: ({ sees, never, count }) =>
    sees === undefined && (count === undefined ? never !== undefined : fits(parseAmount(count), 0)),
})

async function sliceOf(probe: Probe, watch: CaptureWatch): Promise<Slice> {
  const [slice] = await Captures.of(probe).slices(probe, [watch])
  if (slice instanceof ProbeError) throw slice
  return slice!
}

function findForbidden(never: readonly string[], lines: readonly string[], { remembered }: LinesFound) {
  for (const source of never) {
    const finder = new LineFinder(source)
    const line = lines.find((one) => finder.find(one, remembered))
    if (line !== undefined) return { source, line }
  }
  return undefined
}

function expectedText(
  device: string,
  spec: { filter?: string | undefined; sees?: string[] | undefined; never?: string[] | undefined; ordered: boolean },
  amount: Amount | undefined,
): string {
  const { filter, sees = [], never = [], ordered } = spec
  const wanted = [
    ...(amount ? [`${amount.operator === '=' ? '' : `${amount.operator} `}${several(amount.number, 'packet')}`] : []),
    ...(sees.length > 0 ? [`${ordered && sees.length > 1 ? 'in this order ' : ''}${quoted(sees)}`] : []),
    ...(never.length > 0 ? [`never ${quoted(never)}`] : []),
  ]
  return `on ${device}${filter ? ` (${filter})` : ''}: ${wanted.join('; ')}`
}

function actualText(
  lines: readonly string[],
  dropped: number,
  missing: string | undefined,
  forbidden: { source: string; line: string } | undefined,
  ordered: boolean,
): string {
  const wrong = [
    ...(missing === undefined ? [] : [`not seen${ordered ? ' in its place' : ''}: ${quoted([missing])}`]),
    ...(forbidden ? [`seen, though it should not be: ${firstLine(forbidden.line)}`] : []),
    ...(dropped > 0 ? [`${several(dropped, 'packet')} dropped by the kernel, so not all of them were seen`] : []),
  ]
  const shown = lines.slice(0, MOST_SHOWN).map((line) => `  ${firstLine(line)}`)
  const rest = lines.length > MOST_SHOWN ? [`  … ${lines.length - MOST_SHOWN} more`] : []
  return [
    [...wrong, lines.length === 0 ? 'no packet' : several(lines.length, 'packet')].join('; ') +
      (lines.length > 0 ? ':' : ''),
    ...shown,
    ...rest,
  ].join('\n')
}

const MOST_SHOWN = 10

/** Where packets were lost, only what was seen is certain; that something was not there is not. */
function isCertain(holds: boolean, never: readonly string[], amount: Amount | undefined, forbidden: unknown): boolean {
  if (!holds) return forbidden !== undefined
  return never.length === 0 && (amount === undefined || amount.operator.startsWith('>'))
}

function lost({ actual }: { actual: string }): string {
  return `${actual}\nA filter, or fewer packets at once, would help.`
}

function quoted(lines: readonly string[]): string {
  return lines.map((line) => `"${line}"`).join(', ')
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]!
}
