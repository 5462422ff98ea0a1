import type { ClassList, Counted } from '../grade/class-list.ts'
import { type ClassResults, classRows } from '../grade/class-rows.ts'
import { pointsText } from '../grade/score.ts'
import type { ResultStore } from '../grade/store.ts'
import { type Row, standing } from '../grade/tables/table.ts'
import { askLine } from '../guide/ask.ts'
import { canAsk } from '../guide/can-ask.ts'
import { sanitize } from '../sanitize.ts'
import { GradeError } from './grade-prepare.ts'

/** A student whose result would be another one. */
export interface Change {
  readonly who: string
  readonly before: string
  readonly after: string
}

/**
 * The same submission must not get another grade unseen, because the lab or the options have changed. Throws GradeError.
 */
export function demandSame(before: ClassList, now: ClassList, store: ResultStore): void {
  const isOther = (one: Counted) => {
    const old = before.of(one.student.pseudonym)
    if (!old || old.sha256 !== one.sha256 || old.digest === null || old.digest === one.digest) return false
    if (store.read(old.digest)?.status !== 'graded') return false
    return one.digest === null || !store.has(one.digest)
  }
  let others = 0
  for (const one of now) if (isOther(one)) others++
  if (others === 0) return
  const what = others === 1 ? '1 submission was' : `${others} submissions were`
  throw new GradeError('changed', `${what} graded already, with another text of the lab or another --carry than now`, [
    'see what would change, before it is written: --regrade',
    'if the lab was mended after the class had got it, say what the class had got: --edition FILE',
    'or keep both: another --out',
  ])
}

/** What would be another result than before, in the order of the class. */
export function* changesOf(before: ClassList, store: ResultStore, results: ClassResults): Generator<Change> {
  const old = new Map<string, string>()
  for (const row of classRows({ ...results, counted: before, store, troubles: new Map() }))
    old.set(row.pseudonym, inWords(row))
  for (const row of classRows(results)) {
    const [first, second] = [old.get(row.pseudonym) ?? 'missing', inWords(row)]
    const who = [row.id || row.pseudonym, row.name].filter(Boolean).join(' ')
    if (first !== second) yield { who, before: first, after: second }
  }
}

/** Shows what would change, and asks; without a terminal it has to be allowed beforehand. Rejects with AskingEnded. */
export async function mayWrite(changes: Iterable<Change>, yes: boolean): Promise<boolean> {
  const say = (text: string) => process.stdout.write(`${sanitize(text)}\n`)
  let count = 0
  for (const { who, before, after } of changes) {
    count++
    say(`  ${who.replaceAll('\n', ' ')}: ${before} → ${after}`)
  }
  if (count === 0) {
    say('Nothing would change.')
    return true
  }
  say(`${count === 1 ? '1 result changes' : `${count} results change`}.`)
  if (yes) return true
  if (canAsk() && /^y(es)?$/i.test((await askLine('write them? y: yes')).trim())) return true
  say('Nothing was written. With --yes it is.')
  return false
}

function inWords(row: Row): string {
  const { graded } = row
  const status = standing(row)
  if (status !== 'graded') return status
  return `${pointsText(graded!.points)} of ${pointsText(graded!.max)}`
}
