import { randomUUID } from 'node:crypto'
import { access, constants, link, mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isDigest, type Kind, type Store } from './store.ts'
import { QueueError } from './trouble.ts'

const KINDS: readonly Kind[] = ['bundles', 'labs', 'orders', 'results', 'batches', 'troubles']

/** A folder that all machines see, such as one on NFS: `results/<digest>` and so on. */
export class DirectoryStore implements Store {
  readonly name: string
  readonly #folder: string
  readonly #id: string

  private constructor(folder: string, id: string) {
    this.name = folder
    this.#folder = folder
    this.#id = id
  }

  /** Makes what is missing of it. Rejects with QueueError where that cannot be, or nothing can be written. */
  static async open(place: string): Promise<DirectoryStore> {
    const folder = resolve(place)
    try {
      // Bundles and labs with their hidden checks are nobody else's business; a folder that is there keeps its mode.
      await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error
      })
      for (const kind of KINDS) await mkdir(join(folder, kind), { recursive: true })
      await access(folder, constants.W_OK)
      return new DirectoryStore(folder, await readId(folder))
    } catch (error) {
      throw new QueueError('store-unusable', `the store ${folder} cannot be used: ${(error as Error).message}`, [
        'is the shared folder mounted here, and may you write to it?',
      ])
    }
  }

  async id(): Promise<string> {
    return this.#id
  }

  async put(kind: Kind, digest: string, bytes: Uint8Array): Promise<void> {
    const file = this.#file(kind, digest)
    const beside = await writeBeside(file, bytes)
    try {
      await rename(beside, file)
    } catch (error) {
      await rm(beside, { force: true })
      throw error
    }
  }

  async get(kind: Kind, digest: string): Promise<Buffer | undefined> {
    try {
      return await readFile(this.#file(kind, digest))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  async has(kind: Kind, digest: string): Promise<boolean> {
    try {
      await access(this.#file(kind, digest))
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
      throw error
    }
  }

  async remove(kind: Kind, digest: string): Promise<void> {
    await rm(this.#file(kind, digest), { force: true })
  }

  #file(kind: Kind, digest: string): string {
    if (!isDigest(digest)) throw new Error(`no name of an entry: ${digest}`)
    return join(this.#folder, kind, digest)
  }
}

/**
 * A new file with a name that nobody else has. write-file-atomic makes such names of the process id, and that is the same
 * one in containers on several machines.
 */
async function writeBeside(file: string, bytes: Uint8Array): Promise<string> {
  const beside = `${file}.${randomUUID()}.tmp`
  const handle = await open(beside, 'wx')
  try {
    await handle.writeFile(bytes)
    await handle.sync()
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  } finally {
    await handle.close()
  }
  return beside
}

/** Several machines may begin at the same time: the first one's name stays. */
async function readId(folder: string): Promise<string> {
  const file = join(folder, 'store-id')
  const read = () => readFile(file, 'utf8').catch(() => '')
  const known = await read()
  if (known) return known.trim()
  const beside = await writeBeside(file, Buffer.from(`${randomUUID()}\n`))
  try {
    await link(beside, file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    // A file system without links (SMB, some FUSE): to rename is next best.
    if (code !== 'EEXIST') await rename(beside, file)
  } finally {
    await rm(beside, { force: true })
  }
  return (await read()).trim()
}
