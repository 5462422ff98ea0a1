import { pointsText } from '../grade/score.ts'
import { type Row, standing } from '../grade/tables/table.ts'
import type { Lab } from '../lab/lab.ts'
import { sanitize } from '../sanitize.ts'
import type { Collected } from './grade-collect.ts'

export interface ClassSummary {
  readonly lab: string
  readonly title: string
  readonly counts: Readonly<Record<ReturnType<typeof standing>, number>>
  readonly students: readonly StudentSummary[]
}

interface StudentSummary {
  readonly pseudonym: string
  readonly id: string | null
  readonly name: string | null
  readonly status: ReturnType<typeof standing>
  readonly points: number | null
  readonly max: number | null
  readonly late: boolean | null
  readonly file: string | null
  /** Those that do not count, because a later one does. */
  readonly others: readonly string[]
  readonly reason: string | null
}

/** What became of each student, in few words. */
export function summarize(lab: Lab, rows: Iterable<Row>, { counted }: Pick<Collected, 'counted'>): ClassSummary {
  const counts = { graded: 0, 'needs-staff': 0, refused: 0, missing: 0, 'not-graded': 0 }
  const byStudent = new Map(counted.map((one) => [one.student.pseudonym, one]))
  const students: StudentSummary[] = []
  for (const row of rows) {
    const status = standing(row)
    counts[status]++
    const { pseudonym, id, name, graded, trouble } = row
    const one = byStudent.get(pseudonym)
    students.push({
      pseudonym,
      id: id || null,
      name: name || null,
      status,
      points: graded?.points ?? null,
      max: graded?.max ?? null,
      late: graded?.late ?? one?.late ?? null,
      file: one?.place ?? null,
      others: one?.others ?? [],
      reason: graded?.reason ?? trouble,
    })
  }
  return { lab: lab.id, title: lab.title, counts, students }
}

export function plainClass(summary: ClassSummary, folder: string): object {
  return { labrun: 'class', version: 1, ...summary, folder }
}

/** For people; names and reasons may come from anywhere. */
export function describeClass({ lab, title, counts, students }: ClassSummary, folder: string): string {
  const lines = [`${lab}: ${title}`]
  for (const student of students) {
    const { status, others, reason, file } = student
    const who = student.id ?? student.name ?? file ?? student.pseudonym
    if (status === 'graded')
      lines.push(
        `  ✓ ${who}: ${pointsText(student.points)} of ${pointsText(student.max)}${student.late ? ', late' : ''}`,
      )
    else if (status !== 'missing') lines.push(`  ! ${who}: ${WORDS[status]}: ${reason ?? ''}`)
    if (others.length > 0) lines.push(`      the last of ${others.length + 1} counts: ${file}; not ${some(others)}`)
  }
  const missing = students.filter(({ status }) => status === 'missing')
  if (missing.length > 0) lines.push(`  – missing: ${missing.map(({ id, pseudonym }) => id ?? pseudonym).join(', ')}`)
  const parts = Object.entries(counts).filter(([, number]) => number > 0)
  lines.push('', parts.map(([status, number]) => `${number} ${WORDS[status as keyof typeof WORDS]}`).join(', '))
  lines.push(`results are in ${folder}: report.html, grades.csv, and one folder for each student`)
  return lines.map((line) => sanitize(line).replaceAll(/[\n\t]+/g, ' ')).join('\n')
}

/** Somebody may have handed in very many. */
function some(places: readonly string[]): string {
  const more = places.length - MOST_NAMED
  return more > 0 ? `${places.slice(0, MOST_NAMED).join(', ')} and ${more} more` : places.join(', ')
}

const MOST_NAMED = 5

const WORDS = {
  graded: 'graded',
  'needs-staff': 'needs staff',
  refused: 'refused',
  missing: 'missing',
  'not-graded': 'not graded',
} as const
