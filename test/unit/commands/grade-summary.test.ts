import { expect, test } from 'vitest'
import { describeClass, printClass } from '../../../src/commands/grade-summary.ts'
import type { Graded } from '../../../src/grade/model.ts'
import type { Row } from '../../../src/grade/tables/table.ts'

const others = Array.from({ length: 1000 }, (_, at) => `${at}.zip`)
const row: Row = {
  pseudonym: 's1',
  id: 'u1',
  name: '',
  email: '',
  fields: {},
  sender: null,
  created: null,
  late: null,
  file: 'last.zip',
  others,
  graded: { status: 'graded', points: 1, max: 2, late: true, reason: null } as Graded,
  trouble: null,
}
const missing: Row = { ...row, pseudonym: 's2', id: 'u2', file: null, others: [], graded: null }

function said(how: typeof describeClass, ...rows: readonly Row[]) {
  let text = ''
  const write = (line: string) => {
    text += line
  }
  const counts = how(rows, { lab: { id: 'a', title: 'A "title"' }, folder: 'graded', write })
  return { text, counts }
}

test('of very many submissions of one student some are named', () => {
  const { text, counts } = said(describeClass, row, missing)
  expect(text).toContain('the last of 1001 counts: last.zip; not 0.zip, 1.zip, 2.zip, 3.zip, 4.zip and 995 more')
  expect(text).toContain('missing: u2\n\n1 graded, 1 missing\n')
  expect(counts).toMatchObject({ graded: 1, missing: 1, refused: 0 })
})

test.each([[[]], [[row]], [[row, missing]]])('for programs it is one document', (rows) => {
  const { text, counts } = said(printClass, ...rows)
  const known = { labrun: 'class', version: 1, lab: 'a', title: 'A "title"', folder: 'graded', counts }
  expect(JSON.parse(text)).toEqual({ ...known, students: expect.any(Array) })
  const students = (JSON.parse(text) as { students: object[] }).students
  const plain = { name: null, status: 'graded', points: 1, max: 2, late: true, file: 'last.zip', others, reason: null }
  const none = { ...plain, status: 'missing', points: null, max: null, late: null, file: null, others: [] }
  const all = [
    { ...plain, pseudonym: 's1', id: 'u1' },
    { ...none, pseudonym: 's2', id: 'u2' },
  ]
  expect(students).toEqual(all.slice(0, rows.length))
})
