import type { Ruleset } from '../checks/rules/ruleset.ts'
import type { Proposal } from './draft.ts'

interface ChainNow {
  readonly policy: string | undefined
  readonly rules: readonly string[]
}

/** Checks of what has changed in the tables of iptables. */
export function changedRules(
  where: object,
  before: readonly Ruleset[] | undefined,
  after: readonly Ruleset[] | undefined,
): Proposal[] {
  if (!after) return []
  const then = chainsOf(before ?? [])
  const now = chainsOf(after)
  const found = [...now].flatMap(([name, chain]) => changedChain(name, where, then.get(name), chain))
  const gone = [...then].flatMap(([name, { rules }]) =>
    rules
      .filter((rule) => !now.get(name)?.rules.includes(rule))
      .map((rule) => ({ iptables: `${name} ${rule}`, ...where, absent: true })),
  )
  return [...found, ...gone]
}

function changedChain(name: string, where: object, then: ChainNow | undefined, now: ChainNow): Proposal[] {
  const made = now.rules.filter((rule) => !then?.rules.includes(rule))
  // A table that nobody has touched lets everything pass.
  const policy = now.policy !== undefined && now.policy !== (then?.policy ?? 'ACCEPT') ? [{ policy: now.policy }] : []
  const isNew = !then && now.policy === undefined && made.length === 0
  return [
    ...policy.map((one) => ({ iptables: name, ...where, ...one })),
    ...(isNew ? [{ iptables: name, ...where }] : []),
    ...made.map((rule) => ({ iptables: `${name} ${rule}`, ...where })),
  ]
}

/** By `table CHAIN`, of both back ends together. */
function chainsOf(rulesets: readonly Ruleset[]): Map<string, ChainNow> {
  const chains = new Map<string, ChainNow>()
  for (const { tables } of rulesets) {
    for (const [table, all] of tables) {
      for (const [chain, { policy, rules }] of all) {
        const name = `${table} ${chain}`
        const other = chains.get(name)
        const texts = rules.map(({ text }) => text)
        chains.set(name, { policy: other?.policy ?? policy, rules: [...(other?.rules ?? []), ...texts] })
      }
    }
  }
  return chains
}
