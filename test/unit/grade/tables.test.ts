import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostPoints } from '../../../src/grade/grade-job.ts'
import type { Graded, GradedItem } from '../../../src/grade/model.ts'
import { csvLine } from '../../../src/grade/tables/csv.ts'
import { grades } from '../../../src/grade/tables/grades.ts'
import { integrity } from '../../../src/grade/tables/integrity.ts'
import { junit } from '../../../src/grade/tables/junit.ts'
import { canvas, moodle } from '../../../src/grade/tables/platforms.ts'
import { resultsJson } from '../../../src/grade/tables/results-json.ts'
import type { Row, Table } from '../../../src/grade/tables/table.ts'
import { EXAM } from '../../grade/replay.ts'
import { lab } from '../../support/lab-text.ts'

const exam = lab(EXAM)
const info = { lab: exam, max: mostPoints(exam) }
const item: GradedItem = {
  key: 'rooms/red',
  kind: 'netns',
  label: 'netns: red',
  hidden: false,
  status: 'failed',
  points: 0,
  max: 1,
  expected: 'there is a namespace red',
  actual: 'there is none',
  why: null,
  diagnosis: null,
  evidence: [],
}
const graded = (changes: Partial<Graded> = {}): Graded => ({
  labrun: 'grade',
  version: 1,
  digest: 'd'.repeat(64),
  bundle: { file: 'lab.zip', sha256: 'b'.repeat(64) },
  lab: { id: 'demo', title: 'Two rooms', digest: '', fullDigest: '' },
  student: { pseudonym: 's1', id: 'u1', name: 'Ann' },
  status: 'graded',
  reason: null,
  points: 3,
  max: 10,
  late: null,
  steps: [
    {
      id: 'rooms',
      title: 'Rooms',
      line: 1,
      points: 3,
      max: 4,
      status: 'failed',
      carried: false,
      commands: [],
      items: [item],
    },
  ],
  limits: [],
  leads: [],
  network: null,
  gradedAt: '2026-01-01T00:00:00Z',
  duration: 1000,
  attempts: 1,
  ...changes,
})
const row = (changes: Partial<Row> = {}): Row => ({
  pseudonym: 's1',
  id: 'u1',
  name: 'Ann',
  email: 'ann@example.org',
  fields: {},
  sender: null,
  created: null,
  late: null,
  file: null,
  others: [],
  graded: graded(),
  trouble: null,
  ...changes,
})
const written = (table: Table, ...rows: readonly Row[]) =>
  table.start(info) + rows.map((one) => table.row(one, info)).join('') + table.end()

describe('CSV', () => {
  test('no cell is a formula, whatever is in it, and each row is one line', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), (cells) => {
        const line = csvLine(cells)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        const [read] = parse(line, { relax_column_count: true }) as string[][]
        if (read) for (const cell of read) expect(cell).not.toMatch(/^[=+\-@\t\r]/)
      }),
    )
  })

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '=HYPERLINK("http://x","y")'])('%j', (cell) => {
    expect((parse(csvLine([cell])) as string[][])[0]![0]).toMatch(/^'/)
  })

  test.each([
    ['x;=1+1', "x;'=1+1"],
    ['x\t@SUM(A1)', "x\t'@SUM(A1)"],
    ['x;"=1+1"', 'x;\'"=1+1"'],
    ['=1;+2', "'=1;'+2"],
    ['a; b', 'a; b'],
    ['1 - 2 = 3', '1 - 2 = 3'],
  ])('%j is no formula either where cells end at semicolons or tabs', (cell, safe) => {
    expect((parse(csvLine([cell])) as string[][])[0]![0]).toBe(safe)
  })

  test('no cell moves text or speaks to a terminal', () => {
    const [line] = parse(csvLine(['\u009b31mX\u202e;=1+1', '\u2066a\u2069'])) as string[][]
    expect(line).toEqual(["\ufffd31mX\ufffd;'=1+1", '\ufffda\ufffd'])
  })

  test('every table guards names, reasons and answers of students', () => {
    const evil = '=cmd|calc'
    const bad = row({
      name: evil,
      email: evil,
      graded: graded({
        status: 'refused',
        points: null,
        reason: evil,
        bundle: { file: evil, sha256: '' },
        leads: [{ kind: 'copy', reason: evil, others: [evil] }],
      }),
    })
    for (const table of [grades, moodle, canvas, integrity]) {
      const cells = (parse(written(table, bad), { relax_column_count: true }) as string[][]).flat()
      expect(cells.filter((cell) => cell.startsWith('='))).toEqual([])
      expect(cells.some((cell) => cell.includes(evil))).toBe(true)
    }
  })
})

test('who somebody is on the platform, the roster knows better than the sender', () => {
  const sender = (platform: 'moodle' | 'canvas') => ({ platform, name: 'Mal', id: '9', late: null })
  const identity = (table: Table, one: Row, column: number) => (parse(table.row(one, info)) as string[][])[0]![column]
  const fields = { Identifier: 'Participant 1', canvas_id: '2' }
  expect(identity(moodle, row({ sender: sender('moodle'), fields }), 0)).toBe('Participant 1')
  expect(identity(canvas, row({ sender: sender('canvas'), fields }), 1)).toBe('2')
  expect(identity(moodle, row({ sender: sender('moodle') }), 0)).toBe('Participant 9')
  expect(identity(canvas, row({ sender: sender('canvas') }), 1)).toBe('9')
})

describe('what is not graded has no points', () => {
  test.each([
    ['needs-staff', row({ graded: graded({ status: 'needs-staff', points: null, reason: 'unknown' }) })],
    ['refused', row({ graded: graded({ status: 'refused', points: null, reason: 'no ticket', steps: [] }) })],
    ['missing', row({ graded: null })],
    ['not-graded', row({ graded: null, trouble: 'the machine is lost' })],
  ])('%s', (status, one) => {
    const [first] = parse(written(grades, one), { columns: true }) as Record<string, string>[]
    expect(first).toMatchObject({ status, points: '' })
    expect(written(moodle, one).split('\n')[1]).toContain(',ann@example.org,,10,')
    expect(written(canvas, one).split('\n')[2]).toMatch(/,$/)
    expect(written(junit, one)).toContain(status === 'missing' ? '<skipped' : '<error')
    if (one.graded) expect(resultsJson(one.graded)).not.toHaveProperty('score')
  })
})

test('JUnit stays well-formed with what students write', () => {
  const nasty = { ...item, actual: 'a ]]> b </testsuites> & < \u0000 \ud800 ]]>' }
  const steps = [{ ...graded().steps[0]!, items: [nasty] }]
  const xml = written(junit, row({ graded: graded({ steps }) }), row({ pseudonym: 's2', graded: null }))
  expect(xml).not.toMatch(/[\u0000\ud800]/)
  expect(xml.match(/<testsuite /g)).toHaveLength(2)
  // All that is open is closed again, outside of the sections whose text is not markup.
  const markup = xml.replace(/<!\[CDATA\[.*?\]\]>/gs, '')
  const count = (pattern: RegExp) => markup.match(pattern)?.length ?? 0
  expect(count(/<\/testsuites>/g)).toBe(1)
  expect(count(/<testcase\b/g)).toBe(count(/<\/testcase>|<testcase[^>]*\/>/g))
})

test('results.json keeps what is hidden in places that students do not see', () => {
  const hidden = { ...item, key: 'rooms/secret', label: 'netns: secret', hidden: true }
  const steps = [{ ...graded().steps[0]!, items: [item, hidden] }]
  const { tests } = resultsJson(graded({ steps })) as { tests: Record<string, unknown>[] }
  expect(tests.map(({ visibility }) => visibility)).toEqual(['visible', 'hidden'])
  expect(`${tests[1]!.name} ${tests[1]!.output}`).not.toContain('secret')
  expect(tests[0]).toMatchObject({ score: 0, max_score: 1, status: 'failed', name: 'Rooms: netns: red' })
})

test('results.json has no score at all where there is no grade, because Gradescope adds up those of the tests', () => {
  const passed: GradedItem = { ...item, status: 'passed', points: 1 }
  const unknown: GradedItem = { ...item, status: 'error', points: null }
  const guard: GradedItem = { ...item, status: 'error', points: 0, max: 0 }
  const steps = [{ ...graded().steps[0]!, items: [passed, item, unknown, guard] }]
  const of = (changes: Partial<Graded>) => resultsJson(graded({ steps, ...changes })) as { tests: object[] }
  const open = of({ status: 'needs-staff', points: null, reason: 'unknown' })
  expect(open).not.toHaveProperty('score')
  for (const one of open.tests) expect(one).not.toHaveProperty('score')
  const statuses = of({}).tests.map((one) => (one as { status?: string }).status)
  expect(statuses).toEqual(['passed', 'failed', undefined, undefined])
})
