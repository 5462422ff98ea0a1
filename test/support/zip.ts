import { createHash } from 'node:crypto'
import { crc32, deflateRawSync } from 'node:zlib'

/** One file of a zip, and whatever is to be wrong about it. */
export interface ZipPart {
  readonly name: string | Buffer
  readonly data: string | Buffer
  /** The data is packed, as other programs do it. */
  readonly deflate?: boolean
  readonly flags?: number
  readonly method?: number
  readonly versionMadeBy?: number
  readonly attributes?: number
  readonly crc?: number
  readonly packed?: number
  readonly size?: number
  readonly extra?: Buffer
  readonly comment?: string
  /** What the header before the data says instead. */
  readonly local?: Partial<{ name: string; flags: number; method: number; size: number; packed: number; extra: Buffer }>
  /** Where the directory says that the header is. */
  readonly offset?: number
  /** Bytes between this file and the next one. */
  readonly after?: Buffer
}

export interface ZipWhole {
  readonly before?: Buffer
  readonly beforeEnd?: Buffer
  readonly after?: Buffer
  readonly comment?: string
  /** Fields of the end record. */
  readonly end?: Partial<{ disk: number; firstDisk: number; here: number; all: number; size: number; start: number }>
}

/** A zip, byte by byte: what a well-behaved program would write, but for what is asked for. */
export function makeZip(parts: readonly ZipPart[], whole: ZipWhole = {}): Buffer {
  const pieces: Buffer[] = [whole.before ?? Buffer.alloc(0)]
  const directory: Buffer[] = []
  let at = pieces[0]!.length
  for (const part of parts.map(packed)) {
    const header = localHeader(part, part.local ?? {})
    const data = Buffer.from(part.data as string)
    directory.push(centralHeader(part, part.offset ?? at))
    const after = part.after ?? Buffer.alloc(0)
    pieces.push(header, data, after)
    at += header.length + data.length + after.length
  }
  const central = Buffer.concat(directory)
  const between = whole.beforeEnd ?? Buffer.alloc(0)
  return Buffer.concat([
    ...pieces,
    central,
    between,
    endRecord(parts.length, central.length, at, whole),
    whole.after ?? Buffer.alloc(0),
  ])
}

/** The parts of a submission that is all right, with what is given in place of its files; null leaves a file out. */
export function submissionParts(files: Readonly<Record<string, string | Buffer | null>> = {}): ZipPart[] {
  const { 'manifest.json': manifest, ...given } = files
  const others = Object.entries({ 'work.json': '{"steps": []}', ...given }).filter(([, data]) => data !== null) as [
    string,
    string | Buffer,
  ][]
  const digests = Object.fromEntries(
    others.map(([name, data]) => [name, createHash('sha256').update(data).digest('hex')]),
  )
  const own = JSON.stringify({ ...MANIFEST, files: digests })
  const first = manifest === null ? [] : [{ name: 'manifest.json', data: manifest ?? own }]
  return [...first, ...others.map(([name, data]) => ({ name, data }))]
}

export const MANIFEST = {
  labrun: 'submission',
  version: 1,
  lab: 'cable',
  digest: 'ab'.repeat(32),
  created: '2026-11-20T10:00:00.000Z',
  by: 'labrun 0.1.0',
  files: {},
} as const

function packed(part: ZipPart): ZipPart {
  if (!part.deflate) return part
  return {
    method: 8,
    size: Buffer.byteLength(part.data),
    crc: crc32(part.data),
    ...part,
    data: deflateRawSync(part.data),
  }
}

function localHeader(part: ZipPart, local: NonNullable<ZipPart['local']>): Buffer {
  const name = Buffer.from((local.name ?? part.name) as string)
  const data = Buffer.from(part.data as string)
  const extra = local.extra ?? part.extra ?? Buffer.alloc(0)
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(20, 4)
  header.writeUInt16LE(local.flags ?? part.flags ?? 0, 6)
  header.writeUInt16LE(local.method ?? part.method ?? 0, 8)
  header.writeUInt16LE(0x21, 12)
  header.writeUInt32LE(part.crc ?? crc32(data), 14)
  header.writeUInt32LE(local.packed ?? part.packed ?? data.length, 18)
  header.writeUInt32LE(local.size ?? part.size ?? data.length, 22)
  header.writeUInt16LE(name.length, 26)
  header.writeUInt16LE(extra.length, 28)
  return Buffer.concat([header, name, extra])
}

function centralHeader(part: ZipPart, offset: number): Buffer {
  const name = Buffer.from(part.name as string)
  const data = Buffer.from(part.data as string)
  const extra = part.extra ?? Buffer.alloc(0)
  const comment = Buffer.from(part.comment ?? '')
  const header = Buffer.alloc(46)
  header.writeUInt32LE(0x02014b50, 0)
  header.writeUInt16LE(part.versionMadeBy ?? 0x0314, 4)
  header.writeUInt16LE(20, 6)
  header.writeUInt16LE(part.flags ?? 0, 8)
  header.writeUInt16LE(part.method ?? 0, 10)
  header.writeUInt16LE(0x21, 14)
  header.writeUInt32LE(part.crc ?? crc32(data), 16)
  header.writeUInt32LE(part.packed ?? data.length, 20)
  header.writeUInt32LE(part.size ?? data.length, 24)
  header.writeUInt16LE(name.length, 28)
  header.writeUInt16LE(extra.length, 30)
  header.writeUInt16LE(comment.length, 32)
  header.writeUInt32LE((part.attributes ?? 0o100644 << 16) >>> 0, 38)
  header.writeUInt32LE(offset, 42)
  return Buffer.concat([header, name, extra, comment])
}

function endRecord(count: number, length: number, offset: number, { end = {}, comment = '' }: ZipWhole): Buffer {
  const record = Buffer.alloc(22)
  record.writeUInt32LE(0x06054b50, 0)
  record.writeUInt16LE(end.disk ?? 0, 4)
  record.writeUInt16LE(end.firstDisk ?? 0, 6)
  record.writeUInt16LE(end.here ?? count, 8)
  record.writeUInt16LE(end.all ?? count, 10)
  record.writeUInt32LE(end.size ?? length, 12)
  record.writeUInt32LE(end.start ?? offset, 16)
  record.writeUInt16LE(Buffer.byteLength(comment), 20)
  return Buffer.concat([record, Buffer.from(comment)])
}
