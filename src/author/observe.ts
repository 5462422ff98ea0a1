import type { AnyCheck } from '../checks/check.ts'
import type { Remembered } from '../lab/expected.ts'
import type { Block, Lab, Step } from '../lab/lab.ts'
import type { BlockResult, LabResult } from '../run/results.ts'
import { type OpenWorld, runLab } from '../run/run-lab.ts'
import type { StepRun } from '../run/run-step.ts'
import type { World } from '../world/world.ts'

export interface ObserveChoices {
  readonly openWorld: OpenWorld
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly before: readonly Step[]
  readonly signal: AbortSignal
}

/** What a lab's commands did in one run. */
export interface Observation {
  readonly result: LabResult
  /** One for each block of the lab, in the order of the text. */
  readonly blocks: readonly BlockResult[]
  /** Indexes of the blocks, in the order in which their output was judged. */
  readonly order: readonly number[]
  /** The values of all names at the end. */
  readonly remembered: Remembered
}

export interface Hooks {
  readonly withChecks?: boolean
  readonly afterSetup?: (step: Step, run: StepRun) => Promise<void>
  readonly afterStep?: (step: Step, run: StepRun) => Promise<void>
}

/** The blocks of a lab, in the order of the text. */
export function blocksOf(lab: Lab): Block[] {
  return lab.steps.flatMap(({ items }) => items.filter((item) => item.kind === 'block'))
}

/** Runs a lab twice at the same time, in two fresh worlds that do not count alike. */
export async function observeTwice(
  lab: Lab,
  choices: ObserveChoices,
  hooks: (run: number) => Hooks = () => ({}),
): Promise<Observation[]> {
  return await Promise.all([
    observe(lab, choices, hooks(0)),
    observe(
      lab,
      { ...choices, openWorld: async (...what) => await movedOn(await choices.openWorld(...what)) },
      hooks(1),
    ),
  ])
}

async function observe(lab: Lab, choices: ObserveChoices, hooks: Hooks): Promise<Observation> {
  const places = new Map(blocksOf(lab).map(({ line }, index) => [line, index]))
  const order: number[] = []
  let remembered: Remembered = new Map()
  const result = await runLab(lab, {
    ...choices,
    ...hooks,
    emit: (event) => {
      if (event.type === 'block-end') order.push(places.get(event.result.line)!)
    },
    afterStep: async (step, run) => {
      remembered = run.remembered
      await hooks.afterStep?.(step, run)
    },
  })
  return { result, blocks: result.steps.flatMap(({ blocks }) => blocks), order, remembered }
}

/**
 * A world in which the kernel has given out some numbers already: what a lab prints of its processes and devices is
 * then seen not to be the same everywhere.
 */
async function movedOn(world: World): Promise<World> {
  const [device, other] = ['labrun-a', 'labrun-b']
  const script = `for i in {1..60}; do ( : ); done; ip link add ${device} type veth peer name ${other} && ip link del ${device}`
  await world.probe('host', ['bash', '-c', script], { amongStudents: true })
  return world
}
