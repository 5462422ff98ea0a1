import { printable } from '../submission/printable.ts'
import type { Received } from './intake.ts'
import type { Lead } from './model.ts'

/** Whether the place where a submission was names the student to whom it belongs. */
function isNamed({ named, student }: Received): boolean {
  return named.pseudonym === student.pseudonym
}

/**
 * A ticket can be copied, and then several senders have handed in one student's work. It counts for the sender who is that student by
 * name; what the others have handed in is theirs, and refused. Where none of them is, all of it is refused: a person has to look.
 */
export function settleClaims(all: readonly Received[]): Received[] {
  const bySender = new Map<string, Map<string, Received>>()
  for (const one of all) {
    if (!one.sender) continue
    const claims = bySender.get(one.student.pseudonym) ?? new Map<string, Received>()
    bySender.set(one.student.pseudonym, claims)
    claims.set(senderKey(one), one)
  }
  return all.map((one) => settled(one, [...(bySender.get(one.student.pseudonym)?.values() ?? [])]))
}

/** Says who has handed something in; the same for all that one account of a learning platform has sent. */
export function senderKey({ sender }: Pick<Received, 'sender'>): string {
  return sender ? `${sender.platform}/${sender.id}/${sender.name}` : ''
}

/**
 * Leads for who was graded by the ticket, though the learning platform calls the sender otherwise; by pseudonym. Where no sender of
 * the class is in the roster, the names tell nothing (the platform hides them, or the roster has none), and there is no lead.
 */
export function senderLeads(counted: readonly Received[]): Map<string, Lead> {
  const sent = counted.filter(({ sender, student, refused }) => sender && student.id !== null && refused === null)
  const strangers = sent.some(isNamed) ? sent.filter((one) => !isNamed(one)) : []
  return new Map(
    strangers.map(({ student, sender }) => [
      student.pseudonym,
      {
        kind: 'other-sender',
        reason: `the ticket is this student's, and who has handed it in is called ${printable(sender!.name).slice(0, 100)} (${sender!.platform}, ${sender!.id}), which the roster does not know as a name of this student alone`,
        others: [],
      },
    ]),
  )
}

function settled(one: Received, claims: readonly Received[]): Received {
  if (one.refused !== null || !one.sender || isNamed(one) || claims.length < 2) return one
  if (claims.some(isNamed)) {
    const refused = `its ticket belongs to another student, ${one.student.pseudonym}, who has handed in something as well`
    return { ...one, student: one.named, refused }
  }
  const refused = `${claims.length} senders have handed in work with this ticket, and none of them has the name that the roster has for its student`
  return { ...one, refused }
}
