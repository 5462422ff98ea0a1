import type { CheckItem, Lab, Step } from '../lab/lab.ts'
import { RunStopped } from '../run/pace.ts'
import type { CheckResult, StepResult } from '../run/results.ts'
import { type CheckRun, runCheck } from '../run/run-check.ts'
import { runLab } from '../run/run-lab.ts'
import type { StepRun } from '../run/run-step.ts'
import type { VerifyChoices } from './verify-lab.ts'

/** The run in which each check is made before the commands of its step. */
export interface Early {
  readonly said: ReadonlyMap<CheckItem, CheckResult>
  /** The first command that did not work there: what comes after its step was tried in another state than the lab's. */
  readonly stumble: Stumble | undefined
}

export interface Stumble {
  readonly step: Step
  readonly line: number
  readonly reason: string
}

/** In a world of its own: makes each step's checks before its commands, which are then run without them. */
export async function looksBefore(lab: Lab, choices: VerifyChoices): Promise<Early> {
  const said = new Map<CheckItem, CheckResult>()
  const { steps } = await runLab(lab, {
    ...choices,
    emit: (event) => event.type === 'step-start' && choices.onStep?.(),
    withChecks: false,
    afterSetup: async (step, run) => {
      const tell = async (item: CheckItem) => void said.set(item, await look(item, run, { early: true }))
      // Many of them wait for a reply that does not come. What watches waits until nothing else sends.
      const watches = ({ check }: CheckItem) => choices.kinds.get(check)!.watches
      const items = checksOf(step)
      await Promise.all(items.filter((item) => !watches(item)).map(tell))
      for (const item of items.filter(watches)) await tell(item)
    },
  })
  return { said, stumble: stumbleIn(lab, steps) }
}

/** Outputs do not count: what they are compared with may have been remembered by a check. */
function stumbleIn(lab: Lab, results: readonly StepResult[]): Stumble | undefined {
  for (const { id, blocks } of results) {
    const commands = blocks.flatMap((block) => block.commands)
    const fallen = commands.find(({ status, diff }) => status === 'failed' && diff === null)
    const step = lab.steps.find((one) => one.id === id)
    if (fallen && step) return { step, line: fallen.line, reason: fallen.reason ?? 'failed' }
  }
  return undefined
}

/** Whether a step comes after what did not work in the run before, so that nothing of it is proven. */
export function isAfter({ steps }: Lab, step: Step, { stumble }: Early): boolean {
  return stumble !== undefined && steps.indexOf(step) > steps.indexOf(stumble.step)
}

/** Whether a check holds before its step in a world in which no other check was made: a `ping` may fill a table. */
export async function holdsAlone(lab: Lab, step: Step, item: CheckItem, choices: VerifyChoices): Promise<boolean> {
  let held = false
  await runLab(lab, {
    ...choices,
    emit: () => {},
    withChecks: false,
    afterSetup: async (at, run) => {
      if (at !== step) return
      held = (await look(item, run, { early: true })).status === 'passed'
      throw new RunStopped()
    },
  })
  return held
}

/**
 * The step whose commands have made true what holds before a later one; undefined: it has always held, or what sets a
 * step up has made it true.
 */
export async function holdsSince(
  lab: Lab,
  step: Step,
  item: CheckItem,
  choices: VerifyChoices,
): Promise<Step | undefined> {
  let without: Step | undefined
  await runLab(lab, {
    ...choices,
    emit: () => {},
    withChecks: false,
    afterSetup: async (at, run) => {
      if (at === step) throw new RunStopped()
      if ((await look(item, run, { once: true })).status !== 'passed') without = at
    },
  })
  const next = without && lab.steps[lab.steps.indexOf(without) + 1]
  return next?.items.some((item) => item.kind === 'block' && item.role === 'setup') ? undefined : without
}

/** Whether a check fails, and does not only go wrong, before one of the commands of its step. */
export async function failsMeanwhile(lab: Lab, step: Step, item: CheckItem, choices: VerifyChoices): Promise<boolean> {
  let current: StepRun | undefined
  let failed = false
  await runLab(lab, {
    ...choices,
    emit: () => {},
    withChecks: false,
    afterSetup: async (at, run) => {
      if (at === step) current = run
    },
    pace: {
      command: async () => {
        if (current && !failed) failed = (await look(item, current, { once: true })).status === 'failed'
        return 'run'
      },
    },
    afterStep: async (at) => {
      if (at === step) throw new RunStopped()
    },
  })
  return failed
}

export async function look(item: CheckItem, run: StepRun, how: Pick<CheckRun, 'once' | 'early'>): Promise<CheckResult> {
  return (await runCheck(item, { ...run, ...how })).result
}

export function checksOf(step: Step): CheckItem[] {
  return step.items.filter((item) => item.kind === 'check')
}
