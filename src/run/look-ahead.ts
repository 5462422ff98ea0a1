import type { CheckItem, Step } from '../lab/lab.ts'
import type { Moment } from './recording-probe.ts'
import type { CheckResult } from './results.ts'
import { runCheck, watchesBlock } from './run-check.ts'
import type { StepRun } from './run-step.ts'

/** How many checks are looked at together. */
const MOST = 8

/**
 * Checks one below the other that only look at what is there need not wait for each other: the first of them looks at all, and
 * what several ask is asked once. What does not hold at once is looked at in its turn, as if nothing had been seen.
 */
export class LookAhead {
  readonly #seen = new Map<CheckItem, Promise<CheckResult | undefined>>()

  /** What was seen of a check that is made now; undefined: it has to be looked at. */
  async take(item: CheckItem, step: Step, run: StepRun): Promise<CheckResult | undefined> {
    if (!this.#seen.has(item)) this.#begin(together(item, step, run), run)
    const result = await this.#seen.get(item)
    if (result?.status === 'passed') return result
    // It may be waited for, and then the others are to be seen after it.
    this.#seen.clear()
    return undefined
  }

  #begin(items: readonly CheckItem[], run: StepRun): void {
    this.#seen.clear()
    if (items.length < 2) return
    const moment: Moment = new Map()
    for (const item of items) {
      const looking = runCheck(item, { ...run, moment, once: true })
      // Trouble with the world is met again in its turn.
      this.#seen.set(
        item,
        looking.then(
          ({ result }) => result,
          () => undefined,
        ),
      )
    }
  }
}

/** A check and those right below it, as far as none of them can see another or needs a person. */
function together(item: CheckItem, step: Step, run: StepRun): CheckItem[] {
  if (run.pace.check || run.pace.beforeCheck || run.pace.knows) return []
  const rest = step.items.slice(step.items.indexOf(item))
  const end = rest.findIndex((one) => one.kind !== 'check' || !onlyLooks(one, run))
  return (end < 0 ? rest : rest.slice(0, end)).filter((one) => one.kind === 'check').slice(0, MOST)
}

/** Whether it needs nothing of what others see, and sends and changes nothing. */
export function onlyLooks(item: CheckItem, { kinds }: Pick<StepRun, 'kinds'>): boolean {
  const kind = kinds.get(item.check)!
  const waitsForOthers = item.needs.length > 0 || JSON.stringify(item.spec).includes('{{')
  return !waitsForOthers && !watchesBlock(item, kinds) && !kind.sends(item.spec) && !kind.acts(item.spec)
}
