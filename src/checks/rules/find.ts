import type { Grammar } from './grammar.ts'
import { parseRule } from './parse.ts'
import { isSameRule, nearMiss, type Rule, ruleKey } from './rule.ts'
import type { CountedRule, Ruleset } from './ruleset.ts'

/** A rule that is there. */
export interface PlacedRule extends CountedRule {
  /** Its back end, where there are two of them. */
  readonly backEnd: string
  /** In its chain, from 1, as `iptables -L --line-numbers` has it. */
  readonly number: number
  readonly meaning: Rule
  /** What it has counted since the watch began. */
  readonly more: { readonly packets: number; readonly bytes: number }
}

/** Where a rule is looked for. */
export interface Where {
  readonly table: string
  readonly chain: string
}

/** The rules of a chain of all back ends, with what each has counted since `before`; undefined: since it was made. */
export function rulesOf(
  rulesets: readonly Ruleset[],
  where: Where,
  grammar: Grammar,
  before: readonly Ruleset[] | undefined,
): PlacedRule[] {
  const earlier = new Map((before ? keyed(before, where, grammar) : []).map(({ key, rule }) => [key, rule]))
  return keyed(rulesets, where, grammar).map(({ key, rule }) => {
    const then = earlier.get(key)
    // Less than before: it was made anew, or set back to zero.
    const isNew = !then || then.packets > rule.packets || then.bytes > rule.bytes
    const { packets, bytes } = rule
    return {
      ...rule,
      more: isNew ? { packets, bytes } : { packets: packets - then.packets, bytes: bytes - then.bytes },
    }
  })
}

export function rulesThatMean(wanted: Rule, rules: readonly PlacedRule[]): PlacedRule[] {
  return rules.filter(({ meaning }) => isSameRule(wanted, meaning))
}

/** The first rule that differs from the wanted one by a single option, and which that is; empty if there is none. */
export function nearestMiss(wanted: Rule, rules: readonly PlacedRule[]): string[] {
  for (const { number, meaning } of rules) {
    const difference = nearMiss(wanted, meaning)
    if (difference !== undefined) return [`rule ${number} comes near: ${difference}`]
  }
  return []
}

/** Where else the wanted rule is. */
export function elsewhere(wanted: Rule, rulesets: readonly Ruleset[], grammar: Grammar): string[] {
  const chains = rulesets.flatMap(({ tables }) =>
    [...tables].flatMap(([table, all]) => [...all].map(([name, { rules }]) => ({ where: `${table} ${name}`, rules }))),
  )
  return chains.flatMap(({ where, rules }) => {
    const index = rules.findIndex(({ text }) => isSameRule(wanted, parseRule(text, grammar)))
    return index < 0 ? [] : [`${where} has it as rule ${index + 1}`]
  })
}

/** The key of a rule is its back end, its meaning, and which of several such rules of the chain it is. */
function keyed(rulesets: readonly Ruleset[], { table, chain }: Where, grammar: Grammar) {
  const seen = new Map<string, number>()
  return rulesets.flatMap(({ backEnd, tables }) =>
    (tables.get(table)?.get(chain)?.rules ?? []).map((rule, index) => {
      const meaning = parseRule(rule.text, grammar)
      const name = `${backEnd} ${ruleKey(meaning)}`
      const occurrence = (seen.get(name) ?? 0) + 1
      seen.set(name, occurrence)
      const label = rulesets.length > 1 ? backEnd : ''
      return { key: `${name} ${occurrence}`, rule: { ...rule, backEnd: label, number: index + 1, meaning } }
    }),
  )
}
