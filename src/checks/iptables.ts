import { z } from 'zod'
import { defineCheck, duringKey } from './check.ts'
import { iptablesGrammar } from './rules/iptables-grammar.ts'
import { judgeRules, type RulesSeen } from './rules/judge.ts'
import { armRules, endRules, observeRules, type RulesWatch } from './rules/look.ts'
import { readIptables } from './rules/read.ts'
import { amountsOf, type RuleLanguage, ruleKeys, ruleSubjectSchema } from './rules/wanted.ts'

const language: RuleLanguage = {
  grammar: iptablesGrammar,
  tables: {
    filter: ['INPUT', 'FORWARD', 'OUTPUT'],
    nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
    mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
    raw: ['PREROUTING', 'OUTPUT'],
    security: ['INPUT', 'FORWARD', 'OUTPUT'],
  },
  read: readIptables,
}

/** A rule by its meaning, with what it counts while a command runs; or a chain with its policy. */
export const iptables = defineCheck({
  kind: 'iptables',
  tools: ['iptables'],
  schema: z.strictObject({
    iptables: ruleSubjectSchema(language, 'nat POSTROUTING -o eth0 -j MASQUERADE').describe(
      'TABLE CHAIN RULE, or TABLE CHAIN',
    ),
    policy: z.enum(['ACCEPT', 'DROP']).optional().describe('of the chain'),
    ...ruleKeys,
    ...duringKey,
  }),
  within: () => 0,
  arm: async ({ iptables: subject, ...wishes }, probe): Promise<RulesWatch> =>
    await armRules(language, subject, wishes, probe),
  end: async ({ iptables: subject, ...wishes }, probe, watch) =>
    await endRules(language, subject, wishes, probe, watch),
  isFact: (wishes) => amountsOf(wishes).length === 0,
  observe: async ({ iptables: subject, ...wishes }, probe, watch): Promise<RulesSeen> =>
    await observeRules(language, subject, wishes, probe, watch),
  judge: ({ iptables: subject, ...wishes }, seen) => judgeRules(language, subject, wishes, seen),
  isNegative: ({ absent }) => absent === true,
})
