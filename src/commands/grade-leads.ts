import { readFileSync } from 'node:fs'
import { drawValues } from '../exam/draw.ts'
import { canaryOf } from '../exam/key.ts'
import { readTicket, type Ticket } from '../exam/ticket.ts'
import { senderLeads } from '../grade/claims.ts'
import type { Counted } from '../grade/class-list.ts'
import type { Lead } from '../grade/model.ts'
import type { ResultStore } from '../grade/store.ts'
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

/**
 * Looks for leads in the submissions that count, one after the other, and then in what they have in common. By pseudonym; no points
 * depend on them, and one submission in which none can be looked for does not keep the class from its results.
 */
export async function leadsOf(
  counted: readonly Counted[],
  choices: LeadChoices,
): Promise<ReadonlyMap<string, readonly Lead[]>> {
  const { prepared, say } = choices
  const prints: Fingerprint[] = []
  for (const one of counted) {
    if (one.digest === null) continue
    try {
      prints.push(await fingerprintOf(one, one.digest, choices))
    } catch (error) {
      say(`no leads were looked for in ${one.place}: ${(error as Error).message}`)
    }
  }
  const leads = findLeads(prints, { params: prepared.loaded.lab.params, ...holdersOf(prepared) })
  for (const [pseudonym, lead] of senderLeads(counted)) leads.set(pseudonym, [lead, ...(leads.get(pseudonym) ?? [])])
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
function holdersOf({ roster, key, intake, loaded }: Prepared): { students?: readonly Holder[] } {
  const { params, id: lab } = loaded.lab
  if (!roster || !key) return {}
  const students = roster.students.map(({ id }): Holder => {
    const pseudonym = intake.pseudonym(id)
    const values = drawValues(params, { secret: key.secret, lab, pseudonym })
    return { pseudonym, values, canary: canaryOf(key, lab, pseudonym) }
  })
  return { students }
}
