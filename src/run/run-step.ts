import type { AnyCheck } from '../checks/check.ts'
import type { Remembered } from '../lab/expected.ts'
import type { Block, CheckItem, Item, Step } from '../lab/lab.ts'
import { readNetwork } from '../topology/network.ts'
import type { World } from '../world/world.ts'
import type { Emit } from './events.ts'
import { countedBlocks } from './left-out.ts'
import { LookAhead, onlyLooks } from './look-ahead.ts'
import { type Before, makeCheck } from './make-check.ts'
import { withoutTraces } from './neighbours.ts'
import type { Interruptible, Pace, Sight } from './pace.ts'
import type { Moment } from './recording-probe.ts'
import { type BlockResult, type CheckResult, type Status, worst } from './results.ts'
import { startBackground } from './run-background.ts'
import { mayStart, runBlock, runExtra, runMore, unseenWithout } from './run-block.ts'
import { armCheck, endWatch, joined, runCheck, type Watch, watchesBlock } from './run-check.ts'

/** What the steps of one run share. */
export interface StepRun {
  readonly world: World
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly emit: Emit
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly interruptible: Interruptible
  /** False where only the commands count: what comes before the place that is wanted. */
  readonly withChecks: boolean
  /** Only checks decide how a step has ended: its commands are somebody else's. */
  readonly byChecks: boolean
  /** How the checks that have an id ended. */
  readonly checkOutcomes: Map<string, Status>
  readonly artefacts: string | undefined
  /** Milliseconds for which the reason of a failure is looked for; undefined: as long as a person waits. */
  readonly patience: number | undefined
  /** Called when a step was set up and nothing else of it was done. */
  readonly afterSetup: ((step: Step, run: StepRun) => Promise<void>) | undefined
  remembered: Remembered
  /**
   * Values that the outputs of commands would have shown which the student has done without: the placeholder of each, by its
   * name. There a check takes what it sees.
   */
  readonly unseen: Map<string, string>
  /** Background blocks that end with the lab. */
  readonly untilLab: Ending[]
}

/** Of a background block. */
interface Ending {
  end(): Promise<void>
  /** Whether it ends by itself from here on says nothing. */
  letBe(): void
}

/**
 * Goes through one step: what sets it up, then the rest in the order of its text. The only way in which anything of a
 * lab is executed.
 */
export async function runStep(step: Step, run: StepRun): Promise<Status> {
  const progress: Progress = { blocks: [], checks: [], endings: [], watches: new Map(), ahead: new LookAhead() }
  const isSetup = (item: Item) => item.kind === 'block' && item.role === 'setup'
  for (const item of step.items.filter(isSetup)) await runItem(item, step, run, progress)
  await run.afterSetup?.(step, run)
  for (const item of step.items.filter((one) => !isSetup(one))) {
    if (run.signal.aborted) break
    await runItem(item, step, run, progress)
  }
  for (const ending of progress.endings.toReversed()) await ending.end()
  const { blocks, checks } = progress
  const counted = run.byChecks ? [] : countedBlocks(blocks, checks)
  const statuses = [...counted, ...checks].map(({ status }) => status)
  return run.signal.aborted ? worst([...statuses, 'skipped']) : worst(statuses)
}

interface Progress {
  readonly blocks: BlockResult[]
  readonly checks: CheckResult[]
  /** Of the background blocks that end with the step. */
  readonly endings: Ending[]
  readonly watches: Map<CheckItem, Watch>
  readonly ahead: LookAhead
}

async function runItem(item: Item, step: Step, run: StepRun, progress: Progress): Promise<void> {
  const askPace = async () => await run.pace.item?.(item, step, lookAt(step, run))
  for (let first = await askPace(); first; first = await askPace()) await runExtra(first, run)
  if (item.kind === 'block') await runBlockItem(item, step, run, progress)
  else if (item.kind === 'check' && run.withChecks) {
    const { watches, ahead } = progress
    const around = { watch: watches.get(item), ahead, before: madeBefore(item, step, run, progress) }
    const made = await makeCheck(item, step, run, around)
    for (const result of made) keepCheck(result, progress.checks)
  }
}

async function runBlockItem(item: Block, step: Step, run: StepRun, progress: Progress): Promise<void> {
  const { line, terminal, role, background, sealed } = item
  run.emit({ type: 'block-start', line, terminal, role: sealed ? 'sealed' : role, background })
  const watching = run.withChecks ? checksAfter(step, item).filter((check) => watchesBlock(check, run.kinds)) : []
  const arm = async () => {
    const moment: Moment = new Map()
    // One after the other, so that what they keep is numbered in the order of the text.
    for (const check of watching.filter((one) => !run.pace.knows?.(one, step)))
      progress.watches.set(check, await armCheck(check, { ...run, moment }))
  }
  if (background) {
    let armed = false
    const armOnce = async () => {
      if (!armed) await arm()
      armed = true
    }
    if (!(await mayStart(item, step, run, armOnce))) return
    await armOnce()
    const ending = await launch(item, run, (result) => progress.blocks.push(result))
    if (item.until === 'lab') run.untilLab.push(ending)
    else progress.endings.push(ending)
    await runMore(item, step, run)
    return
  }
  const result = await runBlock(item, step, run, arm)
  const moment: Moment = new Map()
  for (const check of watching) {
    const watch = progress.watches.get(check)
    if (watch) progress.watches.set(check, await endWatch(check, watch, { ...run, moment }))
  }
  run.emit({ type: 'block-end', result })
  progress.blocks.push(result)
}

/** What a pace may know of the world at its place. */
export function lookAt(step: Step, run: StepRun): Sight {
  const blocks = step.items.filter((item) => item.kind === 'block')
  const unseen = new Map([...run.unseen, ...blocks.flatMap((block) => [...unseenWithout(block)])])
  return {
    remembered: run.remembered,
    died: run.world.died,
    network: async () => await readNetwork(run.world),
    evaluate: async (command) => (await run.world.probe('host', ['bash', '-c', command])).stdout.trim(),
    visit: (...visit) => run.world.visit(...visit),
    leaveShell: async (terminal) => void (await run.world.run(terminal, 'exit', { timeout: 10_000 })),
    isOutside: (name) => run.world.isOutside(name),
    watches: (item) => watchesBlock(item, run.kinds),
    watch: async (item, earlier) => {
      const watch = await armCheck(item, run)
      return [watch, ...earlier.map((one) => joined(item, one, watch, run))]
    },
    sends: (item) => run.kinds.get(item.check)!.sends(item.spec),
    onlyLooks: (item) => onlyLooks(item, run),
    asksWhy: (item) => run.kinds.get(item.check)!.question(item.spec) !== undefined,
    look: async (item, { watch, ...how }) => {
      const look = async () => await runCheck(item, { ...run, ...how, unseen }, watch)
      return (await (how.once ? look() : withoutTraces(item, run, look))).result
    },
  }
}

async function launch(block: Block, run: StepRun, keep: (result: BlockResult) => void): Promise<Ending> {
  const started = await startBackground(block, run)
  const end = async () => {
    const result = await started.end()
    run.emit({ type: 'block-end', result })
    keep(result)
  }
  if (started.ready) return { end, letBe: started.letBe }
  await end()
  return { end: async () => {}, letBe: () => {} }
}

/** The checks since the last block, as they were made. */
function madeBefore(item: CheckItem, step: Step, run: StepRun, { checks }: Progress): Before[] {
  const above = step.items.slice(0, step.items.indexOf(item))
  const since = above.slice(above.findLastIndex(({ kind }) => kind === 'block') + 1)
  const held = (one: CheckItem) =>
    checks.some(({ line, column, status }) => line === one.line && column === one.column && status === 'passed')
  return since
    .filter((one) => one.kind === 'check')
    .map((one) => ({ item: one, held: held(one), watches: watchesBlock(one, run.kinds) }))
}

/** A verdict takes the place of an older one. */
function keepCheck(result: CheckResult, checks: CheckResult[]): void {
  const index = checks.findIndex(({ line, column }) => line === result.line && column === result.column)
  checks.splice(index < 0 ? checks.length : index, index < 0 ? 0 : 1, result)
}

/** The checks between a block and the next one. */
function checksAfter(step: Step, block: Block): CheckItem[] {
  const rest = step.items.slice(step.items.indexOf(block) + 1)
  const next = rest.findIndex((item) => item.kind === 'block')
  return (next < 0 ? rest : rest.slice(0, next)).filter((item) => item.kind === 'check')
}
