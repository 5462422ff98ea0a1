import { checks } from '../checks/index.ts'
import type { Lab, Step } from '../lab/lab.ts'
import type { RunEvent } from '../run/events.ts'
import { RunStopped } from '../run/pace.ts'
import { runExtra } from '../run/run-block.ts'
import { type LabRun, type OpenWorld, runLab } from '../run/run-lab.ts'
import type { Work } from '../submission/work.ts'
import { type Network, readNetwork } from '../topology/network.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import { waitUntilAtRest } from './at-rest.ts'
import { carriedLab, mayBeCarried, mergeCarried } from './carry.ts'
import { CommandKeeper } from './commands-kept.ts'
import { gradeSteps } from './grade-steps.ts'
import type { GradedStep } from './model.ts'
import { sumOf } from './score.ts'
import { ReplayPace } from './student-pace.ts'

export interface Submission {
  /** With the student's values in it. */
  readonly lab: Lab
  /** Of the labs that it starts from. */
  readonly before: readonly Step[]
  readonly work: Work
  /** What a step is worth that is judged on the reference state. */
  readonly carry: number
  readonly openWorld: OpenWorld
  readonly signal: AbortSignal
  /** Told what happens. */
  readonly onEvent?: (event: RunEvent) => void
}

/** What one try found out. */
export interface Attempt {
  readonly steps: readonly GradedStep[]
  readonly limits: readonly string[]
  readonly network: Network | null
  /** Why the replay broke off. */
  readonly trouble: string | null
}

/** Milliseconds: nobody waits for it, and several submissions may be graded at the same time. */
export const DIAGNOSIS = 30_000

/** No world could be had at all, so nothing is known of any submission. */
export class NoWorld extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoWorld'
  }
}

/**
 * Replays a student's work in a fresh world and judges it; a step that follows a failed one is judged once more, in a world of its
 * own where the reference solution stands for what came before. Rejects with NoWorld, and with RunStopped when it is interrupted.
 */
export async function gradeSubmission(submission: Submission): Promise<Attempt> {
  const { lab, work, carry } = submission
  const first = await replay(lab, submission, new Set())
  // What has to be tried again anyway is not looked at any further.
  if (first.trouble !== null || sumOf(first.steps.map(({ points }) => points)) === null) return first
  const steps = [...first.steps]
  const limits = new Set(first.limits)
  for (const [index, step] of lab.steps.entries()) {
    if (!mayBeCarried(index, first.steps, work)) continue
    const reference = lab.steps.slice(0, index)
    const again = await replay(carriedLab(lab, index), submission, new Set(reference.map(({ id }) => id)))
    const trouble = again.trouble ?? again.broken
    if (trouble !== null) {
      return { ...first, trouble: `the step "${step.title}" could not be judged by itself: ${trouble}` }
    }
    steps[index] = mergeCarried(step, first.steps[index]!, again.steps.at(-1)!, carry)
    for (const limit of again.limits) limits.add(limit)
  }
  return { steps, limits: [...limits], network: first.network, trouble: null }
}

/** Replays a work once, as it is, and judges it. Rejects as gradeSubmission. */
export async function replayWork(submission: Submission): Promise<Attempt> {
  return await replay(submission.lab, submission, new Set())
}

interface Replayed extends Attempt {
  /** What of the reference solution did not work. */
  readonly broken: string | null
}

async function replay(lab: Lab, submission: Submission, reference: ReadonlySet<string>): Promise<Replayed> {
  let world: World | undefined
  const atRest = async () => {
    if (world) await waitUntilAtRest(world)
  }
  const pace = new ReplayPace(submission.lab, submission.work, reference, atRest)
  const kept = new CommandKeeper()
  let network: Network | null = null
  let opened = false
  const afterSetup: LabRun['afterSetup'] = async (step, run) => {
    const hasBlock = step.items.some((item) => item.kind === 'block' && item.role !== 'setup')
    if (hasBlock || reference.has(step.id)) return
    for (let next = pace.next(); next && !run.signal.aborted; next = pace.next()) await runExtra(next, run)
  }
  const result = await runLab(lab, {
    openWorld: async (...wanted) => {
      world = await submission.openWorld(...wanted)
      return world
    },
    kinds: checks,
    signal: submission.signal,
    before: submission.before,
    pace,
    byChecks: true,
    patience: DIAGNOSIS,
    emit: (event) => {
      kept.take(event)
      submission.onEvent?.(event)
      if (event.type === 'step-start') opened = true
    },
    afterSetup,
    afterStep: async (step, run) => {
      if (step !== lab.steps.at(-1) || run.signal.aborted) return
      network = await readNetwork(run.world).catch(forgiveProbe)
    },
  })
  if (submission.signal.aborted) throw new RunStopped()
  if (result.trouble !== null && !opened) throw new NoWorld(result.trouble)
  for (const [step, commands] of pace.refused) kept.refused(step, commands)
  const steps = gradeSteps(lab, result, pace.answers, kept.commands)
  return { steps, limits: world?.limitsHit() ?? [], network, trouble: result.trouble, broken: kept.brokenIn(reference) }
}

/** A picture of the network is worth having, and no grade depends on it. */
function forgiveProbe(error: unknown): null {
  if (error instanceof ProbeError) return null
  throw error
}
