import type { GradedStep, Lead } from '../grade/model.ts'
import type { Chained } from '../guide/journal.ts'
import type { Lab } from '../lab/lab.ts'
import { workOfJournal } from '../submission/gather.ts'
import type { Submission } from '../submission/read.ts'
import type { Work } from '../submission/work.ts'
import { leads } from './words.ts'

/** What a submission may be measured by that is not in it. */
export interface Known {
  /** With the student's values in it: the instructor's whole text. */
  readonly lab: Lab
  /** The proven ticket; null without one. */
  readonly ticket: { readonly pseudonym: string; readonly issued: string; readonly expires: string } | null
  /** What the replay came to; null if it was not graded. */
  readonly steps: readonly GradedStep[] | null
}

/** Leads that one submission gives by itself. A journal that was taken out gives none: that is allowed. */
export function ownLeads({ work, journal, advice, manifest }: Submission, { lab, ticket, steps }: Known): Lead[] {
  const found: Lead[] = []
  if (journal) {
    if (!journal.intact) found.push(leads['broken-journal'](journal.trouble ?? ''))
    else found.push(...fitLeads(work, workOfJournal(lab, journal.entries)))
    found.push(...ticketLeads(journal.entries, ticket), ...timeLeads(journal.entries, manifest.created, ticket))
  }
  if (!steps) return found
  found.push(...replayLeads(work, steps))
  const untrue = steps.flatMap(({ id, items }) => {
    const passed =
      advice?.steps.find((step) => step.id === id)?.checks.filter(({ status }) => status === 'passed') ?? []
    return items.filter(
      ({ hidden, status, kind, label }) =>
        !hidden && status === 'failed' && passed.some((one) => one.kind === kind && one.label === label),
    )
  })
  if (untrue.length > 0) found.push(leads['advice-replay'](untrue.slice(0, 5).map(({ label }) => label)))
  return found
}

function fitLeads(work: Work, told: Work): Lead[] {
  const [missing, more] = [without(actsOf(work), actsOf(told)), without(actsOf(told), actsOf(work))]
  const [example] = [...missing, ...more]
  return example === undefined ? [] : [leads['journal-work'](missing.length, more.length, example.split('\0').at(-1)!)]
}

function actsOf({ steps }: Work): string[] {
  return steps.flatMap(({ id, commands, answers }) => [
    ...commands.map(({ terminal, text }) => [id, terminal, text].join('\0')),
    ...answers.map(({ ask, text }) => [id, 'answer', ask, text].join('\0')),
  ])
}

/** Those of the first that the second has not, or not as often. */
export function without(first: readonly string[], second: readonly string[]): string[] {
  const left = new Map<string, number>()
  for (const one of second) left.set(one, (left.get(one) ?? 0) + 1)
  return first.filter((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count <= 0
  })
}

function ticketLeads(entries: readonly Chained[], ticket: Known['ticket']): Lead[] {
  const used = entries.flatMap((entry) => (entry.type === 'start' && entry.ticket !== null ? entry.ticket : []))
  const others = new Set(used.filter((one) => one !== ticket?.pseudonym && /^s[a-z2-7]{12}$/.test(one)))
  return ticket ? [...others].slice(0, 5).map((other) => leads['foreign-ticket'](other)) : []
}

/** A command may end otherwise once: times and random numbers differ. Many are something else. */
function replayLeads({ steps }: Work, replayed: readonly GradedStep[]): Lead[] {
  let all = 0
  const other: string[] = []
  for (const { id, commands, carried } of replayed) {
    // What was judged on the reference state was done on another one.
    if (carried) continue
    const told = steps.filter((step) => step.id === id).flatMap((step) => step.commands)
    for (const { terminal, text, exit } of commands) {
      const at = told.findIndex((one) => one.terminal === terminal && one.text === text)
      const [one] = at < 0 ? [] : told.splice(at, 1)
      if (!one || one.exit === null || exit === null) continue
      all++
      if ((one.exit === 0) !== (exit === 0)) other.push(text)
    }
  }
  return other.length >= 3 && other.length / all > 0.25 ? [leads['journal-replay'](other.length, all, other[0]!)] : []
}

const MINUTE = 60_000
/** So many commands of their own nobody types in so little time. */
const PASTED = { commands: 10, milliseconds: 5000, characters: 15 }

function timeLeads(entries: readonly Chained[], created: string, ticket: Known['ticket']): Lead[] {
  const found: Lead[] = []
  const times = entries.map(({ at }) => Date.parse(at))
  const back = times.findIndex((time, index) => index > 0 && time < times[index - 1]! - 5 * MINUTE)
  if (back > 0) found.push(leads['odd-times'](`the clock goes back at entry ${back + 1} of the journal`))
  const [first, last] = [times[0], times.at(-1)]
  if (last !== undefined && last > Date.parse(created) + 5 * MINUTE)
    found.push(leads['odd-times']('the journal goes on after the submission was written'))
  if (ticket && first !== undefined && first < Date.parse(ticket.issued) - 60 * MINUTE)
    found.push(leads['odd-times']('the journal begins before the ticket was made'))
  if (ticket && last !== undefined && last > Date.parse(ticket.expires))
    found.push(leads['odd-times']('the journal goes on after the ticket has expired'))
  const typed = entries.filter(
    (entry) => entry.type === 'command' && entry.from === 'student' && entry.text.length >= PASTED.characters,
  )
  const { commands: many, milliseconds } = PASTED
  const burst = typed.some((entry, index) => {
    const end = typed[index + many - 1]
    return end !== undefined && Date.parse(end.at) - Date.parse(entry.at) <= milliseconds && end.at >= entry.at
  })
  if (burst)
    found.push(leads['odd-times'](`${many} commands of the student's own within ${milliseconds / 1000} seconds`))
  return found
}
