import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { collect } from '../../src/commands/grade-collect.ts'
import { prepareGrade } from '../../src/commands/grade-prepare.ts'
import { ResultStore } from '../../src/grade/store.ts'
import { writeSubmission } from '../../src/submission/write.ts'
import { gradedOf } from '../support/graded.ts'
import { CLI } from '../support/labrun.ts'
import { ClassFolder } from './class-folder.ts'
import { workOf } from './replay.ts'

/** Megabytes of the heap: labrun with a lab in it needs half of it. */
const HEAP = 48
const STUDENTS = 500

let here: ClassFolder
afterEach(() => here.remove())

test('grading holds a small row of each student, whatever the students have typed', async () => {
  here = new ClassFolder('u1,Zoe Ray,')
  const none = { carry: undefined, deadline: undefined, edition: undefined, roster: undefined }
  const prepared = prepareGrade(here.exam, { key: here.path('course.key'), ...none })
  const { lab, digest } = prepared.loaded
  for (let student = 0; student < STUDENTS; student++) {
    const about = { lab: lab.id, digest, created: '2026-05-01T10:00:00Z', by: 'labrun 0.1.0' }
    const zip = await writeSubmission({ about, ticket: null, work: workOfMany(student), advice: null, journal: null })
    here.write(`inbox/k${student}.zip`, zip)
  }
  const folder = here.path('graded')
  const class_ = await collect([here.path('inbox')], prepared, folder, new AbortController().signal)
  const results = new ResultStore(join(folder, 'results'))
  for (const { digest: name, student } of class_) results.write(gradedOf({ digest: name!, student }))
  class_.close()

  const words = [here.exam, here.path('inbox'), '--key', here.path('course.key'), '--out', folder, '--json']
  const limit = [`--max-old-space-size=${HEAP}`]
  const options = { maxBuffer: 1 << 26 }
  const { stdout } = await promisify(execFile)(process.execPath, [...limit, CLI, 'grade', ...words], options)
  expect(JSON.parse(stdout)).toMatchObject({ counts: { graded: STUDENTS } })
  expect(here.read('graded/grades.csv').split('\n')).toHaveLength(STUDENTS + 2)
}, 300_000)

/** As many commands as are compared, which nobody else has typed, with addresses and numbers in all of them. */
function workOfMany(student: number) {
  const commands = Array.from({ length: 400 }, (_, at) => {
    const number = student * 400 + at
    const address = [172, number >> 16, (number >> 8) & 255, number & 255].join('.')
    return `echo ${address} ${1_000_000 + number} ${number.toString(16).padStart(8, '0')}`
  })
  return workOf({ rooms: commands })
}
