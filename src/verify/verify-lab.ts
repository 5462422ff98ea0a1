import type { AnyCheck } from '../checks/check.ts'
import type { CheckItem, Lab, Step } from '../lab/lab.ts'
import type { Machine } from '../machine/machine.ts'
import type { Emit } from '../run/events.ts'
import { RunStopped } from '../run/pace.ts'
import type { CheckResult, LabResult, Status } from '../run/results.ts'
import { runCheck } from '../run/run-check.ts'
import { type OpenWorld, runLab } from '../run/run-lab.ts'
import { footprint, whatIsLeft } from './footprint.ts'

export interface VerifyChoices {
  readonly openWorld: OpenWorld
  /** Where its worlds are: looked at before and after. */
  readonly machine: () => Promise<Machine>
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly before: readonly Step[]
  readonly signal: AbortSignal
  readonly emit: Emit
}

/** What keeps a lab from being proven. */
export interface Doubt {
  readonly line: number
  readonly what: string
  readonly advice: string
}

export interface Verification {
  readonly lab: string
  readonly file: string
  readonly status: Status
  /** Checks that failed before their step and passed after it. */
  readonly proven: number
  /** Checks that guard: they held before and after. */
  readonly guards: number
  readonly checks: number
  readonly steps: number
  readonly doubts: readonly Doubt[]
  /** The run with the checks after each step. */
  readonly run: LabResult
  readonly duration: number
}

/** Proves a lab as section 6 of the format asks; the lab itself is without a mistake already. */
export async function verifyLab(lab: Lab, choices: VerifyChoices): Promise<Verification> {
  const start = performance.now()
  const machine = await choices.machine()
  const before = await footprint(machine)
  const early = await looksBefore(lab, choices)
  const run = await runLab(lab, choices)
  const left = whatIsLeft(before, await footprint(machine))
  const doubts: Doubt[] = []
  let [proven, guards] = [0, 0]
  for (const step of lab.steps) {
    for (const item of step.items.filter((one) => one.kind === 'check')) {
      const passed =
        run.steps
          .find(({ id }) => id === step.id)
          ?.checks.find(({ line, column }) => line === item.line && column === item.column)?.status === 'passed'
      const first = early.get(item)
      const doubt = await judgeEarly(lab, step, item, first, choices)
      if (doubt) doubts.push(doubt)
      else if (passed && item.guards) guards++
      else if (passed) proven++
    }
  }
  if (left.length > 0)
    doubts.push({
      line: 1,
      what: `the lab left behind: ${left.join(', ')}`,
      advice: 'this is a fault of labrun: please report it',
    })
  const checks = lab.steps.flatMap((step) => step.items).filter((item) => item.kind === 'check').length
  const status = run.status !== 'passed' ? run.status : doubts.length > 0 ? 'failed' : 'passed'
  const duration = Math.round(performance.now() - start)
  return { lab: lab.id, file: lab.file, status, proven, guards, checks, steps: lab.steps.length, doubts, run, duration }
}

type Early = Map<CheckItem, CheckResult>

/** In a world of its own: makes each step's checks before its commands, which are then run without them. */
async function looksBefore(lab: Lab, choices: VerifyChoices): Promise<Early> {
  const early: Early = new Map()
  await runLab(lab, {
    ...choices,
    emit: () => {},
    withChecks: false,
    afterSetup: async (step, run) => {
      for (const item of step.items.filter((one) => one.kind === 'check')) {
        early.set(item, (await runCheck(item, { ...run, once: true })).result)
      }
    },
  })
  return early
}

async function judgeEarly(
  lab: Lab,
  step: Step,
  item: CheckItem,
  first: CheckResult | undefined,
  choices: VerifyChoices,
): Promise<Doubt | undefined> {
  const held = first?.status === 'passed'
  if (item.guards && !held) {
    const what = `\`${item.label}\` says \`holds: before\`, but does not hold before the step: ${first?.actual ?? 'it was not reached'}`
    return { line: item.line, what, advice: 'take `holds: before` away' }
  }
  if (item.guards || !held) return undefined
  // The checks before may have changed something (a ping fills the ARP cache): what counts is a world without them.
  if (!(await holdsAlone(lab, step, item, choices))) return undefined
  return {
    line: item.line,
    what: `\`${item.label}\` holds before the step "${step.title}" is done, so it proves nothing`,
    advice: 'check what the step changes; if it is meant as a guard that nothing breaks, say `holds: before`',
  }
}

async function holdsAlone(lab: Lab, step: Step, item: CheckItem, choices: VerifyChoices): Promise<boolean> {
  let held = false
  await runLab(lab, {
    ...choices,
    emit: () => {},
    withChecks: false,
    afterSetup: async (at, run) => {
      if (at !== step) return
      held = (await runCheck(item, { ...run, once: true })).result.status === 'passed'
      throw new RunStopped()
    },
  })
  return held
}
