import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { type Journal, parseJournal } from '../guide/journal.ts'
import { parseSafely, readJson, readText } from './json.ts'
import { SubmissionRefused } from './refusal.ts'
import { type Advice, adviceSchema, type Manifest, manifestSchema, workSchema } from './schema.ts'
import { FILES, type FileName, MOST_ZIP, unzip } from './unzip.ts'
import type { Work } from './work.ts'

/** A submission that was read. Nothing in it is trusted: texts can be of any kind, and what it says may be untrue. */
export interface Submission {
  /** SHA-256 of the zip, in hex. */
  readonly sha256: string
  readonly manifest: Manifest
  /** The text of the ticket, not proven; null without one. */
  readonly ticket: string | null
  readonly work: Work
  readonly advice: Advice | null
  /** Null: it is not in the submission. One that is not intact is no reason to refuse it. */
  readonly journal: Journal | null
}

/** Reads a submission, a file or the bytes of one, whoever has made it. Rejects with SubmissionRefused. */
export async function readSubmission(from: string | Buffer): Promise<Submission> {
  return (await openSubmission(from)).submission
}

/** As readSubmission, with the texts of its files as they are. */
export async function openSubmission(from: string | Buffer) {
  const bytes = typeof from === 'string' ? await readOrdinaryFile(from) : from
  const files = await unzip(bytes)
  const manifest = readManifest(need(files, 'manifest.json'))
  proveDigests(files, manifest)
  const [ticket, advice, journal] = [files.get('ticket.txt'), files.get('advice.json'), files.get('journal.jsonl')]
  const submission: Submission = {
    sha256: sha256(bytes),
    manifest,
    ticket: ticket ? readTicketText(ticket) : null,
    work: readJson(need(files, 'work.json'), 'work.json', workSchema),
    advice: advice ? readJson(advice, 'advice.json', adviceSchema) : null,
    journal: journal ? readJournalText(journal) : null,
  }
  return { submission, texts: new Map([...files].map(([name, content]) => [name, String(content)])) }
}

/** Hex. */
export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Neither a link to somewhere else, nor a pipe or a device that never ends. */
async function readOrdinaryFile(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined
  try {
    handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    const stats = await handle.stat()
    if (!stats.isFile()) throw new SubmissionRefused('not-a-file', kindOf(stats))
    if (stats.size > MOST_ZIP) throw new SubmissionRefused('too-large', 'the zip')
    // One byte more than there should be, because it may grow while it is read.
    const bytes = Buffer.alloc(stats.size + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(bytes, length, bytes.length - length, length)
      length += bytesRead
      if (length > stats.size) throw new SubmissionRefused('not-readable', 'it was changed while it was read')
      if (bytesRead === 0) return bytes.subarray(0, length)
    }
  } catch (error) {
    if (error instanceof SubmissionRefused) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ELOOP' || code === 'EMLINK') throw new SubmissionRefused('not-a-file', 'a link')
    throw new SubmissionRefused('not-readable', message)
  } finally {
    await handle?.close()
  }
}

function kindOf(stats: Stats): string {
  if (stats.isDirectory()) return 'a folder'
  if (stats.isFIFO()) return 'a pipe'
  return stats.isSocket() ? 'a socket' : 'a device'
}

function need(files: ReadonlyMap<FileName, Buffer>, name: FileName): Buffer {
  const bytes = files.get(name)
  if (!bytes) throw new SubmissionRefused('missing-file', name)
  return bytes
}

function readManifest(bytes: Buffer): Manifest {
  // A newer form may have other keys; the reason should not be one of them.
  const value = parseSafely(readText(bytes, 'manifest.json'), 'manifest.json')
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined
  if (typeof version === 'number' && version > 1) throw new SubmissionRefused('newer-version', String(version))
  return readJson(bytes, 'manifest.json', manifestSchema)
}

/** The manifest names what is there, and nothing else, as it is. */
function proveDigests(files: ReadonlyMap<FileName, Buffer>, manifest: Manifest): void {
  for (const name of FILES) {
    if (name === 'manifest.json') continue
    const bytes = files.get(name)
    const digest = manifest.files[name]
    if (!bytes && digest !== undefined) throw new SubmissionRefused('missing-file', name)
    if (bytes && digest !== sha256(bytes)) throw new SubmissionRefused('digest-mismatch', name)
  }
}

function readTicketText(bytes: Buffer): string {
  const text = readText(bytes, 'ticket.txt')
  if (/^[\w.-]{1,65536}\n?$/.test(text)) return text.trimEnd()
  throw new SubmissionRefused('not-as-described', 'ticket.txt, which is one line of letters, digits, dots and dashes')
}

/** Lines that cannot be read are the journal's trouble; what would harm the reader of it is refused. */
function readJournalText(bytes: Buffer): Journal {
  const text = readText(bytes, 'journal.jsonl')
  for (const line of text.split('\n')) {
    try {
      parseSafely(line, 'journal.jsonl')
    } catch (error) {
      if (!(error instanceof SubmissionRefused && error.code === 'not-json')) throw error
    }
  }
  return parseJournal(text)
}
