import type { Lead } from '../grade/model.ts'
import type { Params } from '../lab/params.ts'
import type { Fingerprint } from './fingerprint.ts'
import { foreignLeads, type Holder, ValueIndex } from './foreign.ts'
import { shortHash } from './normal.ts'
import { Occurrences } from './occurrences.ts'
import { leads, MOST_OTHERS } from './words.ts'

/** What all of a class have in common. */
export interface ClassOfLab {
  readonly params: Params
  /** All students that have values, also those who have handed nothing in; without it, those who have. */
  readonly students?: Iterable<Holder>
}

/** An unusual command is one of few: of so many at most it is looked for who shares it. */
const MOST_HOLDERS = 12
const LEAST_EQUAL = 3
const LEAST_SHARED = 5

/**
 * Finds the leads of a class, with the pseudonym of whom each is about; those of one student in an order that is always the same. The
 * fingerprints are gone through several times, and one of them is in memory.
 */
export function* findLeads(
  prints: Iterable<Fingerprint>,
  { params, students }: ClassOfLab,
): Generator<[pseudonym: string, lead: Lead]> {
  const index = new ValueIndex(params, students ?? prints)
  const who: string[] = []
  const [commands, entries] = [new Occurrences(), new Occurrences()]
  for (const print of prints) {
    who.push(print.pseudonym)
    commands.add(print.commands)
    entries.add(print.entries)
    for (const lead of [...print.own, ...foreignLeads(print, index)]) yield [print.pseudonym, lead]
  }
  commands.sort()
  entries.sort()
  yield* historyLeads(prints, who, commands)
  yield* journalLeads(who, entries)
}

/** Equal and similar histories, made of each student's commands that not many others of the class have typed. */
function* historyLeads(
  prints: Iterable<Fingerprint>,
  who: readonly string[],
  commands: Occurrences,
): Generator<[string, Lead]> {
  const most = Math.max(3, who.length / 5)
  const isUnusual = ({ holders }: { readonly holders: number }) => holders <= most
  /** How many unusual ones each has typed, and by which number their order is known; 0 where they are too few. */
  const [lengths, orders] = [new Uint32Array(who.length), new Float64Array(who.length)]
  let student = 0
  for (const print of prints) {
    const unusual = new Set([...commands.of(student)].filter(isUnusual).map(({ number }) => number))
    const own = print.commands.filter((one) => unusual.has(one))
    lengths[student] = own.length
    orders[student] = own.length >= LEAST_EQUAL ? shortHash(own.join()) : 0
    student++
  }
  for (const group of groupsOf(orders)) {
    const some = group.slice(0, MOST_OTHERS + 1)
    for (const one of group) {
      const others = some.filter((other) => other !== one).map((other) => who[other]!)
      yield [who[one]!, leads['equal-history'](others, group.length - 1, lengths[one]!)]
    }
  }
  for (const one of who.keys()) {
    const shared = new Map<number, number>()
    for (const command of commands.of(one)) {
      if (!isUnusual(command) || command.holders > MOST_HOLDERS) continue
      for (const other of commands.holdersAt(command.place)) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    shared.delete(one)
    for (const [other, count] of shared) {
      const isEqual = orders[one] !== 0 && orders[one] === orders[other]
      // Whoever mixes what is copied with much else has copied all the same.
      const least = Math.min(lengths[one]!, lengths[other]!)
      if (!isEqual && count >= LEAST_SHARED && count / least >= 0.6)
        yield [who[one]!, leads['similar-history'](who[other]!, count, lengths[one]!)]
    }
  }
}

/** Journals that have entries in common, which depend on the times of all before. */
function* journalLeads(who: readonly string[], entries: Occurrences): Generator<[string, Lead]> {
  for (const one of who.keys()) {
    const others = new Set<number>()
    for (const { place, holders } of entries.of(one)) {
      if (holders > 1) for (const other of entries.holdersAt(place)) others.add(other)
    }
    others.delete(one)
    const some = [...others].slice(0, MOST_OTHERS).map((other) => who[other]!)
    if (others.size > 0) yield [who[one]!, leads['same-journal'](some, others.size)]
  }
}

/** Students of the same number, in groups of two and more; who has 0 is in none. */
function groupsOf(numbers: Float64Array): number[][] {
  const students = new Map<number, number[]>()
  for (const [student, number] of numbers.entries()) {
    if (number === 0) continue
    const group = students.get(number)
    if (group) group.push(student)
    else students.set(number, [student])
  }
  return [...students.values()].filter(({ length }) => length > 1)
}
