import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { GradeJob } from '../grade/executor.ts'
import type { Graded } from '../grade/model.ts'
import { receive } from './order.ts'
import type { Store } from './store.ts'

const FOLDER = 'labrun-grade-'

/** Grades one submission on this machine. Rejects where that could not be done, and also when it was stopped. */
export type GradeOne = (job: GradeJob, signal: AbortSignal) => Promise<Graded>

/**
 * Does a job of a store whose result is not there yet, and writes the result. To do it twice is harmless: both results are
 * named alike, and each is renamed into place whole. Resolves to what was found out, or `there` if it was there already.
 */
export async function execute(
  store: Store,
  digest: string,
  gradeOne: GradeOne,
  signal: AbortSignal,
): Promise<Graded | 'there'> {
  if (await readResult(store, digest)) return 'there'
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER}${process.pid}-`))
  try {
    const found = await gradeOne(await receive(store, digest, folder), signal)
    const graded = { ...found, bundle: { ...found.bundle, file: basename(found.bundle.file) } }
    // What was stopped half-way looks like a bad submission.
    signal.throwIfAborted()
    if (graded.digest !== digest) throw new Error(`asked for ${digest}, got the result of ${graded.digest}`)
    await store.put('results', digest, Buffer.from(JSON.stringify(graded)))
    await store.remove('troubles', digest)
    return graded
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Makes room for a new result of a job that somebody asks for again: what needs staff is tried anew, and with `anew` everything.
 * Resolves to whether there is a result that counts.
 */
export async function isSettled(store: Store, digest: string, anew: boolean): Promise<boolean> {
  const before = await readResult(store, digest)
  if (before && before.status !== 'needs-staff' && !anew) return true
  await store.remove('results', digest)
  await store.remove('troubles', digest)
  return false
}

/** Removes what workers that were killed on this machine have left of the lab and of submissions. */
export async function clearAway(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(new RegExp(`^${FOLDER}(\\d+)-`).exec(name)?.[1])
    // Another one's folder cannot be removed, and need not be.
    if (pid && !isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}

/** A result in the store; undefined while there is none that can be read. */
export async function readResult(store: Store, digest: string): Promise<Graded | undefined> {
  const bytes = await store.get('results', digest)
  if (!bytes) return undefined
  try {
    const result = JSON.parse(String(bytes)) as Partial<Graded>
    return result.labrun === 'grade' && result.version === 1 && result.digest === digest
      ? (result as Graded)
      : undefined
  } catch {
    return undefined
  }
}
