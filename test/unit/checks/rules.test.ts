import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ebtablesGrammar } from '../../../src/checks/rules/ebtables-grammar.ts'
import { iptablesGrammar } from '../../../src/checks/rules/iptables-grammar.ts'
import { parseRule } from '../../../src/checks/rules/parse.ts'
import { isSameRule, nearMiss, ruleKey } from '../../../src/checks/rules/rule.ts'
import { quoteWord, ruleWords } from '../../../src/checks/rules/words.ts'
import { EBTABLES_DIFFERENT, EBTABLES_SAME } from './ebtables-spellings.ts'
import { DIFFERENT } from './rule-differences.ts'
import { SAME, SAME_BY_MEANING } from './rule-spellings.ts'

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

test('ebtables itself does not look at what is logged, but we do', () => {
  const [first, second] = ['x', 'y'].map((prefix) => parseRule(`--log-prefix ${prefix}`, ebtablesGrammar))
  expect(isSameRule(first!, second!)).toBe(false)
})

describe('a comment', () => {
  const [plain, commented, other] = [
    '-p tcp -j DROP',
    '-p tcp -m comment --comment "from Ann" -j DROP',
    '-p tcp -m comment --comment "from Bob" -j DROP',
  ].map(read)

  test('that is there does not matter, if nobody asks for one', () => {
    expect(isSameRule(plain!, commented!)).toBe(true)
  })

  test('that is asked for must be there, and the same', () => {
    expect(isSameRule(commented!, commented!)).toBe(true)
    expect(isSameRule(commented!, plain!)).toBe(false)
    expect(isSameRule(commented!, other!)).toBe(false)
  })
})

describe('what nobody knows is compared literally', () => {
  test.each([
    ['-m new --new-option a b -j DROP', '-j DROP -m new --new-option a b', true],
    ['-m new ! --new-option a', '-m new --new-option ! a', true],
    ['-m new ! --new-option a', '-m new --new-option a', false],
    ['-m new --new-option a', '-m new --new-option A', false],
    ['-m new', '-m new --new-option', false],
    ['-m new --one --two', '-m new --two --one', true],
    ['-j NEW --new-option 1', '-j NEW --new-option 0x1', false],
    ['-m new --one -m new --two', '-m new --one --two', false],
    ['--new-option', '--other-option', false],
    ['-s somewhere -p what --dport nothing', '-s SOMEWHERE -p what --dport nothing', true],
    ['-m socket', '-j DROP', false],
    ['-m limit --limit soon', '-m limit --limit later', false],
  ])('%s and %s: %s', (first, second, same) => {
    expect(isSameRule(read(first), read(second))).toBe(same)
  })

  test('and nothing ever throws', () => {
    const word = fc.oneof(
      fc.constantFrom(
        ...'-p tcp -m -j ! --dport --tcp-flags -s 1.2.3.4/ / : , " \' \\ = -- - --to --m recent'.split(' '),
      ),
      fc.string({ maxLength: 6 }),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        for (const grammar of [iptablesGrammar, ebtablesGrammar]) {
          const rule = parseRule(words.join(' '), grammar)
          expect(isSameRule(rule, rule)).toBe(true)
        }
      }),
    )
  })
})

describe('words', () => {
  test.each([
    ['-p  tcp\t-j\nDROP', ['-p', 'tcp', '-j', 'DROP']],
    [`--comment "it\\'s \\"a\\" b"`, ['--comment', `it's "a" b`]],
    [`--comment "a\\\\b$c"`, ['--comment', 'a\\b$c']],
    [`'a "b" \\'c d\\ e`, ['a "b" \\c', 'd e']],
    [`--log-prefix "in: "x`, ['--log-prefix', 'in: x']],
    [`'' ""`, ['', '']],
    [`"open`, ['open']],
    [`'open`, ['open']],
    ['', []],
  ])('%s', (text, words) => {
    expect(ruleWords(text)).toEqual(words)
  })

  test('that are quoted come back', () => {
    fc.assert(
      fc.property(fc.string(), (word) => {
        expect(ruleWords(quoteWord(word))).toEqual([word])
      }),
    )
  })
})

describe('a near miss says which option it is', () => {
  test.each([
    [
      '-p tcp --dport 8000 -j DROP',
      '-p tcp -m tcp --dport 8001 -j DROP',
      'it has `--dport 8001` instead of `--dport 8000`',
    ],
    ['! -o br0 -j MASQUERADE', '-o br0 -j MASQUERADE', 'it has `-o br0` instead of `! -o br0`'],
    ['-p tcp -j DROP', '-p udp -j DROP', 'it has `-p udp` instead of `-p tcp`'],
    ['-p tcp --dport 80', '-p udp -m udp --dport 80', 'it has `-p udp` instead of `-p tcp`'],
    ['-p tcp -j DROP', '-j DROP', 'it lacks `-p tcp`'],
    ['-j DROP', '-i eth0 -j DROP', 'it also has `-i eth0`'],
    ['-j DROP', '-m comment --comment "x y" -i eth0 -j DROP', 'it also has `-i eth0`'],
    ['-p tcp -j REJECT', '-p tcp -j DROP', 'it has `-j DROP` instead of `-j REJECT`'],
    [
      '-p tcp -j DNAT --to 10.0.0.1:80',
      '-p tcp -j DNAT --to-destination 10.0.0.2:80',
      'it has `--to-destination 10.0.0.2:80` instead of `--to 10.0.0.1:80`',
    ],
    [
      '-p tcp -j REDIRECT --to-ports 80',
      '-p tcp -j DNAT --to-destination 10.0.0.2:80',
      'it has `-j DNAT --to-destination 10.0.0.2:80` instead of `-j REDIRECT --to-ports 80`',
    ],
    ['-m state --state NEW', '-m conntrack --ctstate INVALID', 'it has `--ctstate INVALID` instead of `--state NEW`'],
    [
      '-m comment --comment "a b" -j DROP',
      '-m comment --comment c -j DROP',
      'it has `--comment c` instead of `--comment "a b"`',
    ],
  ])('%s, %s', (wanted, found, said) => {
    expect(nearMiss(read(wanted), read(found))).toBe(said)
  })

  test.each([
    ['-p tcp -j DROP', '-p udp -j ACCEPT'],
    ['-s 10.0.0.1 -j DROP', '-d 10.0.0.1 -j DROP'],
    ['-p tcp -s 10.0.0.1 -j DROP', '-j DROP'],
    ['-j DROP', '-p tcp -s 10.0.0.1 -j DROP'],
  ])('but not where two are different: %s, %s', (wanted, found) => {
    expect(nearMiss(read(wanted), read(found))).toBeUndefined()
  })
})
