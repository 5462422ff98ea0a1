import type { Graded } from './model.ts'

/** One submission to grade: plain JSON, so that it can be sent to another machine. */
export interface GradeJob {
  /** Names the result; equal jobs have equal digests. */
  readonly digest: string
  /** Names of files, for whoever has them at hand. */
  readonly bundleFile: string
  readonly labFile: string
  readonly student: Graded['student']
  readonly values: Readonly<Record<string, string>>
  readonly options: GradeOptions
}

export interface GradeOptions {
  /** What a step is worth that was judged on the reference state: 0 to 1. */
  readonly carry: number
  /** How often a submission is tried whose grading ended in an error. */
  readonly attempts: number
}

/** The result lies in the store when this is told. `error`: the job itself could not be done; it may be tried again. */
export interface GradeOutcome {
  readonly digest: string
  readonly status: Graded['status'] | 'error'
  readonly reason: string | null
}

/** Who does the grading: this process, or workers elsewhere. Doing a job twice is harmless. */
export interface GradeExecutor {
  grade(
    jobs: AsyncIterable<GradeJob> | Iterable<GradeJob>,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<GradeOutcome>
  close(): Promise<void>
}
