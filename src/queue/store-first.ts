import type { GradeExecutor, GradeJob, GradeOutcome } from '../grade/executor.ts'
import type { Graded } from '../grade/model.ts'
import { Trouble } from '../machine/trouble.ts'
import { readResult } from './execute.ts'
import type { Store } from './store.ts'

export interface StoreFirstChoices {
  readonly store: Store
  /** Keeps a result where the class is put together. */
  readonly keep: (graded: Graded) => Promise<void>
  /** Whether a result in the store counts; what is graded anew has an old one there. */
  readonly counts: (graded: Graded) => boolean
  /** Who grades what is not in the store; asked only where something is missing there. Rejects with Trouble. */
  readonly rest: () => Promise<GradeExecutor>
  readonly say: (line: string) => void
}

/** A job for this machine, and whether there is a result that needs staff. */
interface Open {
  readonly job: GradeJob
  readonly isThere: boolean
}

/**
 * Takes what others have graded from the store, and has only the rest graded here. What needs staff is tried again; where that
 * cannot be done, it is kept as it is.
 */
export class StoreFirst implements GradeExecutor {
  readonly #choices: StoreFirstChoices
  #rest: GradeExecutor | undefined

  constructor(choices: StoreFirstChoices) {
    this.#choices = choices
  }

  async *grade(
    jobs: AsyncIterable<GradeJob> | Iterable<GradeJob>,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<GradeOutcome> {
    const { keep } = this.#choices
    const open: Open[] = []
    for await (const job of jobs) {
      if (signal.aborted) return
      const graded = await this.#read(job.digest)
      if (!graded || graded.status === 'needs-staff') open.push({ job, isThere: graded !== undefined })
      else yield await takeOver(graded, job, keep)
    }
    if (open.length === 0) return
    this.#rest = await this.#openRest(open)
    if (this.#rest) {
      const missing = open.map(({ job }) => job)
      yield* this.#rest.grade(missing, { signal })
    } else for (const { job } of open) yield await takeOver((await this.#read(job.digest))!, job, keep)
  }

  async close(): Promise<void> {
    await this.#rest?.close()
  }

  async #read(digest: string): Promise<Graded | undefined> {
    const { store, counts } = this.#choices
    const graded = await readResult(store, digest)
    return graded && counts(graded) ? graded : undefined
  }

  /** Undefined where nothing can be graded here and all have a result. Rejects with Trouble where one has none. */
  async #openRest(open: readonly Open[]): Promise<GradeExecutor | undefined> {
    try {
      return await this.#choices.rest()
    } catch (error) {
      if (!(error instanceof Trouble) || !open.every(({ isThere }) => isThere)) throw error
      this.#choices.say(`what needs staff was not tried again: ${error.message}`)
      return undefined
    }
  }
}

/** Keeps a result with what only this machine knows: the name from the roster, and which file it was. */
export async function takeOver(
  graded: Graded,
  { bundleFile, student }: GradeJob,
  keep: (graded: Graded) => Promise<void>,
): Promise<GradeOutcome> {
  await keep({ ...graded, bundle: { ...graded.bundle, file: bundleFile }, student })
  return { digest: graded.digest, status: graded.status, reason: graded.reason }
}
