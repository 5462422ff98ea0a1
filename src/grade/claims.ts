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
 * Looks at all, and gives what settles each.
 */
export function settleClaims(all: Iterable<Received>): (one: Received) => Received {
  // By pseudonym who has handed in, and whether what came last from there names the student.
  const claims = new Map<string, Map<string, boolean>>()
  for (const one of all) {
    if (!one.sender) continue
    const own = claims.get(one.student.pseudonym) ?? new Map<string, boolean>()
    claims.set(one.student.pseudonym, own)
    own.set(senderKey(one), isNamed(one))
  }
  return (one) => settled(one, claims.get(one.student.pseudonym) ?? new Map())
}

/** Says who has handed something in; the same for all that one account of a learning platform has sent. */
export function senderKey({ sender }: Pick<Received, 'sender'>): string {
  return sender ? `${sender.platform}/${sender.id}/${sender.name}` : ''
}

/**
 * Leads for who was graded by the ticket, though the learning platform calls the sender otherwise; by pseudonym. Where no sender of
 * the class is in the roster, the names tell nothing (the platform hides them, or the roster has none), and there is no lead.
 */
export function* senderLeads(counted: Iterable<Received>): Generator<[pseudonym: string, lead: Lead]> {
  const isSent = ({ sender, student, refused }: Received) => sender !== null && student.id !== null && refused === null
  let isAnyNamed = false
  for (const one of counted) isAnyNamed ||= isSent(one) && isNamed(one)
  for (const one of isAnyNamed ? counted : [])
    if (isSent(one) && !isNamed(one)) yield [one.student.pseudonym, strange(one)]
}

function strange({ sender }: Received): Lead {
  return {
    kind: 'other-sender',
    reason: `the ticket is this student's, and who has handed it in is called ${printable(sender!.name).slice(0, 100)} (${sender!.platform}, ${sender!.id}), which the roster does not know as a name of this student alone`,
    others: [],
  }
}

function settled(one: Received, claims: ReadonlyMap<string, boolean>): Received {
  if (one.refused !== null || !one.sender || isNamed(one) || claims.size < 2) return one
  if ([...claims.values()].includes(true)) {
    const refused = `its ticket belongs to another student, ${one.student.pseudonym}, who has handed in something as well`
    return { ...one, student: one.named, refused }
  }
  const refused = `${claims.size} senders have handed in work with this ticket, and none of them has the name that the roster has for its student`
  return { ...one, refused }
}
