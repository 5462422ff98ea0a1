import { existsSync, readdirSync, statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey, readKey } from '../../src/exam/key.ts'
import { issueTicket } from '../../src/exam/ticket.ts'
import { ClassFolder, zipOf } from '../grade/class-folder.ts'
import { SOLUTION, workOf } from '../grade/replay.ts'
import { endOf, labrun, startLabrun } from '../support/labrun.ts'

// Many worlds, on a machine of which nobody knows how busy it is.
const PATIENCE = 300_000

describe('a class is graded', { timeout: PATIENCE }, () => {
  const here = new ClassFolder(
    'u1,Ann Lee,ann@example.org',
    'u2,"Böll, Jörg",joerg@example.org',
    'u3,Cem,cem@example.org',
    'u4,"=HYPERLINK(""http://evil"")",dora@example.org',
    'u5,Eve,eve@example.org',
    'u6,Finn,finn@example.org',
    'u7,Gus,gus@example.org',
  )
  afterAll(() => here.remove())
  let ended: Awaited<ReturnType<typeof labrun>>

  beforeAll(async () => {
    await here.handIn('inbox/Ann Lee_11_assignsubmission_file_/lab.zip', 'u1')
    const half = workOf({ ...SOLUTION, rooms: ['ip netns add red'] }, '254')
    const bulk = {
      'Jörg Böll_12_assignsubmission_file_/two-rooms.zip': await here.zip('u2', { work: half }),
      'Jörg Böll_12_assignsubmission_onlinetext_/onlinetext.html': '<p>hello</p>',
      '__MACOSX/x.zip': 'junk',
    }
    here.write('inbox/moodle.zip', await zipOf(bulk))
    const first = await here.zip('u3', { work: workOf({}), created: '2026-05-01T09:00:00Z' })
    here.write('inbox/cem_101_201_two-rooms.zip', first)
    await here.handIn('inbox/cem_LATE_101_202_two-rooms-1.zip', 'u3', { created: '2026-05-02T09:00:00Z' })
    here.write('inbox/u4.zip', Buffer.from('this is no zip'))
    await here.handIn('inbox/u5.zip', 'u5', { ticketOf: 'u1' })
    await here.handIn('inbox/u6.zip', 'u6', { work: workOf({ rooms: ['kill -KILL -1; reboot -f'] }) })
    ended = await labrun(...here.words('--jobs', '2', '--attempts', '2', '--deadline', '2026-05-01T12:00:00Z'))
  }, PATIENCE)

  test('the exit status says that a person has to look; each of them is named, with the reason', () => {
    const { status, stdout, stderr } = ended
    expect(status, stdout + stderr).toBe(1)
    expect(stdout).toContain('✓ u1: 10 of 10')
    expect(stdout).toContain('u3: 10 of 10, late')
    expect(stdout).toMatch(/the last of 2 counts: \S*cem_LATE_101_202\S*; not \S*cem_101_201/)
    expect(stdout).toMatch(/u4: refused: it is not a zip/)
    expect(stdout).toMatch(/u5: refused: this ticket is refused: it belongs to another student/)
    expect(stdout).toMatch(/u6: needs staff: the world has died/)
    expect(stdout).toContain('missing: u7')
    expect(stdout).toContain('3 graded, 1 needs staff, 2 refused, 1 missing')
    expect(stderr).toMatch(/graded 4 of 4, 1 without a grade/)
  })

  test('grades.csv is in the order of the roster, the missing among them; no points where there is no grade', () => {
    const rows = here.table('grades.csv')
    expect(Object.keys(rows)).toEqual(['u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7'])
    expect(Object.values(rows).map(({ status, points }) => [status, points])).toEqual([
      ['graded', '10'],
      ['graded', '6'],
      ['graded', '10'],
      ['refused', ''],
      ['refused', ''],
      ['needs-staff', ''],
      ['missing', ''],
    ])
    expect(rows.u2).toMatchObject({ name: 'Böll, Jörg', late: 'no', 'step: rooms': '1', 'step: cable': '3.4' })
    expect(rows.u3!.late).toBe('yes')
    expect(rows.u4!.name).toBe('\'=HYPERLINK("http://evil")')
  })

  test('items.csv has a column for each check and question', () => {
    const { u2, u6 } = here.table('items.csv')
    expect(Object.keys(u2!)).toEqual([
      ...['id', 'pseudonym', 'status', 'rooms/red', 'rooms/netns-2', 'rooms/netns-3'],
      ...['cable/ping-1', 'cable/link-1', 'cable/question-1', 'one-way/iptables-1'],
    ])
    expect(u2).toMatchObject({
      'rooms/red': '1',
      'rooms/netns-2': '0',
      'cable/ping-1': '1.6',
      'one-way/iptables-1': '1.6',
    })
    expect(u6!['rooms/red']).toBe('error')
  })

  test('tables for the learning platforms', () => {
    const moodle = here.read('graded/moodle.csv').split('\n')
    expect(moodle[1]).toMatch(/^Participant 11,Ann Lee,ann@example\.org,10,10,/)
    expect(moodle[6]).toMatch(/^,Finn,finn@example\.org,,10,a person has to look/)
    const canvas = here.read('graded/canvas.csv').split('\n')
    expect(canvas.slice(0, 2)).toEqual([
      'Student,ID,SIS User ID,SIS Login ID,Section,Two rooms',
      '    Points Possible,,,,,10',
    ])
    expect(canvas[4]).toBe('Cem,101,u3,cem@example.org,,10')
  })

  test('JUnit has a suite for each student, and tells what failed', () => {
    const xml = here.read('graded/junit.xml')
    expect(xml.match(/<testsuite /g)).toHaveLength(7)
    expect(xml).toContain(`name="${here.pseudonym('u2')}"`)
    expect(xml).toContain('classname="two-rooms.rooms"')
    expect(xml).not.toContain('Ann')
  })

  test('results.json as Gradescope reads it: no score where there is no grade, hidden checks hidden', () => {
    const read = (id: string) => JSON.parse(here.read(`graded/students/${here.pseudonym(id)}/results.json`))
    const right = read('u1')
    expect(right).toMatchObject({ score: 10, extra_data: { labrun: { status: 'graded', max: 10 } } })
    const hidden = right.tests.filter(({ visibility }: { visibility: string }) => visibility === 'hidden')
    expect(hidden).toHaveLength(2)
    expect(hidden[0]).toMatchObject({ name: 'Rooms: a further check', output: '' })
    expect(read('u6')).not.toHaveProperty('score')
    expect(read('u4')).toMatchObject({ tests: [], output: expect.stringContaining('not accepted') })
  })

  test('pages for the student, for staff, and of the class', () => {
    expect(here.read(`graded/students/${here.pseudonym('u2')}/feedback.html`)).toContain('Two rooms')
    expect(existsSync(here.path(`graded/staff/${here.pseudonym('u2')}.html`))).toBe(true)
    expect(here.read('graded/report.html')).toContain('Ann Lee')
  })

  test('again: nothing is graded twice, but what needs staff is tried again', async () => {
    const time = () =>
      here
        .graded()
        .filter(({ status }) => status === 'graded')
        .map(({ gradedAt }) => gradedAt)
    const before = time()
    const again = await labrun(...here.words('--attempts', '1', '--json'))
    expect(again.status).toBe(1)
    expect(time()).toEqual(before)
    expect(again.stderr).toMatch(/graded 1 of 1/)
    const { counts, students } = JSON.parse(again.stdout)
    expect(counts).toEqual({ graded: 3, 'needs-staff': 1, refused: 2, missing: 1, 'not-graded': 0 })
    expect(students[2]).toMatchObject({ id: 'u3', points: 10, others: [expect.stringContaining('cem_101_201')] })
  })

  test('a later submission counts, and only it is graded', async () => {
    await here.handIn('inbox/second/Ann Lee_11_assignsubmission_file_/lab.zip', 'u1', {
      work: workOf({ rooms: SOLUTION.rooms }),
      created: '2026-05-03T00:00:00Z',
    })
    const { stdout, stderr } = await labrun(...here.words('--attempts', '1'))
    expect(stderr).toMatch(/graded 2 of 2/)
    expect(stdout).toContain('✓ u1: 4 of 10')
  })

  test('another factor: nothing is graded anew unseen, and --regrade shows old → new before it writes', async () => {
    const other = await labrun(...here.words('--attempts', '1', '--carry', '0.5'))
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(/graded already/)
    expect(other.stderr).toMatch(/--regrade/)
    const shown = await labrun(...here.words('--attempts', '1', '--carry', '0.5', '--regrade'))
    expect(shown.stdout).toMatch(/u2 Böll, Jörg: 6 of 10 → 4\.5 of 10/)
    expect(shown.stdout).toContain('Nothing was written')
    expect(shown.status).toBe(1)
    expect(here.table('grades.csv').u2!.points).toBe('6')
    expect(existsSync(here.path('graded/regraded'))).toBe(false)
    const written = await labrun(...here.words('--attempts', '1', '--carry', '0.5', '--regrade', '--yes'))
    // What was not wanted is not taken up again.
    expect(written.stderr).toMatch(/graded 4 of 4/)
    expect(here.table('grades.csv').u2!.points).toBe('4.5')
  })

  test('the exam was mended after it was handed in: with the edition that the class was given, it is graded anew', async () => {
    const words = here.words('--attempts', '1', '--carry', '0.5')
    const given = here.read('two-rooms.md')
    here.write('given.md', given)
    here.write('two-rooms.md', given.replace('step: rooms points: 4', 'step: rooms points: 5'))
    const { status, stderr } = await labrun(...words)
    expect(status).toBe(2)
    expect(stderr).toMatch(/--edition/)
    const edition = ['--edition', here.path('given.md'), '--regrade', '--yes']
    const { stdout } = await labrun(...words, ...edition)
    expect(stdout).toMatch(/u2 Böll, Jörg: 4\.5 of 10 → 5\.5 of 11/)
    expect(here.table('grades.csv').u2!.points).toBe('5.5')
  })
})

describe('broken off', { timeout: PATIENCE }, () => {
  test('killed with SIGKILL in the middle: the same command goes on, and nothing is graded twice', async () => {
    const here = new ClassFolder(...Array.from({ length: 6 }, (_, number) => `k${number},Kim ${number},`))
    for (let number = 0; number < 6; number++) await here.handIn(`inbox/k${number}.zip`, `k${number}`)
    const child = startLabrun({}, ...here.words())
    const ended = endOf(child)
    while (!existsSync(here.path('graded/results')) || here.results().length < 2) await pause()
    child.kill('SIGKILL')
    await ended
    const done = new Map(here.results().map((name) => [name, statSync(here.path('graded/results', name)).mtimeMs]))
    expect(done.size).toBeLessThan(6)
    const { status, stderr } = await labrun(...here.words())
    expect(status, stderr).toBe(0)
    expect(stderr).toContain(`graded ${6 - done.size} of ${6 - done.size}`)
    expect(here.results()).toHaveLength(6)
    for (const [name, time] of done) expect(statSync(here.path('graded/results', name)).mtimeMs).toBe(time)
    expect(Object.values(here.table('grades.csv')).map(({ points }) => points)).toEqual(Array(6).fill('10'))
    expect(readdirSync(here.path('graded')).filter((name) => name.endsWith('.part'))).toEqual([])
    here.remove()
  })

  test('Ctrl-C: what was graded is kept, and that is said', async () => {
    const here = new ClassFolder('a1,A,', 'a2,B,')
    await here.handIn('inbox/a1.zip', 'a1')
    await here.handIn('inbox/a2.zip', 'a2', { work: workOf({ rooms: ['sleep 50'] }) })
    const child = startLabrun({}, ...here.words())
    const ended = endOf(child)
    while (!existsSync(here.path('graded/results')) || here.results().length < 1) await pause()
    child.kill('SIGINT')
    const { status, stderr } = await ended
    expect(status).toBe(130)
    expect(stderr).toMatch(/interrupted: what was graded is kept/)
    expect(here.results()).toHaveLength(1)
    here.remove()
  })
})

test(
  'two graders in one folder: the second is refused, and the first ends as if alone',
  async () => {
    const here = new ClassFolder('a1,A,')
    await here.handIn('inbox/a1.zip', 'a1', { work: workOf({ rooms: ['sleep 50'] }) })
    const child = startLabrun({}, ...here.words())
    const ended = endOf(child)
    while (!existsSync(here.path('graded/grading.lock'))) await pause()
    const second = await labrun(...here.words())
    expect(second.status).toBe(2)
    expect(second.stderr).toMatch(new RegExp(`in use by another labrun grade: process ${child.pid} on `))
    expect(second.stderr).not.toContain('fault of labrun')
    child.kill('SIGINT')
    await ended
    expect(existsSync(here.path('graded/grading.lock'))).toBe(false)
    here.remove()
  },
  PATIENCE,
)

describe('an exam with params', { timeout: PATIENCE }, () => {
  const here = new ClassFolder('p1,Pia,', 'p2,Per,', 'p3,Pat,', 'p4,Pim,', 'p5,Pol,')
  afterAll(() => here.remove())

  test('each is judged by the values of their own ticket; without one, or with one that was changed, nobody is', async () => {
    here.write(
      'two-rooms.md',
      `---
labrun: 1
title: An address
params:
  lan: {subnet: 10.16.0.0/12, prefix: 24}
---

## An address

<!-- step: address points: 3 -->

Give \`{{lan.1}}\` to \`lo\`.

\`\`\`sh solution
ip addr add {{lan.1}}/24 dev lo
\`\`\`

\`\`\`yaml check
- addr: lo
  has: "{{lan.1}}/24"
\`\`\`
`,
    )
    const doneFor = (id: string) => {
      const first = here.values(id).lan!.replace(/\.0\/24$/, '.1')
      return workOf({ address: [`ip addr add ${first}/24 dev lo`, `ping -c 1 ${first}`] })
    }
    expect(here.values('p1').lan).not.toBe(here.values('p2').lan)
    await here.handIn('inbox/p1.zip', 'p1', { work: doneFor('p1') })
    await here.handIn('inbox/p2.zip', 'p2', { work: doneFor('p1') })
    await here.handIn('inbox/p3.zip', 'p3', { work: doneFor('p3'), ticketOf: null })
    await here.handIn('inbox/p4.zip', 'p4', { work: doneFor('p4'), created: '2026-07-01T00:00:00Z' })
    await here.handIn('inbox/p5.zip', 'p5', { work: doneFor('p5'), key: readKey(createKey()) })
    const { status, stdout, stderr } = await labrun(...here.words())
    expect(status, stdout + stderr).toBe(1)
    const rows = Object.values(here.table('grades.csv'))
    expect(rows.map((row) => row.points)).toEqual(['3', '0', '', '', ''])
    expect(rows.map(({ reason }) => reason)).toEqual([
      '',
      '',
      expect.stringMatching(/without a ticket/),
      expect.stringMatching(/valid until 2026-06-01/),
      expect.stringMatching(/another key/),
    ])
    // Whose work it was is a lead for a person, and has cost nothing.
    expect(here.table('integrity.csv')).toEqual({
      p2: expect.objectContaining({ others: here.pseudonym('p1'), pseudonym: here.pseudonym('p2') }),
    })
    const [first] = here.graded().filter(({ student }) => student.id === 'p1')
    expect(first!.steps[0]!.items[0]!.label).toContain(here.values('p1').lan!.replace('.0/24', '.1/24'))
  })

  test('without the key nothing is graded', async () => {
    const { status, stderr } = await labrun('grade', here.exam, here.path('inbox'), '--out', here.path('other'))
    expect(status).toBe(2)
    expect(stderr).toMatch(/--key FILE/)
  })

  test('the student’s edition is nothing to grade with', async () => {
    const { stdout: edition } = await labrun('edition', here.exam)
    here.write('edition/two-rooms.md', edition)
    const { status, stderr } = await labrun('grade', here.path('edition/two-rooms.md'), here.path('inbox'))
    expect(status).toBe(2)
    expect(stderr).toMatch(/the student’s edition/)
  })
})

test('names that somebody has made to do harm reach neither a terminal nor a spreadsheet', async () => {
  const here = new ClassFolder('a,A,')
  const lab = '\u009b31mX\u202e;=1+1'
  await here.handIn('inbox/a.zip', 'a', { lab })
  const { status, stdout } = await labrun(...here.words('--json'))
  expect(status).toBe(1)
  expect(stdout).not.toMatch(/[\u0080-\u009f\u202e]/)
  expect(JSON.parse(stdout).students[0]).toMatchObject({ status: 'refused' })
  expect(here.read('graded/grades.csv')).not.toMatch(/[\u0080-\u009f\u202e]|;=/)

  const times = { issued: '2026-04-01T00:00:00Z', expires: '2026-06-01T00:00:00Z' }
  const about = { lab, digest: 'd0'.repeat(32), pseudonym: here.pseudonym('a'), values: {}, ...times }
  here.write('a.ticket', issueTicket(about, here.key).text)
  const shown = await labrun('ticket', 'show', here.path('a.ticket'), '--json')
  expect(JSON.parse(shown.stdout)).toMatchObject({ lab })
  expect(shown.stdout).not.toMatch(/[\u0080-\u009f\u202e]/)
  here.remove()
})

describe('what cannot be graded at all', () => {
  test.each([
    ['no such roster', ['--roster', '/no/such.csv'], /cannot read \/no\/such\.csv/],
    ['no such key', ['--key', '/no/such.key'], /cannot read/],
    ['a key that is none', ['--key', 'package.json'], /no key of labrun/],
    ['no date', ['--deadline', 'soon'], /expected a date/],
    ['a factor above 1', ['--carry', '2'], /from 0 to 1/],
  ])('%s', async (_name, words, message) => {
    const here = new ClassFolder('a,A,')
    await here.handIn('inbox/a.zip', 'a')
    const { status, stderr } = await labrun(...here.words(...words))
    expect(status).toBe(2)
    expect(stderr).toMatch(message)
    here.remove()
  })
})

async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50))
}
