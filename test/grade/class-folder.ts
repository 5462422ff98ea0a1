import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parse } from 'csv-parse/sync'
import yazl from 'yazl'
import { loadGradedLab } from '../../src/commands/grading-labs.ts'
import { drawValues } from '../../src/exam/draw.ts'
import { createKey, type ExamKey, pseudonymOf, readKey } from '../../src/exam/key.ts'
import { issueTicket } from '../../src/exam/ticket.ts'
import type { Graded } from '../../src/grade/model.ts'
import type { Values } from '../../src/lab/params.ts'
import type { Work } from '../../src/submission/work.ts'
import { writeSubmission } from '../../src/submission/write.ts'
import { EXAM, SOLUTION, workOf } from './replay.ts'

/** What a student did; by default all of the solution. */
export interface HandIn {
  readonly work?: Work
  readonly created?: string
  readonly expires?: string
  readonly lab?: string
  readonly digest?: string
  /** Whose ticket; null: none. */
  readonly ticketOf?: string | null
  readonly key?: ExamKey
}

export const RIGHT = workOf(SOLUTION, '254')

/** An instructor's folder: an exam, a roster, a key, and what the class has handed in. */
export class ClassFolder {
  readonly folder = mkdtempSync(join(tmpdir(), 'class-'))
  readonly exam = join(this.folder, 'two-rooms.md')
  readonly key: ExamKey

  constructor(...students: readonly string[]) {
    this.write('two-rooms.md', EXAM)
    this.write('roster.csv', `id,name,email\n${students.map((one) => `${one}\n`).join('')}`)
    const key = createKey()
    this.write('course.key', key)
    this.key = readKey(key)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  path(...parts: readonly string[]): string {
    return join(this.folder, ...parts)
  }

  write(file: string, content: string | Uint8Array): void {
    mkdirSync(dirname(this.path(file)), { recursive: true })
    writeFileSync(this.path(file), content)
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8')
  }

  pseudonym(id: string): string {
    return pseudonymOf(this.key, id)
  }

  /** The values of a student's ticket. */
  values(id: string): Values {
    const { lab } = loadGradedLab(this.exam, null)
    return drawValues(lab.params, { secret: this.key.secret, lab: lab.id, pseudonym: this.pseudonym(id) })
  }

  /** The bytes of a submission. */
  async zip(id: string, handIn: HandIn = {}): Promise<Buffer> {
    const { work = RIGHT, created = '2026-05-01T10:00:00Z', expires = '2026-06-01T00:00:00Z' } = handIn
    const { lab = 'two-rooms', ticketOf = id, key = this.key } = handIn
    const loaded = loadGradedLab(this.exam, null)
    const digest = handIn.digest ?? loaded.digest
    const issue = (whose: string) => {
      const pseudonym = pseudonymOf(this.key, whose)
      const issued = '2026-04-01T00:00:00Z'
      const values = drawValues(loaded.lab.params, { secret: this.key.secret, lab, pseudonym })
      return issueTicket({ lab, digest, pseudonym, values, issued, expires }, key).text
    }
    const ticket = ticketOf === null ? null : issue(ticketOf)
    return await writeSubmission({
      about: { lab, digest, created, by: 'labrun 0.1.0' },
      ticket,
      work,
      advice: null,
      journal: null,
    })
  }

  async handIn(file: string, id: string, handIn: HandIn = {}): Promise<void> {
    this.write(file, await this.zip(id, handIn))
  }

  /** The words of `labrun grade` for this class. */
  words(...more: readonly string[]): string[] {
    const options = [
      '--roster',
      this.path('roster.csv'),
      '--key',
      this.path('course.key'),
      '--out',
      this.path('graded'),
    ]
    return ['grade', this.exam, this.path('inbox'), ...options, ...more]
  }

  /** Rows of a table by their `id`. */
  table(file: string): Record<string, Record<string, string>> {
    const rows = parse(this.read(`graded/${file}`), { columns: true }) as Record<string, string>[]
    return Object.fromEntries(rows.map((row) => [row.id!, row]))
  }

  results(): string[] {
    return readdirSync(this.path('graded/results')).filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
  }

  graded(): Graded[] {
    return this.results().map((name) => JSON.parse(this.read(`graded/results/${name}`)) as Graded)
  }
}

/** A zip of any files. */
export async function zipOf(files: Readonly<Record<string, string | Buffer>>): Promise<Buffer> {
  const zip = new yazl.ZipFile()
  for (const [name, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), name)
  zip.end()
  return await buffer(zip.outputStream)
}
