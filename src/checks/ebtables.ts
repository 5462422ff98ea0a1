import { z } from 'zod'
import { defineCheck, duringKey } from './check.ts'
import { ebtablesGrammar } from './rules/ebtables-grammar.ts'
import { judgeRules, type RulesSeen } from './rules/judge.ts'
import { armRules, endRules, observeRules, type RulesWatch } from './rules/look.ts'
import { readEbtables } from './rules/read.ts'
import { amountsOf, type RuleLanguage, ruleKeys, ruleSubjectSchema } from './rules/wanted.ts'

const language: RuleLanguage = {
  grammar: ebtablesGrammar,
  tables: {
    filter: ['INPUT', 'FORWARD', 'OUTPUT'],
    nat: ['PREROUTING', 'OUTPUT', 'POSTROUTING'],
    broute: ['BROUTING'],
  },
  read: readEbtables,
}

/** The same as `iptables`, for the frames that pass a bridge. */
export const ebtables = defineCheck({
  kind: 'ebtables',
  tools: ['ebtables'],
  schema: z.strictObject({
    ebtables: ruleSubjectSchema(language, 'filter FORWARD -p ARP -j DROP').describe('TABLE CHAIN RULE, or TABLE CHAIN'),
    policy: z.enum(['ACCEPT', 'DROP', 'RETURN']).optional().describe('of the chain'),
    ...ruleKeys,
    ...duringKey,
  }),
  within: () => 0,
  arm: async ({ ebtables: subject, ...wishes }, probe): Promise<RulesWatch> =>
    await armRules(language, subject, wishes, probe),
  end: async ({ ebtables: subject, ...wishes }, probe, watch) =>
    await endRules(language, subject, wishes, probe, watch),
  isFact: (wishes) => amountsOf(wishes).length === 0,
  observe: async ({ ebtables: subject, ...wishes }, probe, watch): Promise<RulesSeen> =>
    await observeRules(language, subject, wishes, probe, watch),
  judge: ({ ebtables: subject, ...wishes }, seen) => judgeRules(language, subject, wishes, seen),
  isNegative: ({ absent }) => absent === true,
})
