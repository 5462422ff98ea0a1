import { checks } from '../checks/index.ts'
import type { CheckItem, Item, Lab, Step } from '../lab/lab.ts'
import type { Machine } from '../machine/machine.ts'
import { RunStopped } from '../run/pace.ts'
import { watchesBlock } from '../run/run-check.ts'
import { runLab } from '../run/run-lab.ts'
import { World } from '../world/world.ts'
import { gradeSteps } from './grade-steps.ts'
import { type Attempt, DIAGNOSIS } from './grade-submission.ts'

/**
 * Judges the present state of a student's machine by the checks of a lab. Nothing of the lab is typed there: what cannot be judged
 * so is left out, and what it is worth with it. Rejects with RunStopped when it is interrupted.
 */
export async function gradeLive(lab: Lab, machine: Machine, signal: AbortSignal): Promise<Attempt> {
  const looked = liveLab(lab)
  const result = await runLab(looked, {
    openWorld: async () => await World.look(machine),
    kinds: checks,
    signal,
    byChecks: true,
    patience: DIAGNOSIS,
    emit: () => {},
  })
  if (signal.aborted) throw new RunStopped()
  const steps = gradeSteps(lab, result, new Map(), new Map(), (item) => isJudgedLive(item, lab))
  return { steps, limits: notJudged(lab), network: null, trouble: result.trouble }
}

/** Whether something of a lab can be judged on a live machine. */
export function isJudgedLive(item: Item, lab: Lab): boolean {
  return item.kind === 'check' && whyNotLive(item, lab) === null
}

/** What of a lab cannot be judged on a live machine, and why. */
function notJudged(lab: Lab): string[] {
  return lab.steps.flatMap(({ title, items }) =>
    items.flatMap((item) => {
      if (item.kind === 'question') return [`not judged (step "${title}"): a question`]
      const reason = item.kind === 'check' ? whyNotLive(item, lab) : null
      return reason === null || item.kind !== 'check' ? [] : [`not judged (step "${title}"): ${item.label}: ${reason}`]
    }),
  )
}

function whyNotLive(item: CheckItem, { world }: Lab): string | null {
  const { label } = item
  if (watchesBlock(item, checks)) return 'it watches commands, and none are run'
  if (world.lan && /\b(client|server|gateway)\b/.test(label))
    return 'it is about a machine that is there in a world only'
  return null
}

function liveLab(lab: Lab): Lab {
  const steps = lab.steps.map((step): Step => {
    const items = step.items.filter((item) => isJudgedLive(item, lab))
    return { ...step, needs: [], items: items.map((item) => ({ ...item, needs: [] }) as CheckItem) }
  })
  return { ...lab, world: { lan: undefined }, machine: 'any', sections: steps, steps }
}
