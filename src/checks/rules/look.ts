import { ProbeError } from '../../world/probes.ts'
import type { Probe } from '../check.ts'
import { judgeRules, type RulesSeen } from './judge.ts'
import type { Ruleset } from './ruleset.ts'
import { amountsOf, type RuleLanguage, type RuleSubject, type RuleWishes } from './wanted.ts'

/** The rules when the watch began and when it ended; undefined where that does not matter, or is not over. */
export interface RulesWatch {
  readonly before: readonly Ruleset[] | undefined
  readonly after?: readonly Ruleset[]
}

/** Reads the counters, if what they count during a command matters. */
export async function armRules(
  language: RuleLanguage,
  { table }: RuleSubject,
  wishes: RuleWishes,
  probe: Probe,
): Promise<RulesWatch> {
  if (!isCounted(wishes)) return { before: undefined }
  try {
    return { before: await language.read(probe, wishes.in, table) }
  } catch (error) {
    // The command may make the namespace: then its rules are new.
    if (error instanceof ProbeError && error.code === 'missing-namespace') return { before: undefined }
    throw error
  }
}

/** Reads the counters again. */
export async function endRules(
  language: RuleLanguage,
  { table }: RuleSubject,
  wishes: RuleWishes,
  probe: Probe,
  watch: RulesWatch,
): Promise<RulesWatch> {
  return isCounted(wishes) ? { ...watch, after: await language.read(probe, wishes.in, table) } : watch
}

/** Reads the rules; where they are not as wanted, it also shows them as a person would look at them. */
export async function observeRules(
  language: RuleLanguage,
  subject: RuleSubject,
  wishes: RuleWishes,
  probe: Probe,
  { before, after }: RulesWatch,
): Promise<RulesSeen> {
  refuseContradictions(subject, wishes)
  const seen = { now: after ?? (await language.read(probe, wishes.in, subject.table)), before }
  if (!judgeRules(language, subject, wishes, seen).holds) await showChain(subject, wishes.in, seen.now, probe)
  return seen
}

function isCounted(wishes: RuleWishes): boolean {
  return amountsOf(wishes).some(({ amount }) => amount.watched)
}

/** What needs a look at two keys at once. */
function refuseContradictions({ rule }: RuleSubject, wishes: RuleWishes): void {
  const counts = amountsOf(wishes).length > 0
  const key = wishes.packets === undefined ? 'bytes' : 'packets'
  if (counts && wishes.absent) throw new ProbeError('trouble', `\`${key}\` makes no sense with \`absent\``)
  if (counts && rule === undefined) throw new ProbeError('trouble', `\`${key}\` needs a rule: policies are not counted`)
  if (wishes.position !== undefined && rule === undefined) throw new ProbeError('trouble', '`position` needs a rule')
}

async function showChain(
  { table, chain }: RuleSubject,
  place: string,
  rulesets: readonly Ruleset[],
  probe: Probe,
): Promise<void> {
  for (const { program, tables, backEnd } of rulesets) {
    if (backEnd === '' || !tables.get(table)?.has(chain)) continue
    await probe.run(place, [program, '-t', table, '-nvL', chain, '--line-numbers'])
  }
}
