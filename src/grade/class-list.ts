import { closeSync, existsSync, openSync } from 'node:fs'
import { senderKey, settleClaims } from './claims.ts'
import type { Received } from './intake.ts'
import { linesOf, Records } from './records.ts'
import { openWhole } from './whole-file.ts'

/** What counts of one student's submissions, and the name of its result. */
export interface Counted extends Received {
  /** Names the result; null where it was refused. */
  readonly digest: string | null
  /** Where the student's other submissions are, which do not count. */
  readonly others: readonly string[]
}

/** A class on the disk: what counts of each student, who is one of thousands. */
export class ClassList implements Iterable<Counted> {
  readonly #records: Records<Counted>
  readonly #byStudent = new Map<string, number>()

  /** In a folder that has room for it. */
  constructor(folder: string) {
    this.#records = new Records(folder)
  }

  /** As it was written to a file; empty where there is none. */
  static read(file: string, folder: string): ClassList {
    const list = new ClassList(folder)
    if (!existsSync(file)) return list
    const descriptor = openSync(file, 'r')
    for (const line of linesOf(descriptor)) list.add(JSON.parse(line) as Counted)
    closeSync(descriptor)
    return list
  }

  add(one: Counted): void {
    this.#byStudent.set(one.student.pseudonym, this.#records.add(one))
  }

  of(pseudonym: string): Counted | undefined {
    const number = this.#byStudent.get(pseudonym)
    return number === undefined ? undefined : this.#records.get(number)
  }

  pseudonyms(): Iterable<string> {
    return this.#byStudent.keys()
  }

  [Symbol.iterator](): Iterator<Counted> {
    return this.#records[Symbol.iterator]()
  }

  /** The file is written as a whole; the one before is gone then. */
  write(file: string): void {
    const sink = openWhole(file)
    for (const line of this.#records.lines()) sink.write(`${line}\n`)
    sink.close()
  }

  close(): void {
    this.#records.close()
  }
}

/** Of several submissions of a student the last one counts: the last that can be accepted, if there is one. */
export function* lastOfEach(all: Records<Received>): Generator<Received & { readonly others: readonly string[] }> {
  const settled = settleClaims(all)
  for (const { last, numbers } of groupsOf(all, settled).values()) {
    const others = numbers.filter((number) => number !== last)
    yield { ...settled(all.get(last)), others: others.map((number) => all.get(number).place) }
  }
}

/** One student's submissions, by their numbers. */
interface Group {
  readonly numbers: number[]
  last: number
  isAccepted: boolean
  /** Milliseconds; NaN where nobody knows. */
  created: number
}

function groupsOf(all: Iterable<Received>, settled: (one: Received) => Received): Map<string, Group> {
  const groups = new Map<string, Group>()
  const seen = new Set<string>()
  let number = -1
  for (const received of all) {
    number++
    const one = settled(received)
    const { pseudonym } = one.student
    // The same file may have been named twice. From another sender it is not the same: that is a copy.
    const key = `${pseudonym} ${one.sha256} ${senderKey(one)}`
    if (one.sha256 !== null && seen.has(key)) continue
    seen.add(key)
    const [isAccepted, created] = [one.refused === null, Date.parse(one.created ?? '')]
    const group = groups.get(pseudonym)
    if (!group) groups.set(pseudonym, { numbers: [number], last: number, isAccepted, created })
    else {
      group.numbers.push(number)
      // Of those that are equally late it is the one that was found last.
      if (isAccepted === group.isAccepted ? !(group.created > created) : isAccepted)
        Object.assign(group, { last: number, isAccepted, created })
    }
  }
  return groups
}
