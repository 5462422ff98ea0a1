import { z } from 'zod'
import { placeSchema } from '../subjects.ts'
import { type Amount, amountSchema, parseAmount } from './amount.ts'
import type { Grammar } from './grammar.ts'
import { parseRule } from './parse.ts'
import type { RuleReader } from './read.ts'

/** What the kinds `iptables` and `ebtables` differ in. */
export interface RuleLanguage {
  readonly grammar: Grammar
  /** The chains that each table has from its beginning. */
  readonly tables: Readonly<Record<string, readonly string[]>>
  readonly read: RuleReader
}

/** `nat POSTROUTING -o eth0 -j MASQUERADE`, or a table and a chain alone. */
export interface RuleSubject {
  readonly table: string
  readonly chain: string
  /** As written. */
  readonly rule: string | undefined
}

/** What a check says of its rule or chain. */
export interface RuleWishes {
  readonly in: string
  readonly absent?: true | undefined
  readonly policy?: string | undefined
  readonly position?: number | undefined
  readonly packets?: string | undefined
  readonly bytes?: string | undefined
}

/** The subject of a check, from `TABLE CHAIN RULE…`. */
export function ruleSubjectSchema({ grammar, tables }: RuleLanguage, example: string) {
  const names = Object.keys(tables)
  const subject = new RegExp(`^\\s*(${names.join('|')})\\s+([^\\s-]\\S*)(?:\\s+([\\s\\S]*\\S))?\\s*$`)
  const parts = (text: string) => {
    const [, table = '', chain = '', rule] = subject.exec(text) ?? []
    return { table, chain, rule }
  }
  return z
    .string()
    .regex(subject, { error: `expected TABLE CHAIN RULE, as ${example}, or TABLE CHAIN; tables: ${names.join(', ')}` })
    .refine((text) => /^(?!-[AIDRt]\b)(?:$|[-!{])/.test(parts(text).rule ?? ''), {
      error: `the rule begins with its first option, without -t and -A: ${example}`,
    })
    .refine((text) => !hasAddressList(parts(text).rule ?? '', grammar), {
      error: 'a list of addresses makes several rules: write a check for each of them',
    })
    .transform(parts)
}

/** The keys that both kinds have. */
export const ruleKeys = {
  in: placeSchema.default('host').describe('in which namespace or on which machine'),
  absent: z.literal(true).optional().describe('there is no such rule, or no such chain'),
  position: z.int().min(1).optional().describe('its number in the chain, as --line-numbers shows it'),
  packets: amountSchema
    .optional()
    .describe('what the rule has counted: "+1" and ">= 1" while the command ran, a number alone in all'),
  bytes: amountSchema.optional().describe('the same for bytes'),
}

/** The amounts that are wanted. */
export function amountsOf({ packets, bytes }: RuleWishes): { unit: 'packets' | 'bytes'; amount: Amount }[] {
  return [
    ...(packets === undefined ? [] : [{ unit: 'packets' as const, amount: parseAmount(packets) }]),
    ...(bytes === undefined ? [] : [{ unit: 'bytes' as const, amount: parseAmount(bytes) }]),
  ]
}

function hasAddressList(rule: string, grammar: Grammar): boolean {
  return parseRule(rule, grammar).some(
    ({ option, value }) => /^--(source|destination)$/.test(option) && /,/.test(value),
  )
}
