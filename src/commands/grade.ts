import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ClassList, type Counted } from '../grade/class-list.ts'
import type { ClassResults } from '../grade/class-rows.ts'
import type { GradeExecutor, GradeJob } from '../grade/executor.ts'
import { GradeProgress, standardError } from '../grade/progress.ts'
import { ResultStore } from '../grade/store.ts'
import { hold, whoHolds } from '../lock.ts'
import type { Surroundings } from '../surroundings.ts'
import { GRADING_LIMITS } from '../world/limits.ts'
import { collect, jobOf } from './grade-collect.ts'
import { type EmitOptions, emitJobs } from './grade-emit.ts'
import { type ExecutorOptions, openExecutor } from './grade-executor.ts'
import { classFile, finishClass } from './grade-finish.ts'
import { leadsOf } from './grade-leads.ts'
import { type GradeChoices, GradeError, type Prepared, prepareGrade } from './grade-prepare.ts'
import type { PlaceOptions } from './place.ts'
import { changesOf, demandSame, mayWrite } from './regrade.ts'
import { Where } from './where.ts'

export interface GradeOptions extends PlaceOptions, GradeChoices, Omit<ExecutorOptions, 'regrade'>, EmitOptions {
  readonly out: string
  /** Submissions at the same time. */
  readonly jobs: number
  readonly attempts: number
  /** Everything anew; what changes is shown before it is written. */
  readonly regrade: boolean
  /** Write it without asking. */
  readonly yes: boolean
  readonly json: boolean
  /** Students' machines, `ssh:USER@HOST`, and a file with more of them: their present state is judged. */
  readonly live: readonly string[]
  readonly inventory: string | undefined
}

/** `labrun grade`: 0 if all that was handed in has a grade, 1 if a person has to look, 2 if something could not be run. */
export async function grade(
  name: string,
  paths: readonly string[],
  options: GradeOptions,
  surroundings: Surroundings,
): Promise<number> {
  const isLive = options.live.length > 0 || options.inventory !== undefined
  if (isLive && paths.length > 0)
    throw new GradeError('live', 'submissions and machines are graded one after the other', [])
  if (!isLive && paths.length === 0)
    throw new GradeError('no-submission', 'name what was handed in: files or folders', [])
  const prepared = prepareGrade(name, options)
  const folder = resolve(options.out)
  const release = holdFolder(folder)
  try {
    if (!isLive) return await gradeSubmissions(paths, prepared, options, surroundings.signal)
    const { gradeMachines } = await import('./grade-live.ts')
    return await gradeMachines(prepared, options, surroundings)
  } finally {
    release()
  }
}

/** Two that write into one folder would mix their tables. Gives what lets it go again; throws GradeError. */
function holdFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'grading.lock')
  const held = hold(file)
  if ('release' in held) return held.release
  throw new GradeError('busy', `${folder} is in use by another labrun grade: ${whoHolds(held.holder)}`, [
    'wait until it has ended, or write to another folder: --out FOLDER',
    `if it was on another computer and is gone, remove ${file}`,
  ])
}

async function gradeSubmissions(
  paths: readonly string[],
  prepared: Prepared,
  options: GradeOptions,
  signal: AbortSignal,
): Promise<number> {
  const folder = resolve(options.out)
  const counted = await collect(paths, prepared, folder, signal)
  if (signal.aborted) return 2
  const before = ClassList.read(classFile(folder), folder)
  const store = new ResultStore(join(folder, 'results'))
  // What is graded anew waits here until somebody has seen what would change.
  const fresh = options.regrade ? new ResultStore(join(folder, 'regraded')) : store
  if (!options.regrade) demandSame(before, counted, store)
  const where = new Where(options, signal, GRADING_LIMITS)
  const grading = { prepared, folder, options, results: fresh, where }
  if (options.emit) {
    await emitJobs(openJobs(counted, grading), options)
    return 0
  }
  const troubles = await gradeAll(counted, grading, signal)
  await where.close()
  if (signal.aborted) return 2
  const { loaded, roster, intake } = prepared
  const say = (line: string) => new GradeProgress(standardError(), 0).say(line)
  const leads = await leadsOf(counted, { prepared, folder, store: fresh, say })
  const results: ClassResults = {
    roster,
    pseudonym: (id) => intake.pseudonym(id),
    counted,
    store: fresh,
    loaded,
    troubles,
    leadsOf: (pseudonym) => leads.of(pseudonym),
  }
  if (options.regrade) {
    if (!(await mayWrite(changesOf(before, store, results), options.yes))) {
      // Only what was interrupted is gone on with.
      fresh.clear()
      return 1
    }
    for (const { digest } of counted) {
      const graded = digest === null ? undefined : fresh.read(digest)
      if (graded) store.write(graded)
    }
    fresh.clear()
  }
  return await finishClass({ ...results, store }, { folder, ...options })
}

interface Grading {
  readonly prepared: Prepared
  readonly folder: string
  readonly options: GradeOptions
  /** Where the results are kept. */
  readonly results: ResultStore
  readonly where: Where
}

/** Grades what has no result yet; resolves to what could not be graded here, and why, by the names of the results. */
async function gradeAll(counted: ClassList, grading: Grading, signal: AbortSignal): Promise<Map<string, string>> {
  const { prepared, options, results, where } = grading
  const who = new Map<string, string>()
  for (const { digest, student } of openJobs(counted, grading))
    who.set(digest, student.id ?? student.name ?? student.pseudonym)
  const troubles = new Map<string, string>()
  if (who.size === 0) return troubles
  const progress = new GradeProgress(standardError(), who.size)
  let executor: GradeExecutor | undefined
  try {
    const { lab } = prepared.loaded
    executor = await openExecutor(options, { lab, where, results, say: (line) => progress.say(line) })
    for await (const { digest, status, reason } of executor.grade(openJobs(counted, grading), { signal })) {
      if (status === 'error') troubles.set(digest, reason ?? 'it could not be graded')
      progress.one(who.get(digest) ?? digest, status === 'graded' ? null : `${status}: ${reason ?? ''}`)
    }
    if (signal.aborted) progress.say('interrupted: what was graded is kept; the same command goes on from here')
  } finally {
    await executor?.close()
    progress.end()
  }
  return troubles
}

/** What has no result yet, one after the other. */
function* openJobs(counted: ClassList, { prepared, folder, options, results }: Grading): Generator<GradeJob> {
  const { carry } = prepared
  for (const one of counted) {
    if (!isOpen(one, results)) continue
    const job = jobOf(one, { ...prepared, folder, options: { carry, attempts: options.attempts } })
    if (job) yield job
  }
}

/** What needs staff is tried again whenever somebody asks. */
function isOpen({ digest }: Counted, store: ResultStore): boolean {
  return digest !== null && (store.read(digest)?.status ?? 'needs-staff') === 'needs-staff'
}
