import { randomUUID } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Plain values on the disk, one line of JSON each, for a class that memory would not hold: only where each record begins
 * is in memory. What is written is gone when the records are closed, and also when the program is killed.
 */
export class Records<Value> implements Iterable<Value> {
  readonly #file: number
  readonly #starts: number[] = []
  #end = 0

  /** In a folder, which is made where it is missing: the one for temporary files may be in memory. */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    const file = join(folder, `${randomUUID()}.part`)
    this.#file = openSync(file, 'wx+', 0o600)
    // It has no name from now on, so nobody finds what a run that was killed has left.
    unlinkSync(file)
  }

  get length(): number {
    return this.#starts.length
  }

  /** Gives the record's number, counted from 0. */
  add(value: Value): number {
    const line = Buffer.from(`${JSON.stringify(value)}\n`)
    for (let written = 0; written < line.length; )
      written += writeSync(this.#file, line, written, line.length - written, this.#end + written)
    this.#starts.push(this.#end)
    this.#end += line.length
    return this.#starts.length - 1
  }

  get(number: number): Value {
    return JSON.parse(String(this.#bytes(number))) as Value
  }

  *[Symbol.iterator](): Generator<Value> {
    for (const line of this.lines()) yield JSON.parse(line) as Value
  }

  /** The records as they lie in the file. */
  lines(): Generator<string> {
    return linesOf(this.#file)
  }

  close(): void {
    closeSync(this.#file)
  }

  #bytes(number: number): Buffer {
    const start = this.#starts[number]
    if (start === undefined) throw new RangeError(`there is no record ${number}`)
    const bytes = Buffer.allocUnsafe((this.#starts[number + 1] ?? this.#end) - start)
    for (let length = 0; length < bytes.length; ) {
      const read = readSync(this.#file, bytes, length, bytes.length - length, start + length)
      if (read === 0) throw new Error('a file of labrun has become shorter while it was in use')
      length += read
    }
    return bytes
  }
}

/** The lines of an open file of any size; JSON has no line end in it, but perhaps what Unicode calls one. */
export function* linesOf(file: number): Generator<string> {
  const chunk = Buffer.allocUnsafe(1 << 16)
  let rest = Buffer.alloc(0)
  let position = 0
  for (;;) {
    const length = readSync(file, chunk, 0, chunk.length, position)
    if (length === 0) break
    position += length
    rest = Buffer.concat([rest, chunk.subarray(0, length)])
    let start = 0
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10, start)) {
      if (end > start) yield rest.toString('utf8', start, end)
      start = end + 1
    }
    rest = rest.subarray(start)
  }
  if (rest.length > 0) yield String(rest)
}
