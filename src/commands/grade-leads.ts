import { readFileSync } from 'node:fs'
import { drawValues } from '../exam/draw.ts'
import { canaryOf, type ExamKey, pseudonymOf } from '../exam/key.ts'
import type { Roster } from '../exam/roster.ts'
import { readTicket, type Ticket } from '../exam/ticket.ts'
import { senderLeads } from '../grade/claims.ts'
import type { ClassList, Counted } from '../grade/class-list.ts'
import type { Lead } from '../grade/model.ts'
import { Records } from '../grade/records.ts'
import type { ResultStore } from '../grade/store.ts'
import type { Lab } from '../lab/lab.ts'
import { findLeads } from '../leads/find.ts'
import { type Fingerprint, fingerprint } from '../leads/fingerprint.ts'
import type { Holder } from '../leads/foreign.ts'
import { readSubmission } from '../submission/read.ts'
import { bundleFile } from './grade-collect.ts'
import type { Prepared } from './grade-prepare.ts'
import { loadGradedLab } from './grading-labs.ts'

interface LeadChoices {
  readonly prepared: Prepared
  readonly folder: string
  readonly store: ResultStore
  /** Gets a line for each submission in which no leads could be looked for. */
  readonly say: (line: string) => void
}

/** The leads of a class, on the disk. */
export class Leads {
  readonly #records: Records<Lead>
  readonly #byStudent = new Map<string, number[]>()

  constructor(folder: string) {
    this.#records = new Records(folder)
  }

  add(pseudonym: string, lead: Lead): void {
    const numbers = this.#byStudent.get(pseudonym) ?? []
    this.#byStudent.set(pseudonym, numbers)
    numbers.push(this.#records.add(lead))
  }

  of(pseudonym: string): Lead[] {
    return (this.#byStudent.get(pseudonym) ?? []).map((number) => this.#records.get(number))
  }
}

/**
 * Looks for leads in the submissions that count, one after the other, and then in what they have in common; no points
 * depend on them, and one submission in which none can be looked for does not keep the class from its results.
 */
export async function leadsOf(counted: ClassList, choices: LeadChoices): Promise<Leads> {
  const { prepared, folder, say } = choices
  const prints = new Records<Fingerprint>(folder)
  for (const one of counted) {
    if (one.digest === null) continue
    try {
      prints.add(await fingerprintOf(one, one.digest, choices))
    } catch (error) {
      say(`no leads were looked for in ${one.place}: ${(error as Error).message}`)
    }
  }
  const leads = new Leads(folder)
  for (const [pseudonym, lead] of senderLeads(counted)) leads.add(pseudonym, lead)
  const { lab } = prepared.loaded
  const { roster, key } = prepared
  const students = roster && key ? { students: holdersOf(lab, roster, key) } : {}
  for (const [pseudonym, lead] of findLeads(prints, { params: lab.params, ...students })) leads.add(pseudonym, lead)
  prints.close()
  return leads
}

/** Rejects where the bundle cannot be read, or where its values do not fit the lab as it is now. */
async function fingerprintOf(
  one: Counted,
  digest: string,
  { prepared, folder, store }: LeadChoices,
): Promise<Fingerprint> {
  const submission = await readSubmission(readFileSync(bundleFile(folder, one)))
  const ticket: Ticket | null = submission.ticket === null ? null : readTicket(submission.ticket)
  const { lab } = loadGradedLab(prepared.labFile, one.values)
  const { pseudonym } = one.student
  const steps = store.read(digest)?.steps ?? null
  return fingerprint({ pseudonym, submission, canary: ticket?.canary ?? null, lab, ticket, steps })
}

/** Everybody's values, also of those who have handed in nothing. */
function* holdersOf({ params, id: lab }: Lab, roster: Roster, key: ExamKey): Generator<Holder> {
  for (const { id } of roster.students) {
    const pseudonym = pseudonymOf(key, id)
    const values = drawValues(params, { secret: key.secret, lab, pseudonym })
    yield { pseudonym, values, canary: canaryOf(key, lab, pseudonym) }
  }
}
