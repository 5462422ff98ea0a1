import type { GradeExecutor, GradeJob, GradeOutcome } from './executor.ts'
import { type GradeContext, gradeJob } from './grade-job.ts'
import type { ResultStore } from './store.ts'

/** Grades in this process, so many submissions at a time. One that cannot be done does not keep the others from being graded. */
export class LocalPool implements GradeExecutor {
  readonly #jobs: number
  readonly #store: ResultStore
  readonly #context: Omit<GradeContext, 'signal'>

  constructor(jobs: number, store: ResultStore, context: Omit<GradeContext, 'signal'>) {
    this.#jobs = jobs
    this.#store = store
    this.#context = context
  }

  async *grade(
    jobs: AsyncIterable<GradeJob> | Iterable<GradeJob>,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<GradeOutcome> {
    const waiting = (async function* () {
      yield* jobs
    })()
    const running = new Map<GradeJob, Promise<readonly [GradeJob, GradeOutcome]>>()
    let isMore = true
    while (isMore || running.size > 0) {
      while (isMore && running.size < this.#jobs && !signal.aborted) {
        const { done, value } = await waiting.next()
        if (done) isMore = false
        else
          running.set(
            value,
            this.#one(value, signal).then((outcome) => [value, outcome] as const),
          )
      }
      if (signal.aborted) isMore = false
      if (running.size === 0) break
      const [job, outcome] = await Promise.race(running.values())
      running.delete(job)
      if (!signal.aborted || outcome.status !== 'error') yield outcome
    }
  }

  async close(): Promise<void> {}

  async #one(job: GradeJob, signal: AbortSignal): Promise<GradeOutcome> {
    try {
      const graded = await gradeJob(job, { ...this.#context, signal })
      this.#store.write(graded)
      return { digest: job.digest, status: graded.status, reason: graded.reason }
    } catch (error) {
      return { digest: job.digest, status: 'error', reason: error instanceof Error ? error.message : String(error) }
    }
  }
}
