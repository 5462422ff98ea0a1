import type { AnyCheck } from '../checks/check.ts'
import type { Lab, Needs, Step, WorldSpec } from '../lab/lab.ts'
import { Trouble } from '../machine/trouble.ts'
import { type Network, readNetwork } from '../topology/network.ts'
import { WorldError } from '../world/trouble.ts'
import type { World } from '../world/world.ts'
import { LabCollector, planned } from './collect.ts'
import type { Emit, RunEvent } from './events.ts'
import { type Interruptible, type Pace, RunStopped } from './pace.ts'
import type { LabResult, Status } from './results.ts'
import { runExtra } from './run-block.ts'
import { lookAt, runStep, type StepRun } from './run-step.ts'

/** Builds a world on a machine that can give what the lab needs. Rejects with Trouble. */
export type OpenWorld = (spec: WorldSpec, needs: Needs) => Promise<World>

export interface LabRun {
  readonly openWorld: OpenWorld
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly emit: Emit
  readonly signal: AbortSignal
  /** Around each command and check: what interrupts just this one; default: what ends the run. */
  readonly interruptible?: Interruptible
  readonly pace?: Pace
  /** Stop at the first step that does not pass. */
  readonly bail?: boolean
  /** Steps of other labs whose commands are run first, unseen. */
  readonly before?: readonly Step[]
  /** Called when a step was set up and nothing else of it was done. */
  readonly afterSetup?: (step: Step, run: StepRun) => Promise<void>
  /** Asked after each step, while its background blocks are gone and all else is as it left it. */
  readonly afterStep?: (step: Step, run: StepRun) => Promise<void>
  /** Tell what the network looks like after each step; a function is asked each time. */
  readonly withNetwork?: boolean | (() => boolean)
  /** A folder for captured packets and the like; undefined: nothing is kept. */
  readonly artefacts?: string
  /** Milliseconds for which the reason of a failure is looked for; default: as long as a person waits. */
  readonly patience?: number
  /** False: only the commands are run. */
  readonly withChecks?: boolean
  /** Only checks decide whether a step has passed: what is typed is not what the lab says. */
  readonly byChecks?: boolean
}

/** Runs a lab in a fresh world from its first step to its last. Rejects only where labrun itself is at fault. */
export async function runLab(lab: Lab, choices: LabRun): Promise<LabResult> {
  const start = performance.now()
  const collector = new LabCollector(lab)
  const emit: Emit = (event: RunEvent) => {
    collector.take(event)
    choices.emit(event)
  }
  const { id, file, title, steps } = lab
  emit({ type: 'lab-start', lab: id, file, title, steps: steps.length, planned: planned(lab) })
  let world: World | undefined
  try {
    world = await choices.openWorld(lab.world, lab.machine)
    emit({ type: 'world-open', info: world.info, duration: Math.round(performance.now() - start) })
    await demandTools(lab, world, choices.kinds)
    await runSteps(lab, world, emit, choices)
  } catch (error) {
    if (error instanceof Trouble) {
      emit({ type: 'lab-trouble', lab: id, file, message: error.message, remedies: error.remedies })
    } else if (!(error instanceof RunStopped)) throw error
  } finally {
    await world?.close()
  }
  const result = collector.result(performance.now() - start)
  emit({ type: 'lab-end', result })
  return result
}

/** What comes before the lab is done unseen; if it does not work, nothing after it can be judged. */
async function replay(steps: readonly Step[], run: StepRun): Promise<void> {
  for (const step of steps) {
    const status = await runStep(step, {
      ...run,
      emit: () => {},
      pace: {},
      withChecks: false,
      byChecks: false,
      afterSetup: undefined,
    })
    if (status === 'passed' || run.signal.aborted) continue
    throw new WorldError(
      'replay-failed',
      `the lab that this one starts from does not work: its step "${step.title}" ${status}`,
      ['run that lab by itself to see why'],
    )
  }
}

/** A lab whose programs are missing would fail in the middle, and look as if the student had done something wrong. */
async function demandTools(lab: Lab, world: World, kinds: LabRun['kinds']): Promise<void> {
  const items = lab.steps.flatMap((step) => step.items)
  const needed = items.flatMap((item) => (item.kind === 'check' ? kinds.get(item.check)!.tools : []))
  const tools = [...new Set([...lab.tools, ...needed])]
  const script = 'for tool; do type -P "$tool" >/dev/null || echo "$tool"; done'
  const { stdout } = await world.probe('host', ['bash', '-c', script, 'bash', ...tools])
  const missing = stdout.split('\n').filter(Boolean)
  if (missing.length === 0) return
  throw new WorldError('tools-missing', `this lab uses programs that are not installed: ${missing.join(', ')}`, [
    '`labrun doctor` says how to install them, `labrun doctor --fix` does it',
  ])
}

async function runSteps(lab: Lab, world: World, emit: Emit, choices: LabRun): Promise<void> {
  const run: StepRun = {
    world,
    kinds: choices.kinds,
    emit,
    pace: choices.pace ?? {},
    signal: choices.signal,
    interruptible: choices.interruptible ?? ((work) => work(choices.signal)),
    withChecks: choices.withChecks ?? true,
    byChecks: choices.byChecks ?? false,
    checkOutcomes: new Map(),
    artefacts: choices.artefacts,
    patience: choices.patience,
    afterSetup: choices.afterSetup,
    remembered: new Map(),
    unseen: new Map(),
    untilLab: [],
  }
  await replay(choices.before ?? [], run)
  const outcomes = new Map<string, Status>()
  let network: Network | undefined
  for (const [index, step] of lab.steps.entries()) {
    if (choices.signal.aborted) break
    const followsFailure = [...outcomes].find(([, status]) => status !== 'passed')?.[0] ?? null
    if (choices.bail && followsFailure) break
    emit({ type: 'step-start', step: step.id, title: step.title, line: step.line, index, followsFailure })
    const blocked = step.needs.some((id) => outcomes.get(id) !== 'passed')
    if (!blocked) await run.pace.step?.(step)
    const status = blocked ? 'blocked' : await runStep(step, run)
    outcomes.set(step.id, status)
    emit({ type: 'step-end', step: step.id, status })
    if (isWanted(choices.withNetwork) && !choices.signal.aborted) {
      network = await readNetwork(world, network)
      emit({ type: 'network', step: step.id, network })
    }
    await choices.afterStep?.(step, run)
  }
  if (!choices.signal.aborted) await lookAround(lab, run)
  for (const ending of run.untilLab.toReversed()) await ending.end()
}

/** Nothing of what is done here belongs to the lab. */
async function lookAround({ steps }: Lab, run: StepRun): Promise<void> {
  for (const ending of run.untilLab) ending.letBe()
  const sight = lookAt(steps.at(-1)!, run)
  for (let more = await run.pace.end?.(sight); more; more = await run.pace.end?.(sight)) await runExtra(more, run)
}

function isWanted(choice: LabRun['withNetwork']): boolean {
  return typeof choice === 'function' ? choice() : choice === true
}
