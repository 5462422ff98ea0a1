import type { GradeExecutor, GradeJob, GradeOutcome } from '../grade/executor.ts'
import type { Graded } from '../grade/model.ts'
import { readResult } from './execute.ts'
import type { Store } from './store.ts'

export interface StoreFirstChoices {
  readonly store: Store
  /** Keeps a result where the class is put together. */
  readonly keep: (graded: Graded) => Promise<void>
  /** Who grades what is not in the store; asked only where something is missing there. */
  readonly rest: () => Promise<GradeExecutor>
}

/** Takes what others have graded from the store, and has only the rest graded here. */
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
    const { store, keep, rest } = this.#choices
    const missing: GradeJob[] = []
    for await (const job of jobs) {
      if (signal.aborted) return
      const graded = await readResult(store, job.digest)
      if (!graded || graded.status === 'needs-staff') missing.push(job)
      else yield await takeOver(graded, job, keep)
    }
    if (missing.length === 0) return
    this.#rest = await rest()
    yield* this.#rest.grade(missing, { signal })
  }

  async close(): Promise<void> {
    await this.#rest?.close()
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
