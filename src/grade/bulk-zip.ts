import yauzl, { type Entry, type ZipFile } from 'yauzl'

/** Bytes of a submission, at most; and files in a bulk download. */
export const MOST_BYTES = 5 << 20
const MOST_FILES = 50_000

/** A file in a bulk download. */
export interface Packed {
  /** With `/` between folders; only a name to show and to understand, never one to write to. */
  readonly path: string
  /** Its bytes, or why they are not to be had. Nothing is unpacked before somebody wants it. */
  unpack(): Promise<Unpacked>
}

export interface Unpacked {
  readonly bytes: Buffer | undefined
  readonly problem: string | null
}

/** A zip whose files are wanted one by one: a download of a learning platform, or several submissions packed together. */
export class BulkZip {
  readonly #zip: ZipFile
  readonly #entries: readonly Entry[]

  /** Undefined where it is no such zip: it cannot be read, it is a submission itself, or has no zip in it. */
  static async open(source: string | Buffer): Promise<BulkZip | undefined> {
    const options = { decodeStrings: false, autoClose: false }
    let zip: ZipFile | undefined
    try {
      zip =
        typeof source === 'string'
          ? await yauzl.openPromise(source, options)
          : await yauzl.fromBufferPromise(source, options)
      const entries: Entry[] = []
      if (zip.entryCount <= MOST_FILES) for await (const entry of zip.eachEntry()) entries.push(entry)
      const names = entries.map(pathOf)
      const isBulk = !names.includes('manifest.json') && names.some(isZipName)
      if (isBulk) return new BulkZip(zip, entries)
    } catch {
      // What is wrong with it is said by those who read it as a submission.
    }
    zip?.close()
    return undefined
  }

  private constructor(zip: ZipFile, entries: readonly Entry[]) {
    this.#zip = zip
    this.#entries = entries
  }

  /** The files in it in the order of their names. */
  files(): Packed[] {
    return this.#entries
      .map((entry) => ({ path: pathOf(entry), unpack: () => this.#unpack(entry) }))
      .filter(({ path }) => !path.endsWith('/'))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1))
  }

  close(): void {
    this.#zip.close()
  }

  async #unpack(entry: Entry): Promise<Unpacked> {
    const none = (problem: string) => ({ bytes: undefined, problem })
    if (entry.uncompressedSize > MOST_BYTES) return none('it is larger than a submission may be')
    if (entry.isEncrypted()) return none('it is encrypted')
    if (!entry.canDecodeFileData()) return none('it is compressed in a way that is not known here')
    try {
      const parts: Buffer[] = []
      // It never gives more bytes than the entry says (validateEntrySizes).
      for await (const part of await this.#zip.openReadStreamPromise(entry)) parts.push(part as Buffer)
      return { bytes: Buffer.concat(parts), problem: null }
    } catch (error) {
      return none(`it cannot be unpacked: ${(error as Error).message}`)
    }
  }
}

export function isZipName(path: string): boolean {
  return /\.zip$/i.test(path)
}

/** Names in zips are UTF-8, whatever their flags say, or else from an old system. */
function pathOf({ fileNameRaw }: Entry): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(fileNameRaw).replaceAll('\\', '/')
  } catch {
    return fileNameRaw.toString('latin1').replaceAll('\\', '/')
  }
}
