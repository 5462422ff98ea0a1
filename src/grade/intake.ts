import { type ExamKey, pseudonymOf } from '../exam/key.ts'
import type { Roster, Student } from '../exam/roster.ts'
import { checkTicket, readTicket, TicketError } from '../exam/ticket.ts'
import { readSubmission, type Submission } from '../submission/read.ts'
import { SubmissionRefused } from '../submission/refusal.ts'
import { isZipName } from './bulk-zip.ts'
import type { Found, Position } from './inbox.ts'
import type { Sender } from './sender.ts'
import { StudentNames } from './student-names.ts'

/** What submissions are measured by before they are graded. */
export interface Course {
  readonly lab: { readonly id: string; readonly digest: string; readonly hasParams: boolean }
  readonly roster: Roster | null
  readonly key: ExamKey | null
  readonly deadline: Date | null
}

/** Something that was handed in, and whose it is. */
export interface Received {
  readonly place: string
  readonly sender: Sender | null
  readonly student: { readonly pseudonym: string; readonly id: string | null; readonly name: string | null }
  /** Whom the place names; somebody else than `student` where the ticket says so. */
  readonly named: Received['student']
  /** SHA-256; null where there are no bytes. */
  readonly sha256: string | null
  readonly values: Readonly<Record<string, string>>
  /** When the student's machine says that it was written, ISO 8601. */
  readonly created: string | null
  readonly late: boolean | null
  /** Why it is not accepted; null if it is. */
  readonly refused: string | null
}

/** Looks at what was handed in: whose it is, and whether it is accepted. Nothing of it is believed without proof. */
export class Intake {
  readonly #course: Course
  readonly #students = new Map<string, Student>()
  readonly #names: StudentNames<Student>

  constructor(course: Course) {
    this.#course = course
    const students = course.roster?.students ?? []
    this.#names = new StudentNames(students)
    for (const student of students) this.#students.set(this.pseudonym(student.id), student)
  }

  /** Also without a key a student has a pseudonym; then anybody who knows the id can find it out. */
  pseudonym(id: string): string {
    return pseudonymOf(this.#course.key ?? { secret: new Uint8Array(32) }, id)
  }

  /** Whether something is all of one student's, by what the place says. */
  isOfStudent(position: Position): boolean {
    return position.sender !== null || this.#owner(position) !== undefined
  }

  /** The submission that was read stands beside it, for those who look for leads; null where it was not accepted. */
  async take(found: Found): Promise<{ received: Received; submission: Submission | null }> {
    const { place } = found
    const owner = this.#owner(found)
    const sender = owner ? null : found.sender
    const meant = owner ?? (sender ? this.#names.meant(sender) : undefined)
    const named = this.#named(meant, { place, sender })
    const nobody = { place, sender, named, sha256: null, values: {}, created: null, late: sender?.late ?? null }
    const refused = (reason: string) => ({
      received: { ...nobody, student: named, refused: reason },
      submission: null,
    })
    if (!found.bytes) return refused(found.problem ?? 'it cannot be read')
    let submission: Submission
    try {
      submission = await readSubmission(found.bytes)
    } catch (error) {
      if (!(error instanceof SubmissionRefused)) throw error
      return refused(error.message)
    }
    const { manifest, sha256 } = submission
    const late = this.#late(sender, manifest.created)
    const known = { ...nobody, sha256, created: manifest.created, late }
    try {
      const ticket = this.#ticket(submission, meant)
      const student = ticket ? this.#withPseudonym(ticket.pseudonym) : named
      return { received: { ...known, student, values: ticket?.values ?? {}, refused: null }, submission }
    } catch (error) {
      if (!(error instanceof TicketError || error instanceof NotAccepted)) throw error
      const reason = error.message.split('\n')[0]!
      return { received: { ...known, student: named, refused: reason }, submission: null }
    }
  }

  /** Throws TicketError or NotAccepted. */
  #ticket({ manifest, ticket: text }: Submission, meant: Student | undefined) {
    const { lab, key, roster } = this.#course
    if (manifest.lab !== lab.id) throw new NotAccepted(`it is of the lab ${manifest.lab}, and this is ${lab.id}`)
    if (manifest.digest !== lab.digest) throw new NotAccepted(`it is of another version of the lab ${lab.id}`)
    if (text === null && lab.hasParams)
      throw new NotAccepted('it was made without a ticket, so it is about values that are for practice')
    if (text === null) return undefined
    if (!key) throw new NotAccepted('it has a ticket, and without the key (--key) nobody can say whether it is genuine')
    const ticket = readTicket(text)
    checkTicket(ticket, {
      lab: lab.id,
      digest: lab.digest,
      publicKey: key.publicKey,
      now: new Date(manifest.created),
      ...(roster && meant ? { pseudonym: this.pseudonym(meant.id) } : {}),
    })
    return ticket
  }

  /** The student after whom a file or a folder is named, the outermost one. The sender in a student's zip is what the student says. */
  #owner({ sender, names }: Position): Student | undefined {
    for (const name of names) {
      if (sender && !isZipName(name)) continue
      const owner = this.#names.withId(name.replace(/\.zip$/i, ''))
      if (owner) return owner
    }
    return undefined
  }

  #named(meant: Student | undefined, { sender, place }: Pick<Found, 'sender' | 'place'>): Received['student'] {
    if (meant) return { pseudonym: this.pseudonym(meant.id), id: meant.id, name: meant.name || null }
    const name = sender ? `${sender.platform}/${sender.id}/${sender.name}` : place
    return this.#withPseudonym(this.pseudonym(`\0${name}`))
  }

  #withPseudonym(pseudonym: string): Received['student'] {
    const student = this.#students.get(pseudonym)
    return { pseudonym, id: student?.id ?? null, name: student?.name || null }
  }

  #late(sender: Sender | null, created: string): boolean | null {
    const { deadline } = this.#course
    if (sender?.late) return true
    return deadline ? new Date(created) > deadline : (sender?.late ?? null)
  }
}

class NotAccepted extends Error {}
