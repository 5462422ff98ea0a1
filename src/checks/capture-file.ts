/** What a pcap file begins with (pcap-savefile(5)): how its numbers are written, and what kind of device it is from. */
export interface PcapHeader {
  readonly littleEndian: boolean
  /** Nanoseconds in one unit of a record's fraction of a second: 1 or 1000. */
  readonly unit: 1 | 1000
  readonly linkType: number
}

/** One packet of a pcap file. */
export interface PcapRecord {
  readonly seconds: number
  readonly nanoseconds: number
  readonly bytes: Buffer
}

const HEADER = 24
const RECORD = 16
/** More than any snapshot that tcpdump takes: a longer one is no pcap. */
const LONGEST = 1 << 20

/**
 * A pcap file that is still being written: takes its bytes as they come and counts the packets in it. Of these it keeps
 * the newest, up to a number of bytes.
 */
export class PcapStream {
  /** Packets since the beginning, those that were let go among them. */
  count = 0
  #header: Buffer | undefined
  #parsed: PcapHeader | undefined
  /** What came after the last complete packet. */
  #rest: Buffer = Buffer.alloc(0)
  /** With the header of each. */
  #records: Buffer[] = []
  #size = 0
  readonly #limit: number

  constructor(limit = 64 << 20) {
    this.#limit = limit
  }

  /** Takes more of the file; throws an Error where it is no pcap. */
  push(bytes: Buffer): void {
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes
    let at = this.#header ? 0 : this.#readHeader(all)
    for (;;) {
      if (!this.#parsed || all.length - at < RECORD) break
      const length = number(this.#parsed, all, at + 8)
      if (length > LONGEST) throw new Error(`a packet of ${length} bytes: this is no capture file`)
      if (all.length - at < RECORD + length) break
      this.#keep(all.subarray(at, at + RECORD + length))
      at += RECORD + length
    }
    this.#rest = all.subarray(at)
  }

  /** A pcap file of the packets from that number (from 0) on; undefined if they are not all kept any more. */
  from(index: number): Buffer | undefined {
    const first = this.count - this.#records.length
    if (index < first) return undefined
    return Buffer.concat([this.#header ?? Buffer.alloc(0), ...this.#records.slice(index - first)])
  }

  #readHeader(all: Buffer): number {
    if (all.length < HEADER) return 0
    this.#header = Buffer.from(all.subarray(0, HEADER))
    this.#parsed = readPcapHeader(this.#header)
    return HEADER
  }

  #keep(record: Buffer): void {
    this.#records.push(record)
    this.#size += record.length
    this.count++
    if (this.#size <= this.#limit) return
    // Half at once, so that not every packet moves the list.
    let index = 0
    while (this.#size > this.#limit / 2) this.#size -= this.#records[index++]!.length
    this.#records = this.#records.slice(index)
  }
}

/** The packets of a complete pcap file; throws an Error where it is none. */
export function readPcap(file: Buffer): { header: PcapHeader; records: PcapRecord[] } {
  const header = readPcapHeader(file)
  const records: PcapRecord[] = []
  for (let at = HEADER; at + RECORD <= file.length; ) {
    const length = number(header, file, at + 8)
    records.push({
      seconds: number(header, file, at),
      nanoseconds: number(header, file, at + 4) * header.unit,
      bytes: file.subarray(at + RECORD, at + RECORD + length),
    })
    at += RECORD + length
  }
  return { header, records }
}

function readPcapHeader(file: Buffer): PcapHeader {
  const magic = file.length < HEADER ? 0 : file.readUInt32LE(0)
  const littleEndian = magic === 0xa1b2c3d4 || magic === 0xa1b23c4d
  const first = littleEndian || file.length < HEADER ? magic : file.readUInt32BE(0)
  if (first !== 0xa1b2c3d4 && first !== 0xa1b23c4d) throw new Error('this is no capture file')
  const header = { littleEndian, unit: first === 0xa1b23c4d ? 1 : 1000, linkType: 0 } as const
  // The upper bits say whether frames end with a checksum.
  return { ...header, linkType: number(header, file, 20) & 0xfff_ffff }
}

function number({ littleEndian }: PcapHeader, bytes: Buffer, at: number): number {
  return littleEndian ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at)
}
