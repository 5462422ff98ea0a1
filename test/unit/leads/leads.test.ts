import { describe, expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import type { GradedStep, Lead } from '../../../src/grade/model.ts'
import type { JournalEntry } from '../../../src/guide/journal.ts'
import type { Values } from '../../../src/lab/params.ts'
import { parseLabOrThrow } from '../../../src/lab/parse.ts'
import { findLeads } from '../../../src/leads/find.ts'
import { type Fingerprint, fingerprint, type Look } from '../../../src/leads/fingerprint.ts'
import { Normalizer } from '../../../src/leads/normal.ts'
import { workOfJournal } from '../../../src/submission/gather.ts'
import type { Submission } from '../../../src/submission/read.ts'
import { answer, chain, command, started } from '../../support/journal.ts'
import { fence, frontMatter } from '../../support/lab-text.ts'

const LAB = [
  frontMatter(
    'params:',
    '  lan: {subnet: 10.16.0.0/12, prefix: 24}',
    '  port: {int: 8000..65000}',
    '  name: {pick: [adam, boris, carl]}',
  ),
  '## One',
  fence('sh solution', 'ip netns add {{name}}', 'ip -n {{name}} addr add {{lan.1}}/24 dev eth0'),
  fence('yaml check', '- netns: "{{name}}"'),
  '## Two',
  fence('sh', 'sysctl -w net.ipv4.ip_forward=1'),
].join('\n')

const labOf = (values: Values) => parseLabOrThrow(LAB, 'demo.md', checks, () => values)

const ADA = {
  pseudonym: 'saaaaaaaaaaaa',
  canary: 'aaaa1111',
  values: { lan: '10.20.7.0/24', port: '8123', name: 'adam' },
}
const BOB = {
  pseudonym: 'sbbbbbbbbbbbb',
  canary: 'bbbb2222',
  values: { lan: '10.21.9.0/24', port: '9456', name: 'carl' },
}
const EVE = {
  pseudonym: 'seeeeeeeeeeee',
  canary: 'eeee3333',
  values: { lan: '10.30.1.0/24', port: '40000', name: 'boris' },
}
type Student = typeof ADA

interface Done {
  readonly journal?: readonly (JournalEntry & { readonly at?: string })[]
  readonly change?: (submission: Submission) => Partial<Submission>
  readonly from?: string
  readonly look?: Partial<Look>
}

/** The fingerprint of what somebody has handed in. */
function print(student: Student, texts: readonly string[], { journal, change, from, look }: Done = {}): Fingerprint {
  const lab = labOf(student.values)
  const typed = texts.map((text) => command('one', 0, text))
  const begun = { ...started, ticket: student.pseudonym }
  const entries = chain(
    journal ?? [begun, ...typed],
    from ?? `2026-11-2${Object.keys(STUDENTS).indexOf(student.pseudonym)}T10:00:00.000Z`,
  )
  const submission: Submission = {
    sha256: '',
    manifest: {
      labrun: 'submission',
      version: 1,
      lab: 'demo',
      digest: '',
      created: '2026-12-01T00:00:00.000Z',
      by: '',
      files: {},
    },
    ticket: '',
    work: workOfJournal(lab, entries),
    advice: null,
    journal: { entries, intact: true, trouble: null },
  }
  const ticket = {
    pseudonym: student.pseudonym,
    issued: '2026-11-01T00:00:00.000Z',
    expires: '2027-01-01T00:00:00.000Z',
  }
  const whole = { ...submission, ...change?.(submission) }
  return fingerprint({ ...student, submission: whole, lab, ticket, steps: null, ...look })
}

const STUDENTS = { [ADA.pseudonym]: ADA, [BOB.pseudonym]: BOB, [EVE.pseudonym]: EVE }

function leadsOf(...words: Parameters<typeof findLeads>): Map<string, Lead[]> {
  const found = new Map<string, Lead[]>()
  for (const [pseudonym, lead] of findLeads(...words)) found.set(pseudonym, [...(found.get(pseudonym) ?? []), lead])
  return found
}

/** Kinds of leads by pseudonym. */
function kinds(...prints: readonly Fingerprint[]): Record<string, string[]> {
  const found = leadsOf(prints, { params: labOf(ADA.values).params, students: [ADA, BOB, EVE] })
  return Object.fromEntries([...found].map(([who, list]) => [who, list.map(({ kind }) => kind)]))
}

/** The way of somebody who thinks: nobody else does it so. */
const way = ({ values: { lan, port, name } }: Student): string[] => {
  const net = lan.replace('.0/24', '')
  return [
    `ip netns add ${name}`,
    `ip link add brdige0 type bridge`,
    `ip link add vethA0 type veth peer name eth0   netns ${name}`,
    `ip -n ${name} addr add ${net}.1/24 dev eth0`,
    `iptables -t nat -A PREROUTING -p tcp --dport ${port} -j DNAT --to ${net}.1:80`,
  ]
}

describe('commands without their values', () => {
  it('are the same for students who have done the same', () => {
    const [ada, bob] = [ADA, BOB].map((one) => way(one).map((text) => new Normalizer(labOf(one.values)).normal(text)))
    expect(ada).toEqual(bob)
    expect(ada!.at(-1)).toBe('iptables -t nat -A PREROUTING -p tcp --dport {{port}} -j DNAT --to {{lan+1}}:80')
  })

  it('keep what only looks like a value', () => {
    const normalizer = new Normalizer(labOf(ADA.values))
    const text = 'x 18123 8123.5 madam 110.20.7.1 10.20.7.10.1 10.20.70.1 adam_'
    expect(normalizer.normal(text)).toBe(text)
    expect(normalizer.normal('sudo  veth-adam 10.20.7.0/24 10.20.7.255')).toBe('veth-{{name}} {{lan}} {{lan+255}}')
  })
})

describe('leads between submissions', () => {
  it('are none where everybody has done the work alone', () => {
    const other = [
      'ip link add lan0 type bridge',
      'ip link set lan0 up; ip link',
      'ping -c 1 10.21.9.1 || echo no answer',
    ]
    expect(kinds(print(ADA, way(ADA)), print(BOB, other), print(EVE, ['ip netns add boris']))).toEqual({})
  })

  it('are none for those who have typed what the lab itself says', () => {
    const solution = (one: Student) =>
      labOf(one.values).steps.flatMap(({ items }) =>
        items.flatMap((item) => (item.kind === 'block' ? item.commands.map(({ text }) => text) : [])),
      )
    expect(kinds(print(ADA, solution(ADA)), print(BOB, solution(BOB)))).toEqual({})
  })

  it('tell of an equal history, for both', () => {
    const found = kinds(print(ADA, way(ADA)), print(BOB, way(BOB)), print(EVE, ['ip netns add boris']))
    expect(found).toEqual({ [ADA.pseudonym]: ['equal-history'], [BOB.pseudonym]: ['equal-history'] })
  })

  it('tell of a history of which the greater part is shared', () => {
    const more = (one: Student) => [
      ...way(one),
      'ip link set dev vethA0 master brdige0',
      'ip link set dev vethA0 up',
      'ip addr add 10.99.99.9/8 dev brdige0',
    ]
    const found = kinds(print(ADA, more(ADA)), print(BOB, [...more(BOB), 'echo something else entirely']))
    expect(found).toEqual({ [ADA.pseudonym]: ['similar-history'], [BOB.pseudonym]: ['similar-history'] })
  })

  it.each([500, 4000])('tell of a history that was copied, also where %i other commands stand before it', (count) => {
    const more = [
      'ip link set dev vethA0 master brdige0',
      'ip link set dev vethA0 up',
      'ip addr add 10.99.99.9/8 dev brdige0',
    ]
    const junk = Array.from({ length: count }, (_, n) => `echo something of my own ${n}a`)
    const found = kinds(print(ADA, [...way(ADA), ...more]), print(EVE, [...junk, ...way(EVE), ...more]))
    expect(found).toEqual({ [ADA.pseudonym]: ['similar-history'], [EVE.pseudonym]: ['similar-history'] })
  })

  it('tell of so much that not all of it is compared', () => {
    const junk = Array.from({ length: 10_001 }, (_, n) => `echo something of my own ${n}a`)
    expect(kinds(print(ADA, way(ADA)), print(EVE, [...junk, ...way(EVE)]))).toEqual({ [EVE.pseudonym]: ['too-many'] })
  })

  it('tell of what many do alike in nobody’s name', () => {
    const prints = Array.from({ length: 40 }, (_, n) => ({
      ...print(ADA, way(ADA)),
      pseudonym: `s${n}`,
      entries: [n],
      values: {},
      canary: null,
    }))
    expect(leadsOf(prints, { params: new Map() }).size).toBe(0)
  })

  it.each([
    [
      'two values',
      ['ip addr add 10.20.7.1/24 dev eth0', 'nc -l -p 8123'],
      'foreign-values',
      'lan (10.20.7.1), port (8123)',
    ],
    ['one value twice', ['ip addr add 10.20.7.1/24 dev eth0', 'ping 10.20.7.9'], 'foreign-value', 'may be chance'],
    ['a canary', ['echo aaaa1111'], 'foreign-canary', ADA.pseudonym],
  ])('tell of %s of another student', (_, texts, kind, reason) => {
    const found = leadsOf([print(ADA, []), print(BOB, texts)], { params: labOf(ADA.values).params })
    expect([...found.keys()]).toEqual([BOB.pseudonym])
    expect(found.get(BOB.pseudonym)).toEqual([
      { kind, reason: expect.stringContaining(reason), others: [ADA.pseudonym] },
    ])
  })

  it('are none for one slip, for what few can have, and for what the lab says', () => {
    const slips = ['ping 10.20.7.1', 'ip netns add adam', 'ip netns add adam && ip link', 'curl http://10.21.9.1:9456']
    expect(kinds(print(ADA, []), print(BOB, slips))).toEqual({})
  })

  it('find the values of who has handed in nothing', () => {
    expect(kinds(print(BOB, ['curl http://10.20.7.1:8123/']))).toEqual({ [BOB.pseudonym]: ['foreign-values'] })
  })

  it.each([
    ['one command', ['echo hello there']],
    ['more commands than are kept', Array.from({ length: 500 }, (_, n) => `echo something else ${n}`)],
  ])('look at the work, also where the journal tells of something else: %s', (_, texts) => {
    const journal = [{ ...started, ticket: BOB.pseudonym }, ...texts.map((text) => command('one', 0, text))]
    const commands = [...way(BOB), 'curl http://10.20.7.1:8123/'].map((text) => ({
      ...{ terminal: 'main', text, exit: 0, at: null },
    }))
    const copied = print(BOB, [], {
      journal,
      change: () => ({ work: { steps: [{ id: 'one', commands, answers: [] }] } }),
    })
    const ada = print(ADA, way(ADA))
    expect(copied.commands).toEqual(expect.arrayContaining([...ada.commands]))
    const found = kinds(ada, copied)
    expect(found[BOB.pseudonym]).toEqual(expect.arrayContaining(['journal-work', 'foreign-values']))
  })

  it('tell of a journal that was copied and gone on with', () => {
    const entries = [{ ...started, ticket: ADA.pseudonym }, command('one', 0, 'ip netns add adam')]
    const from = '2026-11-20T10:00:00.000Z'
    const found = kinds(
      print(ADA, [], { journal: entries, from }),
      print(BOB, [], { journal: [...entries, command('one', 0, 'echo mine')], from }),
    )
    expect(found).toEqual({
      [ADA.pseudonym]: ['same-journal'],
      [BOB.pseudonym]: ['foreign-ticket', 'same-journal'],
    })
  })
})

describe('leads that one submission gives', () => {
  const own = (texts: readonly string[], done: Done = {}) => print(ADA, texts, done).own
  const graded = (commands: GradedStep['commands'], items: Partial<GradedStep['items'][number]>[] = []): GradedStep =>
    ({ id: 'one', carried: false, commands, items }) as unknown as GradedStep

  it('are none where all fits, and none where the journal was taken out', () => {
    expect(own(way(ADA))).toEqual([])
    expect(own(way(ADA), { change: () => ({ journal: null }) })).toEqual([])
  })

  it('tell of a broken chain', () => {
    const change = ({ journal }: Submission) => ({
      journal: { ...journal!, intact: false, trouble: 'entry 3 of the journal was changed' },
    })
    expect(own(way(ADA), { change })).toMatchObject([
      { kind: 'broken-journal', reason: expect.stringContaining('entry 3') },
    ])
  })

  it('tell of work that the journal does not know, and the other way round', () => {
    const step = { id: 'one', commands: [{ terminal: 'main', text: 'curl evil', exit: 0, at: null }], answers: [] }
    const [lead] = own(['ip netns add x'], { change: () => ({ work: { steps: [step] } }) })
    expect(lead).toMatchObject({
      kind: 'journal-work',
      reason:
        'the journal does not fit the work: 1 of the work are not in the journal, 1 of the journal are not in the work, as `curl evil`',
    })
    const journal = [{ ...started, ticket: ADA.pseudonym }, answer('one', 9, '7')]
    const other = ({ work }: Submission) => ({
      work: {
        steps: work.steps.map((one) => ({ ...one, answers: one.answers.map((two) => ({ ...two, text: '8' })) })),
      },
    })
    expect(own([], { journal, change: other })).toMatchObject([{ kind: 'journal-work' }])
  })

  it('tell of commands that ended otherwise, if they are many', () => {
    const texts = ['one', 'two', 'three', 'four', 'five'].map((word) => `echo ${word} and more`)
    const replayed = (exits: readonly number[]) => [
      graded(texts.map((text, n) => ({ terminal: 'main', text, exit: exits[n]!, output: '' }))),
    ]
    expect(own(texts, { look: { steps: replayed([1, 1, 0, 0, 0]) } })).toEqual([])
    expect(own(texts, { look: { steps: replayed([1, 1, 1, 0, 0]) } })).toMatchObject([
      { kind: 'journal-replay', reason: expect.stringContaining('of 5 commands 3') },
    ])
  })

  it('tell of advice that the replay does not bear out, without what is hidden', () => {
    const item = { kind: 'netns', label: 'netns: adam', hidden: false, status: 'failed' as const }
    const check = {
      kind: 'netns',
      label: 'netns: adam',
      line: 1,
      column: 1,
      status: 'passed' as const,
      actual: '',
      diagnosis: null,
    }
    const advice = {
      labrun: 'advice',
      version: 1,
      note: '',
      status: 'passed',
      trouble: null,
      steps: [{ id: 'one', status: 'passed', checks: [check], answers: [] }],
    } as const
    const change = () => ({ advice: { ...advice, steps: [{ ...advice.steps[0], checks: [check], answers: [] }] } })
    expect(own([], { change, look: { steps: [graded([], [item])] } })).toMatchObject([{ kind: 'advice-replay' }])
    expect(own([], { change, look: { steps: [graded([], [{ ...item, hidden: true }])] } })).toEqual([])
  })

  it.each([
    ['the clock goes back', ['2026-11-20T10:00:00.000Z', '2026-11-20T09:00:00.000Z']],
    ['goes on after the submission', ['2026-11-20T10:00:00.000Z', '2026-12-20T09:00:00.000Z']],
    ['after the ticket has expired', ['2026-11-20T10:00:00.000Z', '2027-02-20T09:00:00.000Z']],
    ['before the ticket was made', ['2026-10-20T10:00:00.000Z', '2026-11-20T09:00:00.000Z']],
  ])('tell of odd times: %s', (reason, [first, last]) => {
    const journal = [
      { ...started, ticket: ADA.pseudonym, at: first! },
      { ...command('one', 0, 'ls'), at: last! },
    ]
    const found = own([], { journal })
    expect(found.every(({ kind }) => kind === 'odd-times')).toBe(true)
    expect(found.map((lead) => lead.reason).join()).toContain(reason)
  })

  it('tell of ten commands within five seconds, and not of a script of three', () => {
    const burst = (count: number) => [
      { ...started, ticket: ADA.pseudonym, at: '2026-11-20T10:00:00.000Z' },
      ...Array.from({ length: count }, (_, n) => ({
        ...command('one', 0, `ip link add veth${n} type veth`),
        at: `2026-11-20T10:00:01.${n}00Z`,
      })),
    ]
    expect(own([], { journal: burst(3) })).toEqual([])
    expect(own([], { journal: burst(10) })).toMatchObject([{ kind: 'odd-times' }])
  })
})

describe('a large class', () => {
  it('is kept as fingerprints of bounded size, whatever was handed in', () => {
    const long = Array.from(
      { length: 12_000 },
      (_, n) => `echo ${10_000 + n} 192.0.${n % 250}.${n % 200} ${'x'.repeat(1000)}`,
    )
    const { commands, addresses, numbers, canaries, entries } = print(ADA, long)
    expect(commands.length).toBe(10_000)
    expect(addresses.length + numbers.length + canaries.length + entries.length).toBeLessThanOrEqual(31_000)
    expect(commands.every(Number.isSafeInteger)).toBe(true)
  })

  it('of 3,000 is looked through at once', () => {
    const one = print(ADA, way(ADA))
    const prints = Array.from({ length: 3000 }, (_, n) => ({
      ...one,
      pseudonym: `s${n}`,
      entries: [n],
      // Each in a way of his own, but for two of them.
      commands: Array.from({ length: 60 }, (_unused, k) => (n === 2999 ? 0 : n) * 60 + k),
    }))
    expect([...findLeads(prints, { params: new Map() })]).toMatchObject([
      ['s0', { kind: 'equal-history', others: ['s2999'] }],
      ['s2999', { kind: 'equal-history', others: ['s0'] }],
    ])
  })
})
