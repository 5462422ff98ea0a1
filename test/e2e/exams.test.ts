import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Ended, labrun, labrunWith } from '../support/labrun.ts'
import { Screen } from './screen.ts'

const EXAM = `---
labrun: 1
title: "An exam in {{lan}}"
params:
  lan: {subnet: 10.16.0.0/12, prefix: 24}
  box: {pick: [anna, bert, carla]}
  fault: {pick: [a, b], hidden: true}
---

# An exam

## Make it

<!-- step: make points: 3 -->

\`\`\`sh setup
echo {{fault}} > /tmp/fault
\`\`\`

Make {{box}}, which answers at {{lan.1}}.

<details><summary>Solution</summary>

\`\`\`sh solution
ip netns add {{box}}
ip -n {{box}} addr add {{lan.1}}/24 dev lo
ip -n {{box}} link set lo up
\`\`\`

</details>

\`\`\`yaml check
- ping: "{{box}} -> {{lan.1}}"
- run: test "$(cat /tmp/fault)" = {{fault}}
  hidden: true
  holds: before
\`\`\`

\`\`\`yaml question
ask: How many addresses has it?
answer: 1
why: You have given it one.
\`\`\`
`
const ROSTER = 'id;name\r\n1001;"Müller; Eva"\r\n1002;=Bob\r\n'

describe('an exam for a class', () => {
  let folder: string
  const path = (...parts: string[]) => join(folder, ...parts)
  let minted: Ended
  let tickets: Record<string, string>

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-exam-'))
    writeFileSync(path('exam.md'), EXAM)
    writeFileSync(path('roster.csv'), ROSTER)
    await labrun('roster', 'key', path('course.key'))
    await labrun('roster', 'key', path('other.key'))
    minted = await mint('tickets', '2099-01-31', 'course.key')
    const rows = readFileSync(path('tickets', 'tickets.csv'), 'utf8').trim().split('\n').slice(1)
    tickets = Object.fromEntries(rows.map((row) => [row.split(',')[0]!, path('tickets', row.split(',').at(-1)!)]))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function mint(out: string, expires: string, key: string): Promise<Ended> {
    const files = ['--lab', path('exam.md'), '--key', path(key), '--out', path(out), '--expires', expires]
    return await labrun('roster', 'tickets', path('roster.csv'), ...files)
  }

  async function edition(file = path('exam.md')): Promise<string> {
    const { status, stdout } = await labrun('edition', file)
    expect(status).toBe(0)
    return stdout
  }

  it('has a key that only its owner can read, and that is never overwritten', async () => {
    expect(statSync(path('course.key')).mode & 0o777).toBe(0o600)
    const before = readFileSync(path('course.key'), 'utf8')
    const again = await labrun('roster', 'key', path('course.key'))
    expect(again.status).toBe(2)
    expect(again.stderr).toContain('is there already, and is left as it is')
    expect(readFileSync(path('course.key'), 'utf8')).toBe(before)
  })

  it('has a ticket for each student, and a table that says whose is whose', async () => {
    expect(minted).toMatchObject({ status: 0, stderr: '' })
    expect(minted.stdout).toContain('2 tickets for exam')
    expect(readdirSync(path('tickets'))).toHaveLength(3)
    const table = readFileSync(path('tickets', 'tickets.csv'), 'utf8')
    expect(table).toMatch(/^id,name,email,pseudonym,ticket\n1001,Müller; Eva,,(s[a-z2-7]{12}),\1\.ticket\n1002,'=Bob,,/)
    expect(readFileSync(tickets['1001']!, 'utf8')).toMatch(/^labrun-ticket-1\.[\w-]+\.[\w-]+\n$/)
  })

  it('made again has the same values and another date', async () => {
    await mint('again', '2098-01-31', 'course.key')
    const values = async (file: string) =>
      JSON.parse((await labrun('ticket', 'show', file, '--lab', path('exam.md'), '--json')).stdout)
    const [first, second] = [
      await values(tickets['1001']!),
      await values(tickets['1001']!.replace('/tickets/', '/again/')),
    ]
    expect(second.values).toEqual(first.values)
    expect(second.expires).not.toBe(first.expires)
    expect(first).toMatchObject({ valid: true, lab: 'exam' })
    expect(Object.keys(first.values)).toEqual(['lan', 'box'])
  })

  it('shows what is in a ticket, and whether it is valid', async () => {
    const right = await labrun(
      'ticket',
      'show',
      tickets['1002']!,
      '--lab',
      path('exam.md'),
      '--key',
      path('course.key'),
    )
    expect(right.status).toBe(0)
    expect(right.stdout).toMatch(/lan +10\.\d+\.\d+\.0\/24\n[\s\S]*✓ valid/)
    const wrong = await labrun('ticket', 'show', tickets['1002']!, '--key', path('other.key'))
    expect(wrong.status).toBe(1)
    expect(wrong.stdout).toContain('it was signed with another key than that of this course')
  })

  it('gives each student other values, and the same each time', async () => {
    const run = async (id: string) => {
      const { status, stdout } = await labrun('run', path('exam.md'), '--ticket', tickets[id]!)
      expect(status).toBe(0)
      return stdout.split('\n')[0]
    }
    const [one, other] = [await run('1001'), await run('1002')]
    expect(one).toMatch(/^exam: An exam in 10\.\d+\.\d+\.0\/24 /)
    expect(other).not.toBe(one)
    const { stdout } = await labrunWith({ env: { LABRUN_TICKET: tickets['1001']! } }, 'run', path('exam.md'))
    expect(stdout.split('\n')[0]).toBe(one)
  })

  it('can be practised without a ticket', async () => {
    const title = async (...words: string[]) => (await labrun('run', path('exam.md'), ...words)).stdout.split('\n')[0]
    const [anyone, eva] = [await title(), await title('--student', 'eva')]
    expect(await title('--student', 'anyone')).toBe(anyone)
    expect(eva).not.toBe(anyone)
    expect(await title('--student', 'extreme:1')).toContain('An exam in 10.16.0.0/24')
  })

  it.each([
    [
      'of another lab',
      async () => {
        writeFileSync(path('other.md'), EXAM)
        return await labrun('run', path('other.md'), '--ticket', tickets['1001']!)
      },
      'it is for the lab exam, and this is other',
    ],
    [
      'of another version',
      async () => {
        rmSync(path('new'), { recursive: true, force: true })
        const file = join(mkdtempSync(path('new-')), 'exam.md')
        writeFileSync(file, EXAM.replace('points: 3', 'points: 4'))
        return await labrun('lint', file, '--ticket', tickets['1001']!)
      },
      'it is for another version of the lab exam',
    ],
    [
      'that was changed',
      async () => {
        const text = readFileSync(tickets['1001']!, 'utf8')
        writeFileSync(
          path('changed.ticket'),
          text.replace(/.(?=\.[^.]+$)/, (one) => (one === 'Q' ? 'g' : 'Q')),
        )
        return await labrun('map', path('exam.md'), '--ticket', path('changed.ticket'))
      },
      /it was changed after it was signed|it does not say what a ticket says|it is no ticket/,
    ],
    [
      'that is not there',
      async () => await labrun('verify', path('exam.md'), '--ticket', path('none.ticket')),
      'cannot read',
    ],
  ])('refuses a ticket %s, with the reason', async (_, act, reason) => {
    const { status, stdout, stderr } = await act()
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(reason)
    expect(stderr).toMatch(/^labrun: this ticket is refused: /)
  })

  it('leaves labs without params alone, whatever ticket is in the environment', async () => {
    const { status } = await labrunWith({ env: { LABRUN_TICKET: tickets['1001']! } }, 'lint', 'labs/01-netns.md')
    expect(status).toBe(0)
  })

  it.each([
    ['expired', ['--expires', '2020-01-01'], 'that is over'],
    ['of no day', ['--expires', 'soon'], 'expected a date'],
    ['for a roster that has a mistake', ['--expires', '2099-01-01'], /bad\.csv:3: the id 1 is there already/],
  ])('makes no tickets that are %s', async (name, options, reason) => {
    writeFileSync(path('bad.csv'), 'id\n1\n1\n')
    const roster = name.includes('roster') ? 'bad.csv' : 'roster.csv'
    const files = ['--lab', path('exam.md'), '--key', path('course.key'), '--out', path('none')]
    const { status, stderr } = await labrun('roster', 'tickets', path(roster), ...files, ...options)
    expect(status).toBe(2)
    expect(stderr).toMatch(reason)
    expect(existsSync(path('none'))).toBe(false)
  })

  it('has an edition, to a file or to standard output, but never over the lab', async () => {
    const text = await edition()
    const students = mkdtempSync(path('students-'))
    const written = await labrun('edition', path('exam.md'), '--output', join(students, 'exam.md'))
    expect(written.stdout).toMatch(/the student’s edition of .*\n {2}digest [0-9a-f]{64}\n$/)
    expect(readFileSync(join(students, 'exam.md'), 'utf8')).toBe(text)
    expect(await edition(join(students, 'exam.md'))).toBe(text)
    expect((await labrun('lint', join(students, 'exam.md'))).status).toBe(0)
    for (const output of [path('exam.md'), path('renamed.md')])
      expect((await labrun('edition', path('exam.md'), '--output', output)).status).toBe(2)
    expect(readFileSync(path('exam.md'), 'utf8')).toBe(EXAM)
  })

  it('cannot be proven by its edition, and labrun says so', async () => {
    const file = join(mkdtempSync(path('proof-')), 'exam.md')
    writeFileSync(file, await edition())
    const { status, stdout } = await labrun('verify', file)
    expect(status).toBe(2)
    expect(stdout).toContain('this is a student’s edition, without solutions: prove the lab that it was made of')
  })

  it('is done by the student in the guide, with the edition and the ticket', async () => {
    const file = join(mkdtempSync(path('guide-')), 'exam.md')
    writeFileSync(file, await edition())
    const show = await labrun('ticket', 'show', tickets['1001']!, '--lab', file, '--json')
    const { lan, box } = (JSON.parse(show.stdout) as { values: { lan: string; box: string } }).values
    const address = lan.replace('.0/24', '.1')
    const screen = new Screen([file, '--ticket', tickets['1001']!], { XDG_STATE_HOME: path('state') }, { cols: 120 })
    try {
      await screen.answer('It is your turn', 's\r')
      await screen.answer('There is no solution in this edition', `ip netns add ${box}\r`)
      await screen.answer(/# ip netns add \w+\n[\s\S]*Enter: done/, `ip -n ${box} addr add ${address}/24 dev lo\r`)
      await screen.answer(/addr add [\s\S]*Enter: done/, '\r')
      await screen.answer('Enter: look ·', 'solution\r')
      await screen.answer(/(no solution in this edition[\s\S]*){2}Enter: look ·/, `ip -n ${box} link set lo up\r`)
      await screen.answer('How many addresses has it?', 'solution\r')
      await screen.answer('There are no answers in this edition', '7\r')
      await screen.shows('Noted: whether it is right, your instructor will see.')
      await screen.shows(
        /You have finished[\s\S]*Hand in what you have done: `labrun\s+submit\s\S+exam\.md\s--ticket\s/,
      )
      expect(await screen.ended).toBe(0)
      expect(screen.text()).not.toContain('/tmp/fault')
      expect(screen.text()).toContain(`answers at ${address}`)
    } finally {
      screen.close()
    }
  })

  it('is not begun without the ticket by mistake', async () => {
    const file = join(mkdtempSync(path('forgot-')), 'exam.md')
    writeFileSync(file, await edition())
    const without = () => new Screen([file], { XDG_STATE_HOME: path('practice') }, { cols: 120 })
    for (const answer of ['q', '']) {
      const screen = without()
      try {
        await screen.answer(
          /yours are in your ticket[\s\S]*--ticket YOURS\.ticket[\s\S]*Enter: practise/,
          `${answer}\r`,
        )
        if (answer === 'q') expect(await screen.ended).toBe(0)
        else await screen.shows('It is your turn')
        expect(screen.text().includes('Make it')).toBe(answer !== 'q')
      } finally {
        screen.close()
      }
    }
  })
})
