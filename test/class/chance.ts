import { createHash } from 'node:crypto'

/** Numbers that look random, and are the same for the same seed on every machine. */
export class Chance {
  readonly #seed: string
  #drawn = 0

  constructor(...seed: readonly (string | number)[]) {
    this.#seed = seed.join('\0')
  }

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    const digest = createHash('sha256')
      .update(`${this.#seed}\0${this.#drawn++}`)
      .digest()
    return digest.readUIntBE(0, 6) % limit
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list]
    return list.map(() => left.splice(this.below(left.length), 1)[0]!)
  }
}

/** 32 bytes for a purpose. */
export function bytesOf(seed: string, purpose: string): Buffer {
  return createHash('sha256').update(`${seed}\0${purpose}`).digest()
}
