import { readFile } from 'node:fs/promises'
import type { Item, Lab, Step } from '../lab/lab.ts'
import type { OpenWorld } from '../run/run-lab.ts'
import type { Work } from '../submission/work.ts'
import type { GradeJob } from './executor.ts'
import { type Attempt, gradeSubmission, NoWorld } from './grade-submission.ts'
import { jobDigest, sha256 } from './job-digest.ts'
import type { Graded } from './model.ts'
import { rounded, sharesOf, sumOf } from './score.ts'
import { unknownSteps } from './student-pace.ts'

/** A lab as one student has it, in the instructor's whole text. */
export interface LoadedLab {
  readonly lab: Lab
  /** Of the labs that it starts from. */
  readonly before: readonly Step[]
  /** Of the student's edition. */
  readonly digest: string
  readonly fullDigest: string
}

/** What grading needs of the place where it is done. */
export interface GradeContext {
  readonly openWorld: OpenWorld
  readonly signal: AbortSignal
  /** Throws LabError or LabNotFound. */
  readonly loadLab: (file: string, values: Readonly<Record<string, string>>) => LoadedLab
  /** What is in a bundle. Rejects with the reason where it is not to be accepted. */
  readonly readWork: (bytes: Uint8Array) => Promise<Work>
}

/** The bundle or the lab that is here is not the one that a job is about. */
export class OtherJob extends Error {
  constructor(job: GradeJob) {
    super(`what is in ${job.bundleFile} and ${job.labFile} is not what this job is about: they have changed meanwhile`)
    this.name = 'OtherJob'
  }
}

/**
 * Grades one submission; tries again where something could not be found out. Rejects where nothing can be known of any submission:
 * NoWorld, LabError, OtherJob; with RunStopped when it is interrupted.
 */
export async function gradeJob(job: GradeJob, context: GradeContext): Promise<Graded> {
  const start = performance.now()
  const loaded = context.loadLab(job.labFile, job.values)
  const bytes = await readFile(job.bundleFile)
  const bundle = { file: job.bundleFile, sha256: sha256(bytes) }
  const { pseudonym } = job.student
  const { values, options } = job
  const digest = jobDigest({ bundle: bundle.sha256, lab: loaded.fullDigest, pseudonym, values, carry: options.carry })
  if (digest !== job.digest) throw new OtherJob(job)
  const work = await context.readWork(bytes)
  const strange = unknownSteps(work, loaded.lab.steps)
  if (strange.length > 0) {
    const reason = `it tells of steps that this lab does not have: ${strange.slice(0, 5).join(', ')}`
    return refusal({ digest, bundle, loaded, student: job.student, reason })
  }
  let attempt: Attempt | undefined
  let attempts = 0
  while (attempts < Math.max(1, options.attempts) && (attempt === undefined || needsAgain(attempt))) {
    attempts++
    try {
      attempt = await gradeSubmission({ ...loaded, work, carry: options.carry, ...context })
    } catch (error) {
      // A machine that is too busy to build a world now may have one a little later.
      if (!(error instanceof NoWorld) || attempts >= options.attempts) throw error
    }
  }
  return gradedFrom({ digest, bundle, loaded, student: job.student }, attempt!, {
    attempts,
    duration: performance.now() - start,
  })
}

interface Subject {
  readonly digest: string
  readonly bundle: Graded['bundle']
  readonly loaded: LoadedLab
  readonly student: Graded['student']
}

/** The result that a try has led to; `duration` in milliseconds. */
export function gradedFrom(
  subject: Subject,
  attempt: Attempt,
  effort: { readonly attempts: number; readonly duration: number },
): Graded {
  const { steps, limits, network } = attempt
  const reason = whyUnknown(attempt)
  return {
    ...base(subject),
    status: reason === null ? 'graded' : 'needs-staff',
    reason,
    points: reason === null ? sumOf(steps.map(({ points }) => points)) : null,
    ...(steps.length > 0 ? { max: rounded(steps.reduce((sum, { max }) => sum + max, 0)) } : {}),
    steps,
    limits,
    network,
    duration: Math.round(effort.duration),
    attempts: effort.attempts,
  }
}

/** Something could not be found out. */
export function needsAgain(attempt: Attempt): boolean {
  return whyUnknown(attempt) !== null
}

/** The result of a submission that was not accepted. */
export function refusal({ reason, ...subject }: Subject & { readonly reason: string }): Graded {
  return { ...base(subject), status: 'refused', reason }
}

function base({ digest, bundle, loaded, student }: Subject): Graded {
  const { lab, fullDigest } = loaded
  return {
    labrun: 'grade',
    version: 1,
    digest,
    bundle,
    lab: { id: lab.id, title: lab.title, digest: loaded.digest, fullDigest },
    student,
    status: 'refused',
    reason: null,
    points: null,
    max: mostPoints(lab),
    late: null,
    steps: [],
    limits: [],
    leads: [],
    network: null,
    gradedAt: new Date().toISOString(),
    duration: 0,
    attempts: 0,
  }
}

/** What a lab is worth, or those of its checks and questions that are judged. */
export function mostPoints({ steps }: Lab, isJudged: (item: Item) => boolean = () => true): number {
  const shares = steps.flatMap(sharesOf).filter(({ item }) => isJudged(item))
  return rounded(shares.reduce((sum, { max }) => sum + max, 0))
}

/** Why there is no grade after a try, for people; null if there is one. */
function whyUnknown({ trouble, steps }: Attempt): string | null {
  if (trouble !== null) return trouble
  if (sumOf(steps.map(({ points }) => points)) !== null) return null
  // What is worth nothing may be why others were not looked at, and comes before them.
  for (const { title, items } of steps) {
    const open = items.find(({ status }) => status === 'error')
    if (open) return `it could not be found out whether "${open.label}" holds (step "${title}"): ${open.actual}`
  }
  return 'it could not be found out what it is worth'
}
