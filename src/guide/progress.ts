import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import type { Lab } from '../lab/lab.ts'
import { stateFolder, stateName } from '../state.ts'

/** How far a student is in a lab. The world is gone when labrun ends; it is built again from this. */
export interface Progress {
  /** The lab's text when this was written: another one may need other commands. */
  readonly digest: string
  /** The step that the student is at. */
  readonly step: string
  /** How many of the lab's commands were decided on, in order; those in `left` were not run. */
  readonly done: number
  readonly left: readonly number[]
  /** What the student typed beside them: before the command of that number. */
  readonly typed: readonly Typed[]
  readonly finished: boolean
}

export interface Typed {
  readonly before: number
  readonly terminal: string
  readonly text: string
}

const schema = z.object({
  version: z.literal(1),
  digest: z.string(),
  step: z.string(),
  done: z.int().nonnegative(),
  left: z.array(z.int()),
  typed: z.array(z.object({ before: z.int(), terminal: z.string(), text: z.string() })),
  finished: z.boolean(),
})

/** Other values are another lab: what was typed for these does not fit those. */
export function digestOf({ source, values }: Lab): string {
  const filled = Object.keys(values).length > 0 ? JSON.stringify(values) : ''
  return createHash('sha256').update(source.join('\n')).update(filled).digest('hex')
}

/** The progress kept for a lab; a file that cannot be understood is put aside and its new place returned. */
export function readProgress(lab: Lab): { progress: Progress | undefined; putAside: string | undefined } {
  const file = progressFile(lab)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return { progress: undefined, putAside: undefined }
  }
  const value = schema.safeParse(parseJson(text))
  if (value.success) return { progress: value.data, putAside: undefined }
  const putAside = `${file}.unreadable-${Date.now()}`
  renameSync(file, putAside)
  return { progress: undefined, putAside }
}

/** Written as a whole or not at all; resolves to what kept it from being written, if anything. */
export function writeProgress(lab: Lab, progress: Progress): string | undefined {
  const file = progressFile(lab)
  try {
    mkdirSync(dirname(file), { recursive: true })
    writeFileAtomic.sync(file, `${JSON.stringify({ version: 1, ...progress }, null, 2)}\n`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

export function dropProgress(lab: Lab): void {
  rmSync(progressFile(lab), { force: true })
}

function progressFile(lab: Lab): string {
  return stateFolder('progress', stateName(lab))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
