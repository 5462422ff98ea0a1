import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { ClassList, type Counted, lastOfEach } from '../grade/class-list.ts'
import type { GradeJob, GradeOptions } from '../grade/executor.ts'
import { findSubmissions } from '../grade/inbox.ts'
import type { Received } from '../grade/intake.ts'
import { jobDigest, sha256 } from '../grade/job-digest.ts'
import { Records } from '../grade/records.ts'
import { Refusals } from '../grade/refusals.ts'
import { GradeError, type Prepared } from './grade-prepare.ts'

/** Finds all submissions, keeps the accepted ones in the folder of the results, and gives what counts of each student. Rejects with GradeError. */
export async function collect(
  paths: readonly string[],
  { intake, loaded, carry }: Prepared,
  folder: string,
  signal: AbortSignal,
): Promise<ClassList> {
  for (const path of paths) {
    if (!existsSync(path)) throw new GradeError('no-submission', `there is no ${path}`, [])
  }
  const all = new Records<Received>(folder)
  const refusals = new Refusals()
  for await (const found of findSubmissions(paths, (position) => intake.isOfStudent(position))) {
    if (signal.aborted) break
    const { received } = await intake.take(found)
    if (refusals.tells(found, received)) all.add(received)
    if (received.refused === null) keep(bundleFile(folder, received), found.bytes!, received.sha256!)
  }
  for (const rest of refusals.rest()) all.add((await intake.take(rest)).received)
  if (all.length === 0) {
    const advice = 'submissions are zip files that `labrun submit` writes; folders and bulk downloads may be named too'
    throw new GradeError('no-submission', `there is no submission in ${paths.join(', ')}`, [advice])
  }
  const counted = new ClassList(folder)
  for (const one of lastOfEach(all)) {
    const { sha256: bundle, refused, student, values } = one
    const deciding = { bundle: bundle!, lab: loaded.fullDigest, pseudonym: student.pseudonym, values, carry }
    counted.add({ ...one, digest: refused === null ? jobDigest(deciding) : null })
  }
  all.close()
  return counted
}

/** The job that gives one its result; null where it was refused. */
export function jobOf(
  { digest, student, values, ...one }: Counted,
  { folder, labFile, options }: { readonly folder: string; readonly labFile: string; readonly options: GradeOptions },
): GradeJob | null {
  if (digest === null) return null
  return { digest, bundleFile: bundleFile(folder, one), labFile, student, values, options }
}

/** Where an accepted submission is kept. */
export function bundleFile(folder: string, { sha256: bundle }: Pick<Received, 'sha256'>): string {
  return join(folder, 'bundles', `${bundle}.zip`)
}

/** One that a full disk or a power cut has left half is written again. */
function keep(file: string, bytes: Buffer, digest: string): void {
  if (existsSync(file) && sha256(readFileSync(file)) === digest) return
  mkdirSync(dirname(file), { recursive: true })
  writeFileAtomic.sync(file, bytes)
}
