import type { Counted } from '../grade/class-list.ts'
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
export function demandSame(before: readonly Counted[], now: readonly Counted[], store: ResultStore): void {
  const known = new Map(before.map((one) => [`${one.student.pseudonym} ${one.sha256}`, one]))
  const others = now.filter((one) => {
    const old = known.get(`${one.student.pseudonym} ${one.sha256}`)
    const isOther = old && old.digest !== null && old.digest !== one.digest
    if (!isOther || store.read(old.digest!)?.status !== 'graded') return false
    return one.digest === null || !store.has(one.digest)
  })
  if (others.length === 0) return
  const what = others.length === 1 ? '1 submission was' : `${others.length} submissions were`
  throw new GradeError('changed', `${what} graded already, with another text of the lab or another --carry than now`, [
    'see what would change, before it is written: --regrade',
    'if the lab was mended after the class had got it, say what the class had got: --edition FILE',
    'or keep both: another --out',
  ])
}

/** What would be another result than before, in the order of the class. */
export function changesOf(before: readonly Counted[], store: ResultStore, results: ClassResults): Change[] {
  const old = new Map<string, Row>()
  for (const row of classRows({ ...results, counted: before, store, troubles: new Map() }))
    old.set(row.pseudonym, brief(row))
  const changes: Change[] = []
  for (const row of classRows(results)) {
    const was = old.get(row.pseudonym)
    const [first, second] = [was ? inWords(was) : 'missing', inWords(row)]
    const who = [row.id || row.pseudonym, row.name].filter(Boolean).join(' ')
    if (first !== second) changes.push({ who, before: first, after: second })
  }
  return changes
}

/** Shows what would change, and asks; without a terminal it has to be allowed beforehand. Rejects with AskingEnded. */
export async function mayWrite(changes: readonly Change[], yes: boolean): Promise<boolean> {
  const say = (text: string) => process.stdout.write(`${sanitize(text)}\n`)
  if (changes.length === 0) {
    say('Nothing would change.')
    return true
  }
  for (const { who, before, after } of changes) say(`  ${who.replaceAll('\n', ' ')}: ${before} → ${after}`)
  say(`${changes.length === 1 ? '1 result changes' : `${changes.length} results change`}.`)
  if (yes) return true
  if (canAsk() && /^y(es)?$/i.test((await askLine('write them? y: yes')).trim())) return true
  say('Nothing was written. With --yes it is.')
  return false
}

/** Only what is compared stays in memory. */
function brief(row: Row): Row {
  return { ...row, graded: row.graded && { ...row.graded, steps: [], network: null } }
}

function inWords(row: Row): string {
  const { graded } = row
  const status = standing(row)
  if (status !== 'graded') return status
  return `${pointsText(graded!.points)} of ${pointsText(graded!.max)}`
}
