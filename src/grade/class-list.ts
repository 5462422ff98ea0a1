import { existsSync, readFileSync } from 'node:fs'
import writeFileAtomic from 'write-file-atomic'
import { senderKey, settleClaims } from './claims.ts'
import type { Received } from './intake.ts'

/** What counts of one student's submissions, and the name of its result. */
export interface Counted extends Received {
  /** Names the result; null where it was refused. */
  readonly digest: string | null
  /** Where the student's other submissions are, which do not count. */
  readonly others: readonly string[]
}

/** Of several submissions of a student the last one counts: the last that can be accepted, if there is one. */
export function lastOfEach(all: readonly Received[]): (Received & { readonly others: readonly string[] })[] {
  const groups = new Map<string, Received[]>()
  const seen = new Set<string>()
  for (const one of settleClaims(all)) {
    const { pseudonym } = one.student
    // The same file may have been named twice. From another sender it is not the same: that is a copy.
    const key = `${pseudonym} ${one.sha256} ${senderKey(one)}`
    if (one.sha256 !== null && seen.has(key)) continue
    seen.add(key)
    const group = groups.get(pseudonym) ?? []
    groups.set(pseudonym, group)
    group.push(one)
  }
  return [...groups.values()].map((group) => {
    const accepted = group.filter(({ refused }) => refused === null)
    const candidates = accepted.length > 0 ? accepted : group
    const last = candidates.reduce((best, one) => (isLater(best, one) ? best : one))
    return { ...last, others: group.filter((one) => one !== last).map(({ place }) => place) }
  })
}

/** The list is written as a whole; the one before is gone then. */
export function writeClass(file: string, counted: readonly Counted[]): void {
  writeFileAtomic.sync(file, counted.map((one) => `${JSON.stringify(one)}\n`).join(''))
}

/** Empty where there is none. */
export function readClass(file: string): Counted[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => JSON.parse(line) as Counted)
}

function isLater(one: Received, other: Received): boolean {
  return Date.parse(one.created ?? '') > Date.parse(other.created ?? '')
}
