import { createHash } from 'node:crypto'
import type { CheckKind } from '../lab/check-block.ts'
import { makeEdition } from './edition.ts'

/**
 * Names a lab, for the instructor and for students alike: the SHA-256 of its edition, as hex. Line ends and a BOM make
 * no difference, because mail and Git change them. Throws LabError.
 */
export function labDigest(text: string, file: string, kinds: ReadonlyMap<string, CheckKind>): string {
  return fullDigest(makeEdition(text, file, kinds))
}

/** Of the whole text, with all that only the instructor has: hex. */
export function fullDigest(text: string): string {
  return createHash('sha256')
    .update(text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n'))
    .digest('hex')
}
