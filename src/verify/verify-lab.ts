import type { AnyCheck } from '../checks/check.ts'
import { adviceOnOutput, anyOutputs } from '../lab/any-output.ts'
import type { CheckItem, Lab, Step } from '../lab/lab.ts'
import type { Machine } from '../machine/machine.ts'
import type { Emit } from '../run/events.ts'
import type { LabResult, Status, StepResult } from '../run/results.ts'
import { type OpenWorld, runLab } from '../run/run-lab.ts'
import { checksOf, type Early, isAfter, looksBefore } from './before.ts'
import { doubtAbout } from './doubts.ts'
import { footprint, whatIsLeft } from './footprint.ts'
import { type Doubt, doubt } from './messages.ts'

export interface VerifyChoices {
  readonly openWorld: OpenWorld
  /** Where its worlds are: looked at before and after. */
  readonly machine: () => Promise<Machine>
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly before: readonly Step[]
  readonly signal: AbortSignal
  readonly emit: Emit
  /** Called at the beginning of each step, twice for each: when it is tried before, and when it is run. */
  readonly onStep?: () => void
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
  /** How often all of this was done. */
  readonly repetitions: number
  /** With the values of how many students. */
  readonly students: number
  /** For whom `run` was, where it was another for others. */
  readonly student: string | null
  readonly doubts: readonly Doubt[]
  /** The run with the checks after each step. */
  readonly run: LabResult
  /** Ways out, where the lab as a whole could not be run. */
  readonly remedies: readonly string[]
  /** Milliseconds. */
  readonly duration: number
}

/** Proves a lab as section 6 of the format asks; the lab itself is without a mistake already. */
export async function verifyLab(lab: Lab, choices: VerifyChoices): Promise<Verification> {
  const start = performance.now()
  const machine = await choices.machine()
  const before = await footprint(machine)
  const remedies: string[] = []
  const afterwards = () =>
    runLab(lab, {
      ...choices,
      emit: (event) => {
        if (event.type === 'lab-trouble') remedies.push(...event.remedies)
        if (event.type === 'step-start') choices.onStep?.()
        choices.emit(event)
      },
    })
  const [early, run] = await both(() => looksBefore(lab, choices), afterwards, lab.machine === 'any')
  const left = whatIsLeft(before, await footprint(machine))
  const doubts = outputDoubts(lab)
  let [proven, guards] = [0, 0]
  // Of a lab that could not be run, nothing is known.
  const isKnown = !choices.signal.aborted && run.trouble === null
  if (isKnown) doubts.push(...stumbleDoubts(early, run.steps))
  for (const step of isKnown ? lab.steps : []) {
    if (isAfter(lab, step, early)) break
    for (const item of checksOf(step)) {
      const passed = passedIn(run, step, item)
      const found = await doubtAbout(item, { first: early.said.get(item), passed }, { lab, step, choices })
      if (found) doubts.push(found)
      else if (passed && item.guards) guards++
      else if (passed) proven++
    }
  }
  if (left.length > 0) doubts.push(doubt('left', { line: 1 }, { what: left.join(', ') }))
  const { id, file, steps } = lab
  return {
    lab: id,
    file,
    status: run.status !== 'passed' ? run.status : doubts.length > 0 ? 'failed' : 'passed',
    proven,
    guards,
    checks: steps.flatMap(checksOf).length,
    steps: steps.length,
    repetitions: 1,
    students: 1,
    student: null,
    doubts: inOrder(doubts),
    run,
    remedies,
    duration: Math.round(performance.now() - start),
  }
}

/**
 * The two runs of a proof. Worlds do not see each other, and much of a lab is waiting, so they go on beside each other;
 * but not where a world has what the machine has only once.
 */
async function both<A, B>(first: () => Promise<A>, second: () => Promise<B>, together: boolean): Promise<[A, B]> {
  if (!together) return [await first(), await second()]
  const [one, two] = await Promise.allSettled([first(), second()])
  if (one.status === 'rejected') throw one.reason
  if (two.status === 'rejected') throw two.reason
  return [one.value, two.value]
}

/** Expected outputs that could not differ. */
export function outputDoubts(lab: Lab): Doubt[] {
  return anyOutputs(lab).map((output) => doubt('any-output', output, { advice: adviceOnOutput(output) }))
}

export function inOrder(doubts: readonly Doubt[]): Doubt[] {
  return doubts.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

/** A command that did not work in the run before, and did in one of these steps. */
export function stumbleDoubts({ stumble }: Early, steps: readonly StepResult[]): Doubt[] {
  const commands = steps.flatMap(({ blocks }) => blocks).flatMap((block) => block.commands)
  const again = commands.find(({ line }) => line === stumble?.line)
  if (!stumble || !again || (again.status === 'failed' && again.diff === null)) return []
  const { line, step, reason } = stumble
  return [doubt('stumbled', { line }, { step: step.title, reason })]
}

function passedIn(run: LabResult, step: Step, item: CheckItem): boolean {
  const checks = run.steps.find(({ id }) => id === step.id)?.checks ?? []
  return checks.some(({ line, column, status }) => line === item.line && column === item.column && status === 'passed')
}
