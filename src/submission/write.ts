import { buffer } from 'node:stream/consumers'
import yazl from 'yazl'
import { sha256 } from './read.ts'
import { type Advice, type Manifest, manifestSchema } from './schema.ts'
import { FILES, type FileName, MOST_FILE, MOST_TOGETHER } from './unzip.ts'
import type { Work } from './work.ts'

/** What is put into a submission; null: it is left out. */
export interface Parts {
  readonly about: Pick<Manifest, 'lab' | 'digest' | 'created' | 'by'>
  readonly ticket: string | null
  readonly work: Work
  readonly advice: Advice | null
  /** The text of the journal, JSON Lines. */
  readonly journal: string | null
}

/** What was done is more than a submission can hold. */
export class SubmissionTooLarge extends Error {
  readonly file: string

  constructor(file: string) {
    super(`${file} is larger than a submission may be`)
    this.name = 'SubmissionTooLarge'
    this.file = file
  }
}

/** A zip, byte for byte the same for the same parts on every machine. Rejects with SubmissionTooLarge. */
export async function writeSubmission({ about, ticket, work, advice, journal }: Parts): Promise<Buffer> {
  const texts: Partial<Record<FileName, string>> = { 'work.json': pretty(work) }
  if (ticket !== null) texts['ticket.txt'] = `${ticket}\n`
  if (advice !== null) texts['advice.json'] = pretty(advice)
  if (journal !== null) texts['journal.jsonl'] = journal
  return await pack(about, texts)
}

/** A submission without some of its parts; the manifest is made anew and says what is there. */
export async function pack(about: Parts['about'], texts: Readonly<Partial<Record<FileName, string>>>): Promise<Buffer> {
  const there = FILES.filter((name) => name !== 'manifest.json' && texts[name] !== undefined)
  const files = Object.fromEntries(there.map((name) => [name, sha256(texts[name]!)]))
  const { lab, digest, created, by } = about
  const manifest = manifestSchema.parse({ labrun: 'submission', version: 1, lab, digest, created, by, files })
  const contents = [['manifest.json', pretty(manifest)], ...there.map((name) => [name, texts[name]!])] as [
    string,
    string,
  ][]
  const zip = new yazl.ZipFile()
  let together = 0
  for (const [name, text] of contents) {
    const bytes = Buffer.from(text)
    together += bytes.length
    if (bytes.length > MOST_FILE || together > MOST_TOGETHER) throw new SubmissionTooLarge(name)
    // Stored, not deflated: another zlib would give other bytes, and it is little.
    zip.addBuffer(bytes, name, { mtime: FIRST_DATE, mode: 0o100644, compress: false, forceDosTimestamp: true })
  }
  const packed = buffer(zip.outputStream)
  zip.end()
  return await packed
}

/** The first that a zip can have. In local time, as zips have it. */
const FIRST_DATE = new Date(1980, 0, 1)

function pretty(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
