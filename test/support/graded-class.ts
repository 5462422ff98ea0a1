import type { Graded, GradedItem } from '../../src/grade/model.ts'
import type { Status } from '../../src/run/results.ts'
import { gradedOf, itemOf, stepOf } from './graded.ts'

const NAMES = ['Ada Lovelace', 'Grace Hopper', 'Radia Perlman', 'أحمد', '李明', 'Zoë Müller-Lüdenscheidt', 'Jón']
const CAUSES = [
  (student: number) => `net1/eth0 has no route to 10.${student % 250}.0.1`,
  () => 'ip_forward is off on host',
  () => 'p1 is no port of br0',
]

/** Results of a class of any size, one after the other; the same number gives the same student. */
export async function* classOf(size: number): AsyncGenerator<Graded, void, undefined> {
  for (let student = 0; student < size; student++) yield studentOf(student)
}

function studentOf(student: number): Graded {
  const pseudonym = `s${student.toString(36).padStart(12, 'q')}`
  const identity = {
    pseudonym,
    id: `k${1000 + student}`,
    name: `${NAMES[student % NAMES.length]}${student >= NAMES.length ? ` ${student}` : ''}`,
  }
  if (student % 17 === 16) {
    const reason = 'the zip has a file that no submission has: ../../etc/passwd'
    return gradedOf({ student: identity, status: 'refused', reason, points: null, steps: [], network: null })
  }
  const steps = Array.from({ length: 4 }, (_, step) => {
    const items = Array.from({ length: 3 + step }, (_, item) => oneItem(student, step, item))
    const failed = items.some(({ status }) => status !== 'passed')
    const carried = step > 0 && student % 3 === 1
    return stepOf(failed ? 'failed' : 'passed', items, { id: `step${step}`, title: `Step number ${step + 1}`, carried })
  })
  const unknown = student % 23 === 5
  const points = steps.reduce((sum, step) => sum + (step.points ?? 0), 0)
  return gradedOf({
    student: identity,
    status: unknown ? 'needs-staff' : 'graded',
    reason: unknown ? 'the world could not be built: no space left on device' : null,
    points: unknown ? null : points,
    max: steps.reduce((sum, step) => sum + step.max, 0),
    late: student % 11 === 3,
    steps,
    limits: student % 19 === 7 ? ['256 processes'] : [],
    leads:
      student % 13 === 4
        ? [{ kind: 'history', reason: 'the same commands in the same order', others: ['sqqqqq'] }]
        : [],
  })
}

function oneItem(student: number, step: number, item: number): GradedItem {
  const chance = (student * 2654435761 + step * 40503 + item * 9973) % 100
  const status: Status =
    chance < 70 - step * 10 ? 'passed' : chance < 95 ? 'failed' : chance < 98 ? 'blocked' : 'skipped'
  const different = {
    key: `step${step}/ping-${item + 1}`,
    label: `ping: net${item} -> 10.${student % 250}.0.1`,
    status,
  }
  if (status === 'passed') return itemOf({ ...different, hidden: item === 2 })
  const diagnosis = status === 'failed' ? CAUSES[chance % CAUSES.length]!(student) : null
  return itemOf({ ...different, hidden: item === 2, points: 0, actual: '1 sent, no reply', diagnosis })
}
