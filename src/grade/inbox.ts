import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { BulkZip, isZipName, MOST_BYTES, type Packed } from './bulk-zip.ts'
import { isOnlineText, type Sender, senderOf } from './sender.ts'

/** Something that was handed in: the bytes of what may be a submission, or why it is none. */
export interface Found {
  /** Where it was, for people: `download.zip/Ann Lee_12345_assignsubmission_file_/lab.zip`. */
  readonly place: string
  readonly bytes: Buffer | undefined
  readonly problem: string | null
  readonly sender: Sender | null
}

/** How deep a zip is looked for in zips: in a bulk download, somebody has packed the submission once more. */
const DEPTH = 3

/**
 * Finds submissions in files, folders, and the bulk downloads of Moodle and Canvas, packed or unpacked, one at a time and in the
 * order of their names. What cannot be read is told as something found. Throws where a path is not there.
 */
export async function* findSubmissions(paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of paths) {
    if (statSync(path).isDirectory()) yield* inFolder(path)
    else yield* inFile(path)
  }
}

async function* inFolder(folder: string): AsyncGenerator<Found> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const isUnpacked = entries.some(({ name }) => name === 'manifest.json')
  if (isUnpacked) {
    const problem = 'it was unpacked: what counts is the zip file that `labrun submit` has written'
    yield { place: folder, bytes: undefined, problem, sender: senderOf(folder) }
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (isJunk(entry.name)) continue
    if (entry.isDirectory()) yield* inFolder(path)
    else if (isZipName(path) || senderOf(path)) yield* inFile(path)
  }
}

async function* inFile(path: string): AsyncGenerator<Found> {
  const sender = senderOf(path)
  const none = (problem: string): Found => ({ place: path, bytes: undefined, problem, sender })
  if (!lstatSync(path).isFile()) {
    yield none('it is no ordinary file')
    return
  }
  const bulk = isZipName(path) ? await BulkZip.open(path) : undefined
  if (bulk) {
    yield* inBulk(bulk, path, sender, 1)
    return
  }
  if (isOnlineText(path)) return
  if (!isZipName(path)) yield none(NO_ZIP)
  else if (statSync(path).size > MOST_BYTES) yield none('it is larger than a submission may be')
  else yield read(path, sender)
}

function read(path: string, sender: Sender | null): Found {
  try {
    return { place: path, bytes: readFileSync(path), problem: null, sender }
  } catch (error) {
    return { place: path, bytes: undefined, problem: `it cannot be read: ${(error as Error).message}`, sender }
  }
}

async function* inBulk(bulk: BulkZip, place: string, sender: Sender | null, depth: number): AsyncGenerator<Found> {
  try {
    for await (const file of bulk.files()) {
      const name = file.path.split('/').at(-1)!
      if (file.path.split('/').some(isJunk) || isOnlineText(file.path)) continue
      // What lies in a student's zip was named by the student.
      const from = sender ?? senderOf(file.path)
      if (isZipName(name)) yield* inPacked(file, `${place}/${file.path}`, from, depth)
      else if (from) yield { place: `${place}/${file.path}`, bytes: undefined, problem: NO_ZIP, sender: from }
    }
  } finally {
    bulk.close()
  }
}

async function* inPacked(
  { bytes, problem }: Packed,
  place: string,
  sender: Sender | null,
  depth: number,
): AsyncGenerator<Found> {
  const bulk = bytes && depth < DEPTH ? await BulkZip.open(bytes) : undefined
  if (bulk) yield* inBulk(bulk, place, sender, depth + 1)
  else yield { place, bytes, problem, sender }
}

const NO_ZIP = 'it is no submission: `labrun submit` writes a zip file'

/** What systems put beside files. */
function isJunk(name: string): boolean {
  return /^\.[^.]/.test(name) || name === '__MACOSX' || name === 'Thumbs.db'
}
