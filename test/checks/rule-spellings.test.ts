import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { ebtablesGrammar } from '../../src/checks/rules/ebtables-grammar.ts'
import { iptablesGrammar } from '../../src/checks/rules/iptables-grammar.ts'
import { parseRule } from '../../src/checks/rules/parse.ts'
import { isSameRule, ruleKey } from '../../src/checks/rules/rule.ts'
import { parseEbtables, parseSaved } from '../../src/checks/rules/ruleset.ts'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { isolated } from '../conformance/case.ts'
import type { Spelling } from '../support/spellings.ts'
import { EBTABLES_DIFFERENT, EBTABLES_SAME } from '../unit/checks/ebtables-spellings.ts'
import { DIFFERENT } from '../unit/checks/rule-differences.ts'
import { SAME, SAME_BY_MEANING } from '../unit/checks/rule-spellings.ts'

const ALL = [...SAME, ...SAME_BY_MEANING, ...DIFFERENT]
const read = (text: string) => parseRule(text, iptablesGrammar)

interface Tried {
  /** What iptables said when the first spelling was added; empty if it did it. */
  readonly refused: string
  /** What it said when it was asked for the second one; empty if it is there. */
  readonly missed: string
  /** The first spelling, as it prints it. */
  readonly saved: string | undefined
}

describe.each(['nft', 'legacy'])('what iptables itself says of the spellings, back end %s', (backEnd) => {
  const program = `iptables-${backEnd}`
  let world: World
  let trouble = ''
  let tried: ReadonlyMap<Spelling, Tried> = new Map()

  beforeAll(async () => {
    world = await World.open(localMachine, isolated)
    trouble = (await world.probe('host', [program, '-L'])).stderr
    if (!trouble) tried = await tryAll(world, program)
  }, 120_000)
  afterAll(() => world.close())
  beforeEach(({ skip }) => skip(trouble !== '', trouble))

  test('it knows each first spelling, and prints it as something that means the same', () => {
    const wrong = ALL.filter((one) => {
      const { refused, saved } = tried.get(one)!
      return refused !== '' || saved === undefined || ruleKey(read(saved)) !== ruleKey(read(one.first))
    })
    expect(wrong.map((one) => [one.first, tried.get(one)])).toEqual([])
  })

  test('where we say that two are the same, it finds the one as the other', () => {
    const wrong = SAME.filter((one) => {
      const { missed, saved = '' } = tried.get(one)!
      return missed !== '' || !isSameRule(read(one.second), read(saved))
    })
    expect(wrong.map((one) => [one.second, tried.get(one)])).toEqual([])
  })

  test('where we say that they are not, it does not', () => {
    const wrong = DIFFERENT.filter((one) => {
      const { missed, saved = '' } = tried.get(one)!
      return !NOT_FOUND.test(missed) || isSameRule(read(one.second), read(saved))
    })
    expect(wrong.map((one) => [one.second, tried.get(one)])).toEqual([])
  })
})

const NOT_FOUND = /does a matching rule exist|No chain\/target\/match by that name/

/** Adds each first spelling to a chain of its own, and asks for the second one. */
async function tryAll(world: World, program: string): Promise<Map<Spelling, Tried>> {
  const lines = ALL.flatMap(({ table, first, second }, index) => [
    `${program} -t ${table} -N C${index} || exit`,
    `say ${index} ${program} -t ${table} -A C${index} ${first}`,
    `say ${index} ${program} -t ${table} -C C${index} ${second}`,
  ])
  const script = [
    'say() { local number=$1 all first; shift; all=$("$@" 2>&1) && all=; read -r first <<< "$all"; echo "$number $first"; }',
    ...['filter', 'nat', 'mangle'].map((table) => `${program} -t ${table} -N U`),
    ...lines,
    `${program}-save`,
  ].join('\n')
  const { stdout, stderr } = await world.probe('host', ['bash', '-c', script], {
    timeout: 100_000,
    amongStudents: true,
  })
  expect(stderr).toBe('')
  const saved = parseSaved(stdout)
  return new Map(
    ALL.map((one, index) => {
      const [refused = 'nothing', missed = 'nothing'] = [...stdout.matchAll(new RegExp(`^${index} (.*)$`, 'gm'))].map(
        ([, said = '']) => said,
      )
      return [one, { refused, missed, saved: saved.get(one.table)?.get(`C${index}`)?.rules[0]?.text }]
    }),
  )
}

test('what ebtables says of the spellings', async () => {
  const all = [...EBTABLES_SAME, ...EBTABLES_DIFFERENT]
  const meaning = (text: string) => parseRule(text, ebtablesGrammar)
  const lines = all.flatMap(({ table, first, second }, index) => [
    `ebtables -t ${table} -N C${index}; ebtables -t ${table} -A C${index} ${first} || echo "refused: ${index}"`,
    `ebtables -t ${table} -L C${index} --Lc`,
    `ebtables -t ${table} -D C${index} ${second} 2>/dev/null && echo "found: ${index}"`,
  ])
  const world = await World.open(localMachine, isolated)
  const { stdout } = await world.probe('host', ['bash', '-c', `exec 2>&1\n${lines.join('\n')}`], {
    timeout: 60_000,
    amongStudents: true,
  })
  await world.close()

  const printed = parseEbtables(stdout)!
  const wrong = all.filter(({ table, first, second }, index) => {
    const text = printed.get(table)?.get(`C${index}`)?.rules[0]?.text
    const isFound = stdout.includes(`found: ${index}\n`)
    const isSame = text !== undefined && isSameRule(meaning(second), meaning(text))
    const isItself = text !== undefined && isSameRule(meaning(first), meaning(text))
    return !isItself || isFound !== isSame || isSame !== index < EBTABLES_SAME.length
  })
  expect([wrong, /^.*(?:refused|unknown).*$/im.exec(stdout)]).toEqual([[], null])
})
