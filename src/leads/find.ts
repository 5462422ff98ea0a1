import type { Lead } from '../grade/model.ts'
import type { Params } from '../lab/params.ts'
import type { Fingerprint } from './fingerprint.ts'
import { foreignLeads, type Holder, ValueIndex } from './foreign.ts'
import { leads } from './words.ts'

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

/** The leads of a class, by pseudonym; who gives none is not in it. */
export function findLeads(prints: readonly Fingerprint[], { params, students }: ClassOfLab): Map<string, Lead[]> {
  const found = new Map<string, Lead[]>()
  const add = (pseudonym: string, lead: Lead) => {
    const list = found.get(pseudonym) ?? []
    found.set(pseudonym, list)
    list.push(lead)
  }
  const index = new ValueIndex(params, students ?? prints)
  for (const print of prints) {
    for (const lead of [...print.own, ...foreignLeads(print, index)]) add(print.pseudonym, lead)
  }
  const unusual = unusualCommands(prints)
  const equal = groupsOf(prints, ({ pseudonym }) => {
    const own = unusual.get(pseudonym) ?? []
    return own.length >= LEAST_EQUAL ? [own.join()] : []
  })
  for (const group of equal) {
    for (const one of group) {
      const others = group.filter((other) => other !== one)
      add(one, leads['equal-history'](others, unusual.get(one)!.length))
    }
  }
  const together = new Set(equal.flatMap((group) => group.flatMap((one) => group.map((other) => `${one} ${other}`))))
  for (const [one, other, shared] of sharing(unusual)) {
    const all = unusual.get(one)!.length
    // Whoever mixes what is copied with much else has copied all the same.
    const least = Math.min(all, unusual.get(other)!.length)
    if (!together.has(`${one} ${other}`) && shared >= LEAST_SHARED && shared / least >= 0.6)
      add(one, leads['similar-history'](other, shared, all))
  }
  const copied = new Map<string, Set<string>>()
  for (const group of groupsOf(prints, ({ entries }) => entries)) {
    for (const one of group) {
      const others = copied.get(one) ?? new Set()
      copied.set(one, others)
      for (const other of group) if (other !== one) others.add(other)
    }
  }
  for (const [one, others] of copied) add(one, leads['same-journal']([...others]))
  return found
}

/** Each student's commands that not many others of the class have typed. */
function unusualCommands(prints: readonly Fingerprint[]): Map<string, number[]> {
  const holders = new Map<number, number>()
  for (const { commands } of prints) for (const one of new Set(commands)) holders.set(one, (holders.get(one) ?? 0) + 1)
  const many = Math.max(3, prints.length / 5)
  return new Map(
    prints.map(({ pseudonym, commands }) => [pseudonym, commands.filter((one) => holders.get(one)! <= many)]),
  )
}

/** Pseudonyms of those that have a key in common, in groups of two and more. */
function groupsOf(
  prints: readonly Fingerprint[],
  keysOf: (print: Fingerprint) => readonly (string | number)[],
): string[][] {
  const groups = new Map<string | number, Set<string>>()
  for (const print of prints) {
    for (const key of keysOf(print)) {
      const group = groups.get(key) ?? new Set()
      groups.set(key, group)
      group.add(print.pseudonym)
    }
  }
  return [...groups.values()].filter(({ size }) => size > 1).map((group) => [...group])
}

/** How many unusual commands two students share, in both directions. */
function* sharing(
  unusual: ReadonlyMap<string, readonly number[]>,
): Generator<[one: string, other: string, shared: number]> {
  const holders = new Map<number, string[]>()
  for (const [pseudonym, commands] of unusual) {
    for (const one of new Set(commands)) {
      const list = holders.get(one) ?? []
      holders.set(one, list)
      list.push(pseudonym)
    }
  }
  for (const [one, commands] of unusual) {
    const shared = new Map<string, number>()
    for (const command of new Set(commands)) {
      const list = holders.get(command)!
      if (list.length > MOST_HOLDERS) continue
      for (const other of list) if (other !== one) shared.set(other, (shared.get(other) ?? 0) + 1)
    }
    for (const [other, count] of shared) yield [one, other, count]
  }
}
