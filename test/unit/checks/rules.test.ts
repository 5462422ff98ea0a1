import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ebtablesGrammar } from '../../../src/checks/rules/ebtables-grammar.ts'
import { iptablesGrammar } from '../../../src/checks/rules/iptables-grammar.ts'
import { parseRule } from '../../../src/checks/rules/parse.ts'
import { isSameRule, nearMiss, ruleKey } from '../../../src/checks/rules/rule.ts'
import { quoteWord, ruleWords } from '../../../src/checks/rules/words.ts'
import { DIFFERENT, EBTABLES_DIFFERENT, EBTABLES_SAME, SAME, SAME_BY_MEANING } from './rule-spellings.ts'

const read = (text: string) => parseRule(text, iptablesGrammar)

test('there are a hundred of each', () => {
  expect(SAME.length).toBeGreaterThanOrEqual(100)
  expect(DIFFERENT.length).toBeGreaterThanOrEqual(100)
})

test.each([...SAME, ...SAME_BY_MEANING])('the same: $first = $second', ({ first, second }) => {
  expect(ruleKey(read(second))).toBe(ruleKey(read(first)))
  expect(isSameRule(read(first), read(second))).toBe(true)
})

test.each(DIFFERENT)('not the same: $first ≠ $second', ({ first, second }) => {
  expect(isSameRule(read(first), read(second))).toBe(false)
  expect(isSameRule(read(second), read(first))).toBe(false)
})

test.each(EBTABLES_SAME)('the same for ebtables: $first = $second', ({ first, second }) => {
  expect(ruleKey(parseRule(second, ebtablesGrammar))).toBe(ruleKey(parseRule(first, ebtablesGrammar)))
})

test.each(EBTABLES_DIFFERENT)('not the same for ebtables: $first ≠ $second', ({ first, second }) => {
  expect(isSameRule(parseRule(first, ebtablesGrammar), parseRule(second, ebtablesGrammar))).toBe(false)
})
