import type { CheckItem, Step } from '../lab/lab.ts'
import type { LookAhead } from './look-ahead.ts'
import { withoutTraces } from './neighbours.ts'
import type { Extra } from './pace.ts'
import type { CheckResult } from './results.ts'
import { runExtra } from './run-block.ts'
import { goingOn, runCheck, type Watch } from './run-check.ts'
import type { StepRun } from './run-step.ts'

interface Around {
  readonly watch: Watch | undefined
  readonly ahead: LookAhead
  /** The checks between the last block and this one. */
  readonly before: readonly Before[]
}

/** A check that was made: what is typed for one below it must not undo it, and may do what it asks for. */
export interface Before {
  readonly item: CheckItem
  readonly held: boolean
  /** It is about commands, and not about what is there. */
  readonly watches: boolean
}

/** Makes a check until the pace goes on; resolves to its verdict, and to those of others that it has changed. */
export async function makeCheck(
  item: CheckItem,
  step: Step,
  run: StepRun,
  { watch, ahead, before }: Around,
): Promise<CheckResult[]> {
  const failed = item.needs.find((id) => run.checkOutcomes.get(id) !== 'passed')
  const changed = new Map<CheckItem, CheckResult>()
  let isTouched = false
  let current = watch
  for (let first = await run.pace.beforeCheck?.(item, step); first; first = await run.pace.beforeCheck?.(item, step)) {
    await runExtra(first, run)
    isTouched = true
    current = goingOn(watch)
  }
  for (;;) {
    run.emit({ type: 'check-start', kind: item.check, line: item.line, label: item.label })
    const known = failed ? blockedBy(failed, item) : run.pace.knows?.(item, step)
    const result = known ?? (await ahead.take(item, step, run)) ?? (await lookAndRemember(item, run, current))
    run.emit({ type: 'check-end', result })
    let choice = (await run.pace.check?.(result, item, step)) ?? 'go-on'
    if (choice === 'go-on' && result.status === 'passed' && isTouched)
      choice = await lookAgain(before, step, run, { changed, at: item })
    if (choice === 'go-on') {
      if (item.id) run.checkOutcomes.set(item.id, result.status)
      return [...changed.values(), result]
    }
    if (choice !== 'again') await runExtra(choice, run)
    isTouched = true
    // What the student has done since counts too.
    current = goingOn(watch)
  }
}

/** Tells of the first that holds no more, and of each that holds again, or now. */
async function lookAgain(
  before: readonly Before[],
  step: Step,
  run: StepRun,
  { changed, at }: { readonly changed: Map<CheckItem, CheckResult>; readonly at: CheckItem },
): Promise<'go-on' | 'again' | Extra> {
  for (const { item, ...then } of before) {
    const held = changed.has(item) ? changed.get(item)!.status === 'passed' : then.held
    const result = await nowOf(item, { ...then, held }, step, run)
    if (!result || (result.status === 'passed') === held) continue
    changed.set(item, result)
    if (item.id) run.checkOutcomes.set(item.id, result.status)
    run.emit({ type: 'check-end', result })
    const choice = (await run.pace.check?.(result, item, step, at)) ?? 'go-on'
    if (choice !== 'go-on') return choice
  }
  return 'go-on'
}

/** Its verdict as it is now; undefined: nothing is to be found out. */
async function nowOf(
  item: CheckItem,
  { held, watches }: Omit<Before, 'item'>,
  step: Step,
  run: StepRun,
): Promise<CheckResult | undefined> {
  const known = run.pace.knows?.(item, step)
  if (watches) return held ? undefined : known
  if (known || item.needs.some((id) => run.checkOutcomes.get(id) !== 'passed')) return undefined
  // Why it does not hold was said before.
  return await lookAndRemember(item, run, undefined, !held)
}

async function lookAndRemember(
  item: CheckItem,
  run: StepRun,
  watch: Watch | undefined,
  once = false,
): Promise<CheckResult> {
  const look = async () => await run.interruptible((signal) => runCheck(item, { ...run, signal, once }, watch))
  const { result, remembered } = await (run.pace.check ? withoutTraces(item, run, look) : look())
  run.remembered = remembered
  return result
}

function blockedBy(id: string, { check, line, column, label, why }: CheckItem): CheckResult {
  const actual = `not looked at, because the check ${id} that it needs did not pass`
  return {
    kind: check,
    line,
    column,
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
