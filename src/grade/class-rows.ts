import type { Roster } from '../exam/roster.ts'
import type { ClassList, Counted } from './class-list.ts'
import { type LoadedLab, refusal } from './grade-job.ts'
import { sha256 } from './job-digest.ts'
import type { Graded, Lead } from './model.ts'
import type { ResultStore } from './store.ts'
import type { Row } from './tables/table.ts'

export interface ClassResults {
  readonly roster: Roster | null
  readonly pseudonym: (id: string) => string
  readonly counted: ClassList
  readonly store: ResultStore
  readonly loaded: LoadedLab
  /** Why a submission could not be graded here, by the name of its result. */
  readonly troubles: ReadonlyMap<string, string>
  /** Of a student, by pseudonym. */
  readonly leadsOf: (pseudonym: string) => readonly Lead[]
}

/** The class in the order of the roster, then who is not in it; each result is read when its row is asked for. */
export function* classRows(results: ClassResults): Generator<Row> {
  const { roster, counted, pseudonym } = results
  const others = new Set(counted.pseudonyms())
  for (const { id, name, email, fields } of roster?.students ?? []) {
    const own = pseudonym(id)
    others.delete(own)
    yield { pseudonym: own, id, name, email, fields, ...resultOf(counted.of(own), results) }
  }
  for (const other of others) {
    const one = counted.of(other)!
    const { id, name } = one.student
    const who = { pseudonym: other, id: id ?? '', name: name ?? '', email: '', fields: {} }
    yield { ...who, ...resultOf(one, results) }
  }
}

function resultOf(
  one: Counted | undefined,
  results: ClassResults,
): Omit<Row, 'pseudonym' | 'id' | 'name' | 'email' | 'fields'> {
  if (!one) return { sender: null, created: null, late: null, file: null, others: [], graded: null, trouble: null }
  const { sender, created, late, place, others } = one
  const graded = gradedOf(one, results)
  const trouble = graded ? null : (results.troubles.get(one.digest ?? '') ?? 'it was not graded yet')
  return { sender, created, late, file: place, others, graded, trouble }
}

/** A result with what is known of it here: where it was, whose it is, and what the class as a whole shows. */
function gradedOf(one: Counted, { store, loaded, leadsOf }: ClassResults): Graded | null {
  const bundle = { file: one.place, sha256: one.sha256 ?? '' }
  const { student, late, refused } = one
  const leads = leadsOf(student.pseudonym)
  if (refused !== null) {
    const digest = sha256(`refused\0${bundle.sha256}\0${one.place}`)
    return { ...refusal({ digest, bundle, loaded, student, reason: refused }), late, leads }
  }
  const graded = one.digest === null ? undefined : store.read(one.digest)
  return graded ? { ...graded, bundle, student, late, leads } : null
}
