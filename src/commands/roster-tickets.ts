import { mkdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { stringify } from 'csv-stringify/sync'
import writeFileAtomic from 'write-file-atomic'
import { checks } from '../checks/index.ts'
import { parseDeadline } from '../exam/deadline.ts'
import { labDigest } from '../exam/digest.ts'
import { DrawError, drawValues } from '../exam/draw.ts'
import { type ExamKey, KeyError, pseudonymOf, readKey } from '../exam/key.ts'
import { type Roster, RosterError, readRoster } from '../exam/roster.ts'
import { issueTicket } from '../exam/ticket.ts'
import { findLab, loadLab, readText } from './labs.ts'
import { OutputError } from './sinks.ts'

export interface TicketsOptions {
  readonly lab: string
  readonly key: string
  readonly out: string
  readonly expires?: string
}

const DAYS = 180

/** `labrun roster tickets`: a file for each student, and tickets.csv, which says whose is whose. */
export function rosterTickets(rosterFile: string, { lab: name, key: keyFile, out, expires }: TicketsOptions): number {
  const now = new Date()
  const deadline = expires === undefined ? new Date(now.getTime() + DAYS * 86_400_000) : parseDeadline(expires)
  if (!deadline) throw new OutputError(`--expires ${expires}: expected a date, as 2027-01-31 or 2027-01-31T18:00`)
  if (deadline <= now) throw new OutputError(`--expires ${expires}: that is over, so nobody could use the tickets`)
  const key = readKeyFile(keyFile)
  const roster = readRosterFile(rosterFile)
  const file = findLab(name)
  const lab = loadLab(file, checks)
  const digest = labDigest(readText(file), file, checks)
  const dates = { issued: now.toISOString(), expires: deadline.toISOString() }
  const tickets = roster.students.map((student) => {
    const pseudonym = pseudonymOf(key, student.id)
    try {
      const values = drawValues(lab.params, { secret: key.secret, lab: lab.id, pseudonym })
      return { student, ticket: issueTicket({ lab: lab.id, digest, pseudonym, values, ...dates }, key) }
    } catch (error) {
      if (error instanceof DrawError) throw new OutputError(`there are no values for ${student.id}: ${error.message}`)
      throw error
    }
  })
  write(out, [
    ...tickets.map(({ ticket }) => ({ name: `${ticket.pseudonym}.ticket`, text: `${ticket.text}\n` })),
    { name: 'tickets.csv', text: table(tickets) },
  ])
  const count = tickets.length === 1 ? '1 ticket' : `${tickets.length} tickets`
  process.stdout.write(
    `${count} for ${lab.id} in ${out}, valid until ${deadline.toISOString()}\n  ${join(out, 'tickets.csv')} says whose is whose: it is for you alone\n`,
  )
  return 0
}

/** Throws KeyError. */
export function readKeyFile(file: string): ExamKey {
  try {
    return readKey(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new KeyError(`${file}: ${(error as Error).message}`)
  }
}

/** Throws RosterError, whose message begins with the file and the line. */
export function readRosterFile(file: string): Roster {
  try {
    return readRoster(readFileSync(file))
  } catch (error) {
    const line = error instanceof RosterError ? error.line : 1
    throw new RosterError(line, `${file}:${line}: ${(error as Error).message}`)
  }
}

type Issued = {
  readonly student: Roster['students'][number]
  readonly ticket: ReturnType<typeof issueTicket>
}

function table(tickets: readonly Issued[]): string {
  const rows = tickets.map(({ student: { id, name, email }, ticket: { pseudonym } }) => [
    id,
    name,
    email,
    pseudonym,
    `${pseudonym}.ticket`,
  ])
  return stringify(rows, {
    header: true,
    columns: ['id', 'name', 'email', 'pseudonym', 'ticket'],
    escape_formulas: true,
  })
}

function write(folder: string, files: readonly { readonly name: string; readonly text: string }[]): void {
  try {
    mkdirSync(folder, { recursive: true })
    for (const { name, text } of files) writeFileAtomic.sync(join(folder, basename(name)), text, { mode: 0o600 })
  } catch (error) {
    throw new OutputError(`cannot write to ${folder}: ${(error as Error).message}`)
  }
}
