import crc32 from 'crc-32'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { SubmissionRefused } from './refusal.ts'

/** The files of a submission, in the order in which they are written. */
export const FILES = ['manifest.json', 'ticket.txt', 'work.json', 'advice.json', 'journal.jsonl'] as const
export type FileName = (typeof FILES)[number]

/** Bytes, unpacked. */
export const MOST_FILE = 2 << 20
export const MOST_TOGETHER = 4 << 20
/** Bytes of the whole zip: nothing in it needs to be compressed, and headers are small. */
export const MOST_ZIP = MOST_TOGETHER + 4096
const MOST_RATIO = 200

/**
 * Unpacks a submission in memory. What is not exactly as a zip of labrun is refused before a byte of it is unpacked:
 * the files lie one behind the other with nothing between, before or after them, so nothing can be hidden or shared.
 * Rejects with SubmissionRefused.
 */
export async function unzip(bytes: Buffer): Promise<Map<FileName, Buffer>> {
  if (bytes.length > MOST_ZIP) throw new SubmissionRefused('too-large', 'the zip')
  const directory = findDirectory(bytes)
  const zip = await translate(() => yauzl.fromBufferPromise(bytes, LIBRARY_OPTIONS))
  const entries = await translate(() => listEntries(zip))
  const names = new Set<FileName>()
  for (const entry of entries) names.add(checkEntry(entry, names))
  checkSizes(entries)
  await checkPlaces(zip, entries, directory)
  const files = new Map<FileName, Buffer>()
  for (const entry of entries) files.set(nameOf(entry) as FileName, await unpack(zip, entry))
  return files
}

/** Names and sizes are looked at here, so that each refusal has a reason of its own. */
const LIBRARY_OPTIONS = { decodeStrings: false, validateEntrySizes: false }

/** Where the central directory begins and ends. The end of the zip has to be the end of the file. */
function findDirectory(bytes: Buffer): { start: number; end: number } {
  const end = bytes.lastIndexOf('PK\u0005\u0006', undefined, 'latin1')
  if (end < 0 || end + 22 > bytes.length) throw new SubmissionRefused('not-a-zip')
  const comment = bytes.readUInt16LE(end + 20)
  if (end + 22 + comment !== bytes.length) throw new SubmissionRefused('trailing-bytes')
  if (comment > 0) throw new SubmissionRefused('comment')
  if (end >= 20 && bytes.readUInt32LE(end - 20) === 0x07064b50) throw new SubmissionRefused('zip64')
  const [disk, firstDisk, here, all] = [4, 6, 8, 10].map((at) => bytes.readUInt16LE(end + at)) as [
    number,
    number,
    number,
    number,
  ]
  const [size, start] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)]
  if (all === 0xffff || size === 0xffffffff || start === 0xffffffff) throw new SubmissionRefused('zip64')
  if (disk !== 0 || firstDisk !== 0 || here !== all) throw new SubmissionRefused('several-disks')
  if (all > FILES.length) throw new SubmissionRefused('too-many-files', String(all))
  if (start + size !== end) throw new SubmissionRefused('leading-bytes')
  return { start, end }
}

async function listEntries(zip: ZipFile): Promise<Entry[]> {
  const entries: Entry[] = []
  for await (const entry of zip.eachEntry()) entries.push(entry)
  return entries
}

function checkEntry(entry: Entry, before: ReadonlySet<FileName>): FileName {
  const name = nameOf(entry)
  const refuse = (code: ConstructorParameters<typeof SubmissionRefused>[0]) => {
    throw new SubmissionRefused(code, name)
  }
  const raw = entry.fileNameRaw
  if (raw.length === 0 || raw.some((byte) => byte < 0x20 || byte > 0x7e)) refuse('name-encoding')
  if (/^[/\\]|^[a-z]:|\\|(^|\/)\.\.?(\/|$)/i.test(name)) refuse('unsafe-name')
  if (name.endsWith('/')) refuse('directory')
  const known = FILES.find((file) => file === name)
  if (!known && FILES.some((file) => file === name.toLowerCase())) refuse('name-case')
  if (!known) refuse('unknown-name')
  if (before.has(known!)) refuse('duplicate-name')
  if (isSpecial(entry)) refuse('special-file')
  if ((entry.generalPurposeBitFlag & 0x2041) !== 0) refuse('encrypted')
  if ((entry.generalPurposeBitFlag & 0x0008) !== 0) refuse('streamed')
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8) refuse('compression')
  const ids = entry.extraFields.map(({ id }) => id)
  if (ids.includes(0x0001) || [entry.compressedSize, entry.uncompressedSize].includes(0xffffffff)) refuse('zip64')
  if (ids.some((id) => !HARMLESS_FIELDS.has(id))) refuse('extra-field')
  if (entry.fileCommentLength > 0) refuse('comment')
  return known!
}

/** Times and owners, as other programs write them. */
const HARMLESS_FIELDS: ReadonlySet<number> = new Set([0x5455, 0x5855, 0x7855, 0x7875, 0x000a])

/** The upper half of the attributes is a Unix mode, whatever system the entry says it is from: unpackers differ. */
function isSpecial({ externalFileAttributes }: Entry): boolean {
  const type = (externalFileAttributes >>> 28) & 0xf
  const isDosSpecial = (externalFileAttributes & 0x58) !== 0
  return (type !== 0 && type !== 0x8) || isDosSpecial
}

function checkSizes(entries: readonly Entry[]): void {
  for (const entry of entries) {
    const { compressedSize, uncompressedSize } = entry
    if (uncompressedSize > MOST_FILE) throw new SubmissionRefused('too-large', nameOf(entry))
    if (uncompressedSize > compressedSize * MOST_RATIO) throw new SubmissionRefused('bomb', nameOf(entry))
    if (entry.compressionMethod === 0 && compressedSize !== uncompressedSize)
      throw new SubmissionRefused('header-mismatch', nameOf(entry))
  }
  const together = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  if (together > MOST_TOGETHER) throw new SubmissionRefused('too-large', 'all files together')
}

/** Each file begins where the one before it ends, and says of itself what the directory says of it. */
async function checkPlaces(zip: ZipFile, entries: readonly Entry[], directory: { start: number }): Promise<void> {
  const inOrder = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  let end = 0
  for (const entry of inOrder) {
    const start = entry.relativeOffsetOfLocalHeader
    if (start < end) throw new SubmissionRefused('overlap', nameOf(entry))
    if (start > end) throw new SubmissionRefused('leading-bytes')
    const local = await translate(() => zip.readLocalFileHeaderPromise(entry))
    const same =
      local.fileName.equals(entry.fileNameRaw) &&
      local.generalPurposeBitFlag === entry.generalPurposeBitFlag &&
      local.compressionMethod === entry.compressionMethod &&
      local.crc32 === entry.crc32 &&
      local.compressedSize === entry.compressedSize &&
      local.uncompressedSize === entry.uncompressedSize
    if (!same) throw new SubmissionRefused('header-mismatch', nameOf(entry))
    const fields = await translate(async () => yauzl.parseExtraFields(local.extraField))
    if (fields.some(({ id }) => !HARMLESS_FIELDS.has(id))) throw new SubmissionRefused('extra-field', nameOf(entry))
    end = local.fileDataStart + entry.compressedSize
  }
  if (end > directory.start) throw new SubmissionRefused('overlap', nameOf(inOrder.at(-1)!))
  if (end < directory.start) throw new SubmissionRefused('leading-bytes')
}

/** The sizes were checked before; a file that is longer than it says ends here too. */
async function unpack(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const stream = await translate(() => zip.openReadStreamPromise(entry))
  const chunks: Buffer[] = []
  let length = 0
  await translate(async () => {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > entry.uncompressedSize) throw new SubmissionRefused('header-mismatch', nameOf(entry))
      chunks.push(chunk)
    }
  })
  if (length !== entry.uncompressedSize) throw new SubmissionRefused('header-mismatch', nameOf(entry))
  const bytes = Buffer.concat(chunks, length)
  if (crc32.buf(bytes) >>> 0 !== entry.crc32) throw new SubmissionRefused('damaged', `the checksum of ${nameOf(entry)}`)
  return bytes
}

function nameOf(entry: Entry): string {
  return entry.fileNameRaw.toString('latin1')
}

/** What the library throws is about the zip, never about labrun. */
async function translate<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof SubmissionRefused) throw error
    const { message } = error as Error
    throw /encrypt/.test(message)
      ? new SubmissionRefused('encrypted', 'a file')
      : new SubmissionRefused('damaged', message)
  }
}
