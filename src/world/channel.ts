import { Buffer } from 'node:buffer'
import type { Readable, Writable } from 'node:stream'

export type Message = readonly Buffer[]

/**
 * The channel to the program that is PID 1 of a world (program/20-channel.pl): messages are lists of byte strings,
 * each after its length, the whole after its length, 32 bit in network order.
 */
export class Channel {
  readonly #output: Writable
  #parts: Buffer[] = []
  #size = 0

  constructor(input: Readable, output: Writable, onMessage: (message: Message) => void) {
    this.#output = output
    input.on('data', (bytes: Buffer) => {
      this.#parts.push(bytes)
      this.#size += bytes.length
      for (let message = this.#next(); message; message = this.#next()) onMessage(message)
    })
    input.on('error', () => {})
  }

  send(...fields: readonly (string | Buffer)[]): void {
    const parts: Buffer[] = [Buffer.alloc(4)]
    let size = 0
    for (const field of fields) {
      const bytes = typeof field === 'string' ? Buffer.from(field) : field
      const length = Buffer.alloc(4)
      length.writeUInt32BE(bytes.length)
      parts.push(length, bytes)
      size += 4 + bytes.length
    }
    parts[0]!.writeUInt32BE(size)
    this.#output.write(Buffer.concat(parts))
  }

  #next(): Message | undefined {
    if (this.#size < 4) return undefined
    if (this.#parts[0]!.length < 4) this.#join()
    const size = 4 + this.#parts[0]!.readUInt32BE(0)
    if (this.#size < size) return undefined
    if (this.#parts[0]!.length < size) this.#join()
    const [first] = this.#parts as [Buffer]
    const rest = first.subarray(size)
    if (rest.length > 0) this.#parts[0] = rest
    else this.#parts.shift()
    this.#size -= size
    return fieldsOf(first.subarray(4, size))
  }

  #join(): void {
    this.#parts = [Buffer.concat(this.#parts)]
  }
}

function fieldsOf(body: Buffer): Message {
  const fields: Buffer[] = []
  for (let offset = 0; offset < body.length; ) {
    const length = body.readUInt32BE(offset)
    fields.push(body.subarray(offset + 4, offset + 4 + length))
    offset += 4 + length
  }
  return fields
}
