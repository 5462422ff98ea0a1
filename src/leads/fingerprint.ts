import type { Lead } from '../grade/model.ts'
import type { Lab } from '../lab/lab.ts'
import type { Values } from '../lab/params.ts'
import type { Submission } from '../submission/read.ts'
import { ADDRESS, addressOf, Normalizer, shortHash } from './normal.ts'
import { type Known, ownLeads, without } from './own.ts'
import { leads } from './words.ts'

/** What of a submission is compared with those of others: plain values, some kilobytes, and a few hundred where somebody wants to hide something. */
export interface Fingerprint {
  readonly pseudonym: string
  readonly values: Values
  /** Of its own ticket; null without one. */
  readonly canary: string | null
  /** Leads that it gives by itself. */
  readonly own: readonly Lead[]
  /** Short hashes of the student's own commands without their values, in order; those of the lab are left out. */
  readonly commands: readonly number[]
  /** Addresses and numbers in it that are neither the student's nor the lab's, and in how many commands they are. */
  readonly addresses: readonly (readonly [address: number, count: number])[]
  readonly numbers: readonly (readonly [number: string, count: number])[]
  /** Texts that look like a canary. */
  readonly canaries: readonly string[]
  /** Short hashes of some entries of the journal, which depend on the times of all before. */
  readonly entries: readonly number[]
}

export interface Look extends Known {
  readonly pseudonym: string
  readonly submission: Submission
  readonly canary: string | null
}

/** Far more than anybody types. Who has more of something gets a lead for it: nothing is hidden by what stands before it. */
const MOST = 10_000
/** Shorter ones everybody types. */
const LEAST_CHARACTERS = 12

/** Takes the fingerprint of a submission; afterwards it is not needed any more. */
export function fingerprint({ pseudonym, submission, canary, ...known }: Look): Fingerprint {
  const { lab } = known
  const normalizer = new Normalizer(lab)
  const trivial = new Set(commandsOfLab(lab).map((text) => normalizer.normal(text)))
  const texts = textsOf(submission)
  const own = texts
    .map((text) => normalizer.normal(text))
    .filter((text) => text.length >= LEAST_CHARACTERS && !trivial.has(text))
  const ofLab = new Set([...commandsOfLab(lab), ...lab.source].flatMap((text) => text.match(TOKEN) ?? []))
  const tokens = countTokens([...texts, ...answersOf(submission)], normalizer, ofLab)
  const addresses = [...tokens].flatMap(([token, count]) => addressEntry(token, count))
  const numbers = [...tokens].filter(([token]) => /^\d+$/.test(token))
  const canaries = canariesIn(submission, canary)
  return {
    pseudonym,
    values: lab.values,
    canary,
    own: [...ownLeads(submission, known), ...tooManyLeads({ commands: own, addresses, numbers, canaries })],
    commands: own.slice(0, MOST).map(shortHash),
    addresses: addresses.slice(0, MOST),
    numbers: numbers.slice(0, MOST),
    canaries: canaries.slice(0, MOST),
    entries: markedEntries(submission),
  }
}

/** What stands behind the first of many is compared with nothing, so a person has to look at it. */
function tooManyLeads(all: Readonly<Record<string, readonly unknown[]>>): Lead[] {
  return Object.entries(all).flatMap(([what, { length }]) =>
    length > MOST ? [leads['too-many'](what, length, MOST)] : [],
  )
}

/**
 * All that was typed; what was taken back tells as much as what counts. What counts comes first, so that no journal can hide it:
 * a journal that was written anew says what its writer wants.
 */
function textsOf({ journal, work }: Submission): string[] {
  const counted = work.steps.flatMap(({ commands }) => commands.map(({ text }) => text))
  const typed = (journal?.entries ?? []).flatMap((entry) =>
    entry.type === 'command' && entry.from === 'student' ? entry.text : [],
  )
  return [...counted, ...without(typed, counted)]
}

function answersOf({ work }: Submission): string[] {
  return work.steps.flatMap(({ answers }) => answers.map(({ text }) => text))
}

/** The reference solution and all that the lab shows. */
function commandsOfLab({ steps }: Lab): string[] {
  const blocks = steps.flatMap(({ items }) => items.filter((item) => item.kind === 'block'))
  return blocks.flatMap(({ commands }) => [
    ...commands.map(({ text }) => text),
    // Of a loop or a function people type the lines as well.
    ...commands.flatMap(({ text }) => (text.includes('\n') ? text.split('\n') : [])),
  ])
}

const TOKEN = /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|(?<![\w.])\d{4,9}(?![\w.])/g

/** In how many texts each address and each number of four digits and more is. */
function countTokens(
  texts: readonly string[],
  normalizer: Normalizer,
  ofLab: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const text of texts) {
    // Own values are names then.
    for (const token of new Set(normalizer.normal(text).match(TOKEN)))
      if (!ofLab.has(token)) counts.set(token, (counts.get(token) ?? 0) + 1)
  }
  return counts
}

function addressEntry(token: string, count: number): [number, number][] {
  const address = token.match(ADDRESS) ? addressOf(token) : undefined
  return address === undefined ? [] : [[address, count]]
}

function canariesIn(submission: Submission, own: string | null): string[] {
  const texts = [...textsOf(submission), ...answersOf(submission)]
  const found = texts.flatMap((text) => text.match(/(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])/g) ?? [])
  return [...new Set(found)].filter((one) => one !== own)
}

/** A journal that was copied and gone on with is the same at its beginning. */
function markedEntries({ journal }: Submission): number[] {
  const entries = journal?.entries ?? []
  const starts = entries.filter(({ type }) => type === 'start').slice(0, 8)
  return [...starts, ...entries.slice(0, 4)].map(({ hash }) => shortHash(hash))
}
