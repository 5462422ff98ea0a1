import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join, resolve, sep } from 'node:path'
import { BulkZip, isZipName, MOST_BYTES, type Packed } from './bulk-zip.ts'
import { isOnlineText, type Sender, senderOf } from './sender.ts'

/** Where something lies, and what that says of whose it is. */
interface Position {
  /** For people: `download.zip/Ann Lee_12345_assignsubmission_file_/lab.zip`. */
  readonly place: string
  readonly sender: Sender | null
  /** Names of files and folders from the outermost one on, its own too; not of what is below the name of a sender. */
  readonly names: readonly string[]
}

/** Something that was handed in: the bytes of what may be a submission, or why it is none. */
export interface Found extends Position {
  readonly bytes: Buffer | undefined
  readonly problem: string | null
}

/** How deep a zip is looked for in zips: in a bulk download, somebody has packed the submission once more. */
const DEPTH = 3

/**
 * Finds submissions in files, folders, and the bulk downloads of Moodle and Canvas, packed or unpacked, one at a time and in the
 * order of their names. What cannot be read is told as something found. Throws where a path is not there.
 */
export async function* findSubmissions(paths: readonly string[]): AsyncGenerator<Found> {
  for (const path of paths) {
    const parts = resolve(path).split(sep)
    if (statSync(path).isDirectory()) yield* inFolder(path, outermost(`${path}/`, parts.slice(-1)))
    else yield* inFile(path, outermost(path, parts.slice(-2)))
  }
}

function outermost(path: string, names: readonly string[]): Position {
  const sender = senderOf(path)
  return { place: path.replace(/(?<=.)\/+$/, ''), sender, names: sender ? [] : names }
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
  return { place: `${outer.place}/${path.replace(/\/$/, '')}`, sender, names }
}

async function* inFolder(folder: string, position: Position): AsyncGenerator<Found> {
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
    if (entry.isDirectory()) yield* inFolder(path, within)
    else if (isZipName(path) || within.sender) yield* inFile(path, within)
  }
}

async function* inFile(path: string, position: Position): AsyncGenerator<Found> {
  const none = (problem: string): Found => ({ ...position, bytes: undefined, problem })
  if (!lstatSync(path).isFile()) {
    yield none('it is no ordinary file')
    return
  }
  const bulk = isZipName(path) ? await BulkZip.open(path) : undefined
  if (bulk) {
    yield* inBulk(bulk, position, 1)
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

async function* inBulk(bulk: BulkZip, position: Position, depth: number): AsyncGenerator<Found> {
  try {
    for await (const file of bulk.files()) {
      if (file.path.split('/').some(isJunk) || isOnlineText(file.path)) continue
      const within = below(position, file.path)
      if (isZipName(file.path)) yield* inPacked(file, within, depth)
      else if (within.sender) yield { ...within, bytes: undefined, problem: NO_ZIP }
    }
  } finally {
    bulk.close()
  }
}

async function* inPacked({ bytes, problem }: Packed, position: Position, depth: number): AsyncGenerator<Found> {
  const bulk = bytes && depth < DEPTH ? await BulkZip.open(bytes) : undefined
  if (bulk) yield* inBulk(bulk, position, depth + 1)
  else yield { ...position, bytes, problem }
}

const NO_ZIP = 'it is no submission: `labrun submit` writes a zip file'

/** What systems put beside files. */
function isJunk(name: string): boolean {
  return /^\.[^.]/.test(name) || name === '__MACOSX' || name === 'Thumbs.db'
}
