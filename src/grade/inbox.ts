import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { BulkZip, isZipName, MOST_BYTES, type Unpacked } from './bulk-zip.ts'
import { isOnlineText, type Sender, senderOf } from './sender.ts'

/** Where something lies, and what that says of whose it is. */
export interface Position {
  /** For people: `download.zip/Ann Lee_12345_assignsubmission_file_/lab.zip`. */
  readonly place: string
  readonly sender: Sender | null
  /** Names of files and folders from the outermost one on, its own too; not of what is below the name of a sender. */
  readonly names: readonly string[]
  /** The place of the zip that it was packed in, the outermost one; null where it lies in a folder. */
  readonly zip: string | null
}

/** Something that was handed in: the bytes of what may be a submission, or why it is none. */
export interface Found extends Position {
  readonly bytes: Buffer | undefined
  readonly problem: string | null
}

/** How deep a zip is looked for in zips: in a bulk download, somebody has packed the submission once more. */
const DEPTH = 3

/** Zips in all that a student has packed into one; a class must not wait for somebody who has packed thousands. */
const MOST_OF_ONE = 20

/** How many more are looked at. */
class Allowance {
  zips = MOST_OF_ONE
  isTold = false
}

/**
 * Finds submissions in files, folders, and the bulk downloads of Moodle and Canvas, packed or unpacked, one at a time and in the
 * order of their names. What cannot be read is told as something found. `isOfStudent` says whether a zip was
 * handed in by one student, so it is no download of a class. Throws where a path is not there.
 */
export async function* findSubmissions(
  paths: readonly string[],
  isOfStudent: (position: Position) => boolean = ({ sender }) => sender !== null,
): AsyncGenerator<Found> {
  for (const path of paths) {
    const parts = resolve(path).split(sep)
    if (statSync(path).isDirectory()) yield* inFolder(path, outermost(`${path}/`, parts.slice(-1)), isOfStudent)
    else yield* inFile(path, outermost(path, parts.slice(-2)), isOfStudent)
  }
}

function outermost(path: string, names: readonly string[]): Position {
  const sender = senderOf(path)
  return { place: path.replace(/(?<=.)\/+$/, ''), sender, names: sender ? [] : names, zip: null }
}

/** What lies below a position; the path of a folder ends with `/`. The outermost name of a sender is that of the platform. */
function below(outer: Position, path: string): Position {
  const parts = path.split('/')
  const file = parts.pop()!
  let { sender, names } = outer
  for (const name of [...parts.map((part) => `${part}/`), ...(file === '' ? [] : [file])]) {
    sender ??= senderOf(name)
    if (!sender) names = [...names, name.replace(/\/$/, '')]
  }
  return { place: `${outer.place}/${path.replace(/\/$/, '')}`, sender, names, zip: outer.zip }
}

async function* inFolder(
  folder: string,
  position: Position,
  isOfStudent: (position: Position) => boolean,
): AsyncGenerator<Found> {
  const entries = readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const isUnpacked = entries.some(({ name }) => name === 'manifest.json')
  if (isUnpacked) {
    const problem = 'it was unpacked: what counts is the zip file that `labrun submit` has written'
    yield { ...position, sender: position.sender ?? senderOf(basename(folder)), bytes: undefined, problem }
    return
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (isJunk(entry.name)) continue
    const within = below(position, entry.isDirectory() ? `${entry.name}/` : entry.name)
    if (entry.isDirectory()) yield* inFolder(path, within, isOfStudent)
    else if (isZipName(path) || within.sender) yield* inFile(path, within, isOfStudent)
  }
}

async function* inFile(
  path: string,
  position: Position,
  isOfStudent: (position: Position) => boolean,
): AsyncGenerator<Found> {
  const none = (problem: string): Found => ({ ...position, bytes: undefined, problem })
  if (!lstatSync(path).isFile()) {
    yield none('it is no ordinary file')
    return
  }
  const bulk = isZipName(path) ? await BulkZip.open(path) : undefined
  if (bulk) {
    const packed = { ...position, zip: position.place }
    yield* inBulk(bulk, packed, 1, isOfStudent(position) ? new Allowance() : undefined)
    return
  }
  if (isOnlineText(path)) return
  if (!isZipName(path)) yield none(NO_ZIP)
  else if (statSync(path).size > MOST_BYTES) yield none('it is larger than a submission may be')
  else yield read(path, position)
}

function read(path: string, position: Position): Found {
  try {
    return { ...position, bytes: readFileSync(path), problem: null }
  } catch (error) {
    return { ...position, bytes: undefined, problem: `it cannot be read: ${(error as Error).message}` }
  }
}

async function* inBulk(bulk: BulkZip, position: Position, depth: number, allowance?: Allowance): AsyncGenerator<Found> {
  const files = bulk.files().filter(({ path }) => !path.split('/').some(isJunk) && !isOnlineText(path))
  const none = (at: Position, problem: string): Found => ({ ...at, bytes: undefined, problem })
  try {
    if (allowance && !files.some(({ path }) => isZipName(path))) yield none(position, NO_ZIP)
    for (const file of files) {
      const within = below(position, file.path)
      // What a student has packed beside a submission is nobody's concern.
      if (!isZipName(file.path)) {
        if (within.sender && !allowance) yield none(within, NO_ZIP)
      } else if (!allowance || allowance.zips > 0) {
        if (allowance) allowance.zips--
        yield* inPacked(await file.unpack(), within, depth, allowance)
      } else {
        if (!allowance.isTold) yield none(position, TOO_MANY)
        allowance.isTold = true
        return
      }
    }
  } finally {
    bulk.close()
  }
}

async function* inPacked(
  { bytes, problem }: Unpacked,
  position: Position,
  depth: number,
  allowance?: Allowance,
): AsyncGenerator<Found> {
  const bulk = bytes && depth < DEPTH ? await BulkZip.open(bytes) : undefined
  if (bulk) yield* inBulk(bulk, position, depth + 1, allowance ?? new Allowance())
  else yield { ...position, bytes, problem }
}

const NO_ZIP = 'it is no submission: `labrun submit` writes a zip file'
const TOO_MANY = `there are more than ${MOST_OF_ONE} zips in it, and the rest was not looked at: hand in the one that \`labrun submit\` has written`

/** What systems put beside files. */
function isJunk(name: string): boolean {
  return /^\.[^.]/.test(name) || name === '__MACOSX' || name === 'Thumbs.db'
}
