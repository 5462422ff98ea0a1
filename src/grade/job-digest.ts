import { createHash } from 'node:crypto'

/** What decides the result of a submission. */
export interface Deciding {
  /** SHA-256 of the bundle's bytes. */
  readonly bundle: string
  /** SHA-256 of the whole text of the lab and of those that it starts from. */
  readonly lab: string
  readonly pseudonym: string
  readonly values: Readonly<Record<string, string>>
  readonly carry: number
}

/** The name of a result, in hexadecimal: what is decided by the same things has the same name, so it is never graded twice. */
export function jobDigest({ bundle, lab, pseudonym, values, carry }: Deciding): string {
  const sorted = Object.entries(values).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return sha256(JSON.stringify(['labrun-grade-2', bundle, lab, pseudonym, sorted, carry]))
}

export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
