import type { AnyCheck } from '../checks/check.ts'
import type { Remembered } from '../lab/expected.ts'
import type { Block, CheckItem, Step } from '../lab/lab.ts'
import type { World } from '../world/world.ts'
import type { Emit } from './events.ts'
import type { Pace } from './pace.ts'
import { type BlockResult, type CheckResult, type Status, worst } from './results.ts'
import { runBlock, runExtra, startBackground } from './run-block.ts'
import { armCheck, runCheck, type Watch, watchesBlock } from './run-check.ts'

/** What the steps of one run share. */
export interface StepRun {
  readonly world: World
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly emit: Emit
  readonly pace: Pace
  readonly signal: AbortSignal
  readonly commandSignal: () => AbortSignal
  /** False where only the commands count: what comes before the place that is wanted. */
  readonly withChecks: boolean
  /** How the checks that have an id ended. */
  readonly checkOutcomes: Map<string, Status>
  readonly artefacts: string | undefined
  remembered: Remembered
  /** Background blocks that end with the lab. */
  readonly untilLab: (() => Promise<void>)[]
}

/** Goes through one step in the order of its text. The only way in which anything of a lab is executed. */
export async function runStep(step: Step, run: StepRun): Promise<Status> {
  const statuses: Status[] = []
  const endings: (() => Promise<void>)[] = []
  const watches = new Map<CheckItem, Watch>()
  for (const [index, item] of step.items.entries()) {
    if (run.signal.aborted) break
    await run.pace.item?.(item, step)
    if (item.kind === 'block') {
      run.emit({
        type: 'block-start',
        line: item.line,
        terminal: item.terminal,
        role: item.role,
        background: item.background,
      })
      const arm = async () => {
        if (!run.withChecks) return
        for (const check of checksAfter(step, index)) {
          if (watchesBlock(check, run.kinds)) watches.set(check, await armCheck(check, run))
        }
      }
      if (item.background) {
        await arm()
        const keep = (result: BlockResult) => statuses.push(result.status)
        const ending = await launch(item, run, keep)
        if (item.until === 'lab') run.untilLab.push(ending)
        else endings.push(ending)
        continue
      }
      const result = await runBlock(item, step, run, arm)
      run.emit({ type: 'block-end', result })
      statuses.push(result.status)
    } else if (item.kind === 'check' && run.withChecks) {
      const result = await makeCheck(item, step, run, watches.get(item))
      statuses.push(result.status)
    }
  }
  for (const ending of endings.toReversed()) await ending()
  return run.signal.aborted ? worst([...statuses, 'skipped']) : worst(statuses)
}

async function launch(block: Block, run: StepRun, keep: (result: BlockResult) => void): Promise<() => Promise<void>> {
  const end = await startBackground(block, run)
  return async () => {
    const result = await end()
    run.emit({ type: 'block-end', result })
    keep(result)
  }
}

/** The checks between a block and the next one. */
function checksAfter(step: Step, index: number): CheckItem[] {
  const rest = step.items.slice(index + 1)
  const next = rest.findIndex((item) => item.kind === 'block')
  return (next < 0 ? rest : rest.slice(0, next)).filter((item) => item.kind === 'check')
}

async function makeCheck(item: CheckItem, step: Step, run: StepRun, watch: Watch | undefined): Promise<CheckResult> {
  run.emit({ type: 'check-start', kind: item.check, line: item.line, label: item.label })
  const failed = item.needs.find((id) => run.checkOutcomes.get(id) !== 'passed')
  for (;;) {
    const result = failed ? blockedBy(failed, item) : await lookAndRemember(item, run, watch)
    run.emit({ type: 'check-end', result })
    const choice = result.status === 'passed' ? 'go-on' : ((await run.pace.check?.(result, item, step)) ?? 'go-on')
    if (choice === 'go-on') {
      if (item.id) run.checkOutcomes.set(item.id, result.status)
      return result
    }
    if (choice !== 'again') await runExtra(choice, run)
  }
}

async function lookAndRemember(item: CheckItem, run: StepRun, watch: Watch | undefined): Promise<CheckResult> {
  const { result, remembered } = await runCheck(item, run, watch)
  run.remembered = remembered
  return result
}

function blockedBy(id: string, { check, line, label, why }: CheckItem): CheckResult {
  const actual = `not looked at, because the check ${id} that it needs did not pass`
  return {
    kind: check,
    line,
    label,
    status: 'blocked',
    expected: '',
    actual,
    evidence: [],
    why: why ?? null,
    diagnosis: null,
    tries: 0,
    duration: 0,
  }
}
