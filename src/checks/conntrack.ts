import { z } from 'zod'
import { compileLine, matchLine, type Remembered } from '../lab/expected.ts'
import { defineCheck } from './check.ts'
import { type Direction, type Flow, flowInWords, parseFlows, render } from './conntrack-flows.ts'
import { runQuietly } from './quiet.ts'
import { type Amount, fits, parseAmount } from './rules/amount.ts'
import { oneOrMore, placeSchema } from './subjects.ts'

/** `FROM[:PORT] -> TO[:PORT]`, with the placeholders of expected output. */
const directionText = z
  .string()
  .regex(/^\s*\S+\s*->\s*\S+\s*$/, { error: 'expected FROM -> TO, as 172.17.0.2:8000 -> 192.168.0.129' })
  .refine(isPattern, { error: 'this has a placeholder that does not exist' })
  .transform((text) => text.trim().replace(/\s*->\s*/, ' -> '))

const subjectSchema = z
  .string()
  .regex(/^\s*(?:tcp|udp|icmp|icmpv6|sctp|dccp|udplite|gre)\s+\S+\s*->\s*\S+\s*$/, {
    error: 'expected PROTOCOL FROM -> TO, as tcp 192.168.0.129 -> 192.168.0.10:8000',
  })
  .refine(isPattern, { error: 'this has a placeholder that does not exist' })
  .refine((text) => !(/^\s*(?:icmp|gre)/.test(text) && hasPorts(text)), { error: 'this protocol has no ports' })
  .transform((text) => {
    const [, protocol = '', direction = ''] = /^\s*(\w+)\s+(.*?)\s*$/.exec(text) ?? []
    return { protocol, direction: direction.replace(/\s*->\s*/, ' -> ') }
  })

/** A connection in the kernel's table of those that it follows. */
export const conntrack = defineCheck({
  kind: 'conntrack',
  tools: ['conntrack'],
  schema: z.strictObject({
    conntrack: subjectSchema.describe('PROTOCOL FROM[:PORT] -> TO[:PORT], as the first packet had it'),
    reply: directionText.optional().describe('FROM[:PORT] -> TO[:PORT], as the answer has it'),
    state: oneOrMore(z.string().regex(/^\w+$/)).optional().describe('established, time_wait, …; assured or unreplied'),
    count: z
      .union([z.string(), z.number()])
      .transform(String)
      .refine((text) => /^\s*(?:>=|>|<=|<)?\s*\d+\s*$/.test(text), { error: 'expected a number, or ">= 1"' })
      .optional()
      .describe('how many such entries there are'),
    absent: z.literal(true).optional().describe('there is no such entry'),
    in: placeSchema.default('host').describe('in which namespace or on which machine'),
  }),
  // The program may see the end of a connection before the kernel has noted it.
  within: ({ state }) => (state ? 2000 : 0),

  async observe({ conntrack: { protocol, direction }, in: place }, probe): Promise<Flow[]> {
    const family = isIpv6(direction) || protocol === 'icmpv6' ? ['-f', 'ipv6'] : []
    const command = ['conntrack', '-L', ...family, '-p', protocol] as const
    // One is for labrun, the other for people.
    const [result] = await Promise.all([runQuietly(probe, place, [...command, '-o', 'xml']), probe.run(place, command)])
    return parseFlows(result)
  },

  judge(spec, flows, remembered) {
    const { direction, protocol } = spec.conntrack
    const found = flows
      .filter((flow) => flow.protocol === protocol)
      .flatMap((flow) => {
        const known = matching(direction, flow.original, remembered)
        const all = known && (spec.reply === undefined ? known : matching(spec.reply, flow.reply, known))
        const isRight = !spec.state || spec.state.some((state) => flow.states.includes(state.toUpperCase()))
        return all && isRight ? [{ flow, known: all }] : []
      })
    const holds = fits(howManyWanted(spec), found.length)
    const shown = found.length > 0 ? found.map(({ flow }) => flow) : flows
    const head = found.length > 0 ? `${found.length} such` : `no such entry; of ${protocol} there are ${flows.length}`
    const lines = shown.slice(0, MOST_LINES).map(flowInWords)
    const actual = [`${head}${lines.length > 0 ? ':' : ''}`, ...lines].join('\n')
    const expected = [
      `${howMany(spec.count, spec.absent === true)} ${protocol} ${direction}`,
      ...(spec.reply === undefined ? [] : [`reply ${spec.reply}`]),
      ...(spec.state === undefined ? [] : [`state ${spec.state.join(' or ')}`]),
    ].join(', ')
    return { holds, expected, actual, ...(found[0] ? { remembered: found[0].known } : {}) }
  },
  isNegative: (spec) => fits(howManyWanted(spec), 0),
})

const MOST_LINES = 12

/** What is remembered if the direction of a flow is as wanted. Ports that nobody asks for are left out. */
function matching(wanted: string, direction: Direction, remembered: Remembered): Remembered | undefined {
  const [from = '', to = ''] = wanted.split(' -> ')
  const line = render(direction, { from: hasPort(from), to: hasPort(to) })
  return matchLine(compileLine(wanted).pattern, line, remembered)
}

function howManyWanted({ count, absent }: { count?: string | undefined; absent?: true | undefined }): Amount {
  return parseAmount(absent ? '0' : (count ?? '>= 1'))
}

function howMany(count: string | undefined, absent: boolean): string {
  if (absent) return 'no entry'
  return count === undefined ? 'an entry' : `${count} ${count.trim() === '1' ? 'entry' : 'entries'}`
}

function hasPorts(text: string): boolean {
  return text.split('->').some((end) => hasPort(end.trim()))
}

/** `10.0.0.1:80`, `<ip>:<port:int>` and `[fd00::1]:80` have one; `<a:ip>` and `fd00::1` have not. */
function hasPort(end: string): boolean {
  const plain = withoutPlaceholders(end)
  return plain.includes('[') ? plain.includes(']:') : plain.split(':').length === 2
}

function isIpv6(direction: string): boolean {
  return direction.split(' -> ').some((end) => withoutPlaceholders(end).split(':').length > 2)
}

function withoutPlaceholders(end: string): string {
  return end.replace(/<[^>]*>|\{\{[^}]*\}\}/g, 'x')
}

function isPattern(text: string): boolean {
  return compileLine(text).problems.length === 0
}
