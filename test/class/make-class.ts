import { createPrivateKey, createPublicKey } from 'node:crypto'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import { checks } from '../../src/checks/index.ts'
import { loadGradedLab } from '../../src/commands/grading-labs.ts'
import { loadLab } from '../../src/commands/labs.ts'
import { drawValues } from '../../src/exam/draw.ts'
import { type ExamKey, pseudonymOf, readKey } from '../../src/exam/key.ts'
import { issueTicket } from '../../src/exam/ticket.ts'
import type { LoadedLab } from '../../src/grade/grade-job.ts'
import type { Lab } from '../../src/lab/lab.ts'
import type { Work } from '../../src/submission/work.ts'
import { writeSubmission } from '../../src/submission/write.ts'
import { bytesOf, Chance } from './chance.ts'
import { diaryOf, forged } from './diary.ts'
import { damaged, withHarm } from './harm.ts'
import { type Kind, kindOf, modelOf } from './kinds.ts'
import { nameOf } from './names.ts'
import { halfway, solve, withHabits, withMistake } from './solve.ts'

export interface ClassOptions {
  /** The file of the exam, with its solutions. */
  readonly exam: string
  readonly folder: string
  readonly size: number
  readonly seed: string
  /** Everybody is like this. */
  readonly only?: Kind
}

/** One student, and what the student is like. */
export interface Made {
  readonly id: string
  readonly name: string
  readonly pseudonym: string
  readonly kind: Kind
  /** From whom it was copied, or how it was broken. */
  readonly note: string
}

export const DEADLINE = '2026-05-01T12:00:00Z'
const ISSUED = '2026-04-01T00:00:00Z'
const EXPIRES = '2027-04-01T00:00:00Z'

/**
 * Writes a class: the exam, `course.key`, `roster.csv`, `tickets/`, `inbox/` with what was handed in, and `class.csv`, which
 * tells what each student is like. The same options give the same bytes. One student at a time is in memory.
 */
export async function makeClass(options: ClassOptions): Promise<Made[]> {
  const { exam, folder, size, seed } = options
  for (const part of ['tickets', 'inbox']) mkdirSync(join(folder, part), { recursive: true })
  copyFileSync(exam, join(folder, basename(exam)))
  const keyText = keyOf(seed)
  writeFileSync(join(folder, 'course.key'), keyText, { mode: 0o600 })
  const room = new Room(options, readKey(keyText))
  const made: Made[] = []
  for (let index = 0; index < size; index++) {
    const { student, ticket, zip } = await room.student(index)
    writeFileSync(join(folder, 'tickets', `${student.pseudonym}.ticket`), `${ticket}\n`)
    if (zip) writeFileSync(join(folder, 'inbox', `${student.id}.zip`), zip)
    made.push(student)
  }
  const roster = made.map(({ id, name }) => ({ id, name, email: `${id}@example.org` }))
  writeFileSync(join(folder, 'roster.csv'), stringify(roster, { header: true }))
  writeFileSync(join(folder, 'class.csv'), stringify(made, { header: true }))
  return made
}

/** A key that is made of a seed; for classes that are no real ones. */
function keyOf(seed: string): string {
  // PKCS #8 of an Ed25519 key is these bytes and the 32 of the key (RFC 8410).
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), bytesOf(seed, 'key')])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const text = {
    labrun: 'key',
    version: 1,
    secret: bytesOf(seed, 'secret').toString('base64'),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString(),
  }
  return `${JSON.stringify(text, null, 2)}\n`
}

class Room {
  readonly #exam: string
  readonly #key: ExamKey
  readonly #seed: string
  readonly #size: number
  readonly #only: Kind | undefined
  readonly #plain: LoadedLab

  constructor({ exam, seed, size, only }: ClassOptions, key: ExamKey) {
    this.#only = only
    this.#exam = exam
    this.#key = key
    this.#seed = seed
    this.#size = size
    this.#plain = loadGradedLab(exam, null)
  }

  async student(index: number): Promise<{ student: Made; ticket: string; zip: Buffer | undefined }> {
    const kind = this.#only ?? kindOf(this.#seed, this.#size, index)
    const chance = new Chance(this.#seed, 'student', index)
    const { id, pseudonym, ticket } = this.#who(index)
    const model = modelOf(this.#seed, this.#size, index)
    const about = { id, pseudonym, kind, name: nameOf(index, kind === 'hostile') }
    const said = (note = '', zip?: Buffer) => ({ student: { ...about, note }, ticket, zip })
    if (kind === 'missing') return said()
    const begun = Date.parse(DEADLINE) - (kind === 'late' ? -3 : 3) * 3_600_000 + chance.below(3_000_000)
    const { digest, lab } = this.#plain
    const pause = 20_000 + chance.below(40_000)
    const { journal, work } = diaryOf(this.#work(kind, index, chance), { lab: lab.id, digest, pseudonym, begun, pause })
    const created = new Date(begun + 5_400_000).toISOString()
    const zip = await writeSubmission({
      about: { lab: lab.id, digest, created, by: 'labrun 0.1.0' },
      ticket,
      work,
      advice: null,
      journal: kind === 'forged' ? forged(journal) : journal,
    })
    if (kind === 'broken') {
      const { how, bytes } = damaged(zip, chance)
      return said(how, bytes)
    }
    return said(kind === 'copied' || kind === 'shared' ? this.#who(model).id : '', zip)
  }

  #work(kind: Kind, index: number, chance: Chance): Work {
    const model = modelOf(this.#seed, this.#size, index)
    // Two equal histories without any quirk would prove nothing, so everybody has habits.
    const right = this.#usual(solve(this.#lab(index)), kind === 'shared' ? model : index)
    if (kind === 'half') return halfway(right)
    if (kind === 'mistaken') return withMistake(right, chance)
    if (kind === 'hostile') return withHarm(right, chance)
    if (kind === 'copied') return this.#usual(solve(this.#lab(model)), model)
    return right
  }

  #usual(work: Work, index: number): Work {
    return withHabits(work, new Chance(this.#seed, 'habits', index))
  }

  /** The lab with a student's values. */
  #lab(index: number): Lab {
    return loadLab(this.#exam, checks, () => () => this.#who(index).values)
  }

  #who(index: number) {
    const id = `k${String(index + 1).padStart(4, '0')}`
    const pseudonym = pseudonymOf(this.#key, id)
    const { lab, digest } = this.#plain
    const values = drawValues(lab.params, { secret: this.#key.secret, lab: lab.id, pseudonym })
    const ticket = issueTicket({ lab: lab.id, digest, pseudonym, values, issued: ISSUED, expires: EXPIRES }, this.#key)
    return { id, pseudonym, values, ticket: ticket.text }
  }
}
