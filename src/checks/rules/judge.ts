import type { Judgement } from '../check.ts'
import { amountInWords, fits, several } from './amount.ts'
import { elsewhere, nearestMiss, type PlacedRule, rulesOf, rulesThatMean } from './find.ts'
import { parseRule } from './parse.ts'
import type { Ruleset } from './ruleset.ts'
import { amountsOf, type RuleLanguage, type RuleSubject, type RuleWishes } from './wanted.ts'

/** What a check of rules saw. */
export interface RulesSeen {
  readonly now: readonly Ruleset[]
  /** When the watch began; undefined where there was nothing to watch yet, or nothing is to be watched. */
  readonly before: readonly Ruleset[] | undefined
}

/** Judges what is wanted of a chain, or of a rule in it. */
export function judgeRules(
  language: RuleLanguage,
  subject: RuleSubject,
  wishes: RuleWishes,
  seen: RulesSeen,
): Judgement {
  const chain = chainOf(language, subject, seen)
  const wanted = subject.rule === undefined ? undefined : parseRule(subject.rule, language.grammar)
  const found = wanted ? rulesThatMean(wanted, chain.rules) : []
  const wrong = [
    ...(wanted ? wrongRule(found, wishes, chain) : wrongChain(wishes, chain)),
    ...(wishes.policy === undefined || wishes.policy === chain.policy
      ? []
      : [`its policy is ${chain.policy ?? 'none'}`]),
  ]
  const expected = inWords(subject, wishes)
  if (wrong.length === 0) return { holds: true, expected, actual: chain.exists ? summary(found, chain) : chain.missing }
  const isSought = wanted && found.length === 0 && !wishes.absent
  const hints = isSought ? [...nearestMiss(wanted, chain.rules), ...elsewhere(wanted, seen.now, language.grammar)] : []
  return { holds: false, expected, actual: [wrong.join('; '), ...hints, ...listing(chain)].join('\n') }
}

interface ChainSeen {
  readonly exists: boolean
  /** What is to be said where it does not exist. */
  readonly missing: string
  readonly name: string
  readonly policy: string | undefined
  readonly rules: readonly PlacedRule[]
  /** Both of them, where both back ends hold rules in the table. */
  readonly backEnds: readonly string[]
}

function chainOf(language: RuleLanguage, { table, chain }: RuleSubject, { now, before }: RulesSeen): ChainSeen {
  const chains = now.flatMap(({ tables }) => tables.get(table)?.get(chain) ?? [])
  const own = language.tables[table] ?? []
  const names = [...new Set([...own, ...now.flatMap(({ tables }) => [...(tables.get(table)?.keys() ?? [])])])]
  const policies = chains.flatMap(({ policy }) => policy ?? [])
  const isOwn = own.includes(chain)
  const used = now.filter(({ tables }) =>
    [...(tables.get(table)?.values() ?? [])].some(({ rules }) => rules.length > 0),
  )
  return {
    exists: isOwn || chains.length > 0,
    missing: `there is no chain ${chain} in the table ${table}: there are ${names.join(', ')}`,
    name: `${table} ${chain}`,
    // A packet has to pass all back ends. A table that nobody has touched lets everything pass.
    policy: policies.find((policy) => policy !== 'ACCEPT') ?? policies[0] ?? (isOwn ? 'ACCEPT' : undefined),
    rules: rulesOf(now, { table, chain }, language.grammar, before),
    backEnds: used.length > 1 ? used.map(({ backEnd }) => backEnd) : [],
  }
}

function wrongChain({ absent }: RuleWishes, chain: ChainSeen): string[] {
  if (absent) return chain.exists ? [`there is a chain ${chain.name}`] : []
  return chain.exists ? [] : [chain.missing]
}

function wrongRule(found: readonly PlacedRule[], wishes: RuleWishes, chain: ChainSeen): string[] {
  const { position, absent } = wishes
  const placed = found.filter(({ number }) => position === undefined || number === position)
  const numbers = found.map(({ number }) => number).join(' and ')
  if (absent) return placed.length > 0 ? [`it is rule ${numbers}`] : []
  if (!chain.exists) return [chain.missing]
  if (found.length === 0)
    return [chain.rules.length > 0 ? `${chain.name} has other rules` : `${chain.name} has no rules`]
  if (placed.length === 0) return [`it is rule ${numbers}`]
  const amounts = amountsOf(wishes)
  const isRight = (rule: PlacedRule) =>
    amounts.every(({ unit, amount }) => fits(amount, amount.watched ? rule.more[unit] : rule[unit]))
  // Where nothing has to be counted, nowhere may anything be counted.
  const isRightForAll = amounts.every(({ amount }) => fits(amount, 0))
  const holds = isRightForAll ? placed.every(isRight) : placed.some(isRight)
  return holds ? [] : placed.map(counted)
}

function inWords({ table, chain, rule }: RuleSubject, wishes: RuleWishes): string {
  const { position, packets, bytes, policy, absent } = wishes
  const where = `${table} ${chain}${wishes.in === 'host' ? '' : ` in ${wishes.in}`}`
  const what = rule === undefined ? `chain ${where}` : `rule ${rule.replace(/\s+/g, ' ')} in ${where}`
  return [
    `${absent ? 'no' : 'a'} ${what}`,
    ...(position === undefined ? [] : [`at number ${position}`]),
    ...(packets === undefined ? [] : [amountInWords(packets, 'packet')]),
    ...(bytes === undefined ? [] : [amountInWords(bytes, 'byte')]),
    ...(policy === undefined ? [] : [`policy ${policy}`]),
  ].join(', ')
}

function summary(found: readonly PlacedRule[], { name, policy, rules, backEnds }: ChainSeen): string {
  const both = backEnds.length > 0 ? `; back ends with rules: ${backEnds.join(', ')}` : ''
  if (found.length > 0) return `${found.map(counted).join('; ')}${both}`
  const standard = policy === undefined ? '' : ` (policy ${policy})`
  return `${name}${standard} has ${several(rules.length, 'rule')}${both}`
}

function counted({ backEnd, number, packets, bytes, more }: PlacedRule): string {
  const all = `${several(packets, 'packet')}, ${several(bytes, 'byte')}`
  const watched = `; while it was watched ${several(more.packets, 'packet')}, ${several(more.bytes, 'byte')}`
  const isNew = more.packets === packets && more.bytes === bytes
  return `rule ${number}${backEnd === 'legacy' ? ' (legacy)' : ''} has counted ${all}${isNew ? '' : watched}`
}

const MOST_LINES = 20

/** The chain with numbers and counters. */
function listing({ name, policy, rules, backEnds }: ChainSeen): string[] {
  if (rules.length === 0) return []
  const both = backEnds.length > 0 ? [`both back ends hold rules in this table: ${backEnds.join(' and ')}`] : []
  const lines = rules.map(({ backEnd, number, packets, bytes, text }) =>
    [
      ...(backEnds.length > 0 ? [backEnd.padEnd(6)] : []),
      String(number).padStart(3),
      `[${packets}:${bytes}]`,
      text,
    ].join(' '),
  )
  const rest = lines.length > MOST_LINES ? [`… ${lines.length - MOST_LINES} more`] : []
  return [
    ...both,
    `${name}${policy === undefined ? '' : ` (policy ${policy})`}:`,
    ...lines.slice(0, MOST_LINES),
    ...rest,
  ]
}
