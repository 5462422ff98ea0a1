import { expect, test } from 'vitest'
import { describeClass } from '../../../src/commands/grade-summary.ts'

test('of very many submissions of one student some are named', () => {
  const student = {
    pseudonym: 's1',
    id: 'u1',
    name: null,
    status: 'graded',
    points: 1,
    max: 1,
    late: null,
    reason: null,
    file: 'last.zip',
    others: Array.from({ length: 1000 }, (_, at) => `${at}.zip`),
  } as const
  const counts = { graded: 1, 'needs-staff': 0, refused: 0, missing: 0, 'not-graded': 0 }
  const text = describeClass({ lab: 'a', title: 'A', counts, students: [student] }, 'graded')
  expect(text).toContain('the last of 1001 counts: last.zip; not 0.zip, 1.zip, 2.zip, 3.zip, 4.zip and 995 more')
})
