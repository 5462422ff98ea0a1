import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Lab } from '../lab/lab.ts'
import { stateFolder, stateName } from '../state.ts'

const schema = z.object({
  version: z.literal(1),
  proven: z.string().nullable(),
  repetitions: z.int().positive(),
  duration: z.number().nonnegative(),
})

/** What is kept of a lab's last proof. */
export interface ProofRecord {
  /** The digest of what was proven; null: it was not proven. */
  readonly proven: string | null
  readonly repetitions: number
  /** Milliseconds for one repetition. */
  readonly duration: number
}

/** Names what a proof depends on: the labs, in the order in which they are run, and labrun's version. */
export function proofDigest(labs: readonly Lab[], version: string): string {
  const hash = createHash('sha256').update(version)
  // The length keeps apart what would be the same text, cut at another place.
  for (const { id, from, source } of labs) {
    const text = source.join('\n')
    hash.update(`\0${id}\0${from ?? ''}\0${text.length}\0${text}`)
  }
  return hash.digest('hex')
}

/** What is known of a lab's last proof; undefined where nothing is, or it cannot be read. */
export function readProof(lab: Pick<Lab, 'id' | 'file'>): ProofRecord | undefined {
  try {
    const { version: _, ...proof } = schema.parse(JSON.parse(readFileSync(proofFile(lab), 'utf8')))
    return proof
  } catch {
    return undefined
  }
}

/** Written as a whole or not at all; returns what kept it from being written, if anything. */
export function writeProof(lab: Pick<Lab, 'id' | 'file'>, proof: ProofRecord): string | undefined {
  try {
    mkdirSync(stateFolder('proven'), { recursive: true })
    writeFileAtomic.sync(proofFile(lab), `${JSON.stringify({ version: 1, ...proof })}\n`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

function proofFile(lab: Pick<Lab, 'id' | 'file'>): string {
  return join(stateFolder('proven'), stateName(lab))
}
