import { pointsText } from '../grade/score.ts'
import { type Row, standing } from '../grade/tables/table.ts'
import type { Lab } from '../lab/lab.ts'
import { printableJson, sanitize } from '../sanitize.ts'

type Counts = Record<ReturnType<typeof standing>, number>

export interface Summary {
  readonly lab: Pick<Lab, 'id' | 'title'>
  /** Where the results are, as people have named it. */
  readonly folder: string
  /** Gets line after line, each with its end. */
  readonly write: (line: string) => unknown
}

/** Says for people what became of each student, one after the other, and then of how many; names and reasons may come from anywhere. */
export function describeClass(rows: Iterable<Row>, { lab, folder, write }: Summary): Counts {
  const say = (line: string) => write(`${sanitize(line).replaceAll(/[\n\t]+/g, ' ')}\n`)
  say(`${lab.id}: ${lab.title}`)
  const counts = noCounts()
  const missing: string[] = []
  for (const row of rows) {
    const status = standing(row)
    counts[status]++
    const { id, name, file, pseudonym, graded, trouble, others } = row
    const who = id || name || (file ?? pseudonym)
    if (status === 'graded') {
      const { points, max, late } = graded!
      say(`  ✓ ${who}: ${pointsText(points)} of ${pointsText(max)}${late ? ', late' : ''}`)
    } else if (status === 'missing') missing.push(id || pseudonym)
    else say(`  ! ${who}: ${WORDS[status]}: ${graded?.reason ?? trouble ?? ''}`)
    if (others.length > 0) say(`      the last of ${others.length + 1} counts: ${file}; not ${some(others)}`)
  }
  if (missing.length > 0) say(`  – missing: ${missing.join(', ')}`)
  say('')
  const parts = Object.entries(counts).filter(([, number]) => number > 0)
  say(parts.map(([status, number]) => `${number} ${WORDS[status as keyof typeof WORDS]}`).join(', '))
  say(`results are in ${folder}: report.html, grades.csv, and one folder for each student`)
  return counts
}

/** The same for programs: one JSON document, in which the students stand before what is known of all. */
export function printClass(rows: Iterable<Row>, { lab, folder, write }: Summary): Counts {
  const line = (value: unknown) => printableJson(value, 0)
  const counts = noCounts()
  let before = `{"labrun":"class","version":1,"lab":${line(lab.id)},"title":${line(lab.title)},"students":[\n`
  for (const row of rows) {
    counts[standing(row)]++
    write(`${before}  ${line(plainRow(row))}`)
    before = ',\n'
  }
  write(`${before === ',\n' ? '' : before}\n],"counts":${line(counts)},"folder":${line(folder)}}\n`)
  return counts
}

function plainRow(row: Row): object {
  const { pseudonym, id, name, graded, trouble, late, file, others } = row
  return {
    pseudonym,
    id: id || null,
    name: name || null,
    status: standing(row),
    points: graded?.points ?? null,
    max: graded?.max ?? null,
    late: graded?.late ?? late,
    file,
    others,
    reason: graded?.reason ?? trouble,
  }
}

/** Somebody may have handed in very many. */
function some(places: readonly string[]): string {
  const more = places.length - MOST_NAMED
  return more > 0 ? `${places.slice(0, MOST_NAMED).join(', ')} and ${more} more` : places.join(', ')
}

function noCounts(): Counts {
  return { graded: 0, 'needs-staff': 0, refused: 0, missing: 0, 'not-graded': 0 }
}

const MOST_NAMED = 5

const WORDS = {
  graded: 'graded',
  'needs-staff': 'needs staff',
  refused: 'refused',
  missing: 'missing',
  'not-graded': 'not graded',
} as const
