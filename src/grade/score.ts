import type { CheckItem, Question, Step } from '../lab/lab.ts'
import type { Status } from '../run/results.ts'

/** A check or a question, its name in the results, and what it is worth. */
export interface Share {
  readonly item: CheckItem | Question
  readonly key: string
  readonly max: number
}

/**
 * What the checks and questions of a step are worth, in the order of the text. `points` of an item are its own; what is
 * left of the step's is shared equally by the others; a step that says nothing gives 1 for each. A guard holds before anything is done, so
 * it is worth something only where the author says so.
 */
export function sharesOf(step: Step): Share[] {
  const items = step.items.filter((item) => item.kind === 'check' || item.kind === 'question')
  const sharing = items.filter((item) => item.points === undefined && !isGuard(item))
  const given = items.reduce((sum, item) => sum + (item.points ?? 0), 0)
  const each = step.points === undefined ? 1 : Math.max(0, step.points - given) / Math.max(1, sharing.length)
  const counts = new Map<string, number>()
  return items.map((item) => {
    const kind = item.kind === 'check' ? item.check : 'question'
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    const name = (item.kind === 'check' && item.id) || `${kind}-${number}`
    return { item, key: `${step.id}/${name}`, max: item.points ?? (isGuard(item) ? 0 : each) }
  })
}

/** What one verdict gives, of at most `max`; null where nothing is known, which is never zero. */
export function pointsFor(status: Status, max: number, factor = 1): number | null {
  if (max === 0) return 0
  if (status === 'passed') return max * factor
  return status === 'failed' || status === 'blocked' ? 0 : null
}

/** The sum, or null as soon as one of them is not known. */
export function sumOf(points: readonly (number | null)[]): number | null {
  return points.some((one) => one === null) ? null : rounded(points.reduce<number>((sum, one) => sum + one!, 0))
}

/** Thirds add up to a whole again. */
export function rounded(points: number): number {
  return Math.round(points * 1e4) / 1e4
}

/** As people read points: at most two digits after the point. */
export function pointsText(points: number | null): string {
  return points === null ? '' : String(Math.round((points + Number.EPSILON) * 100) / 100)
}

/** Whether it holds before anything is done. */
export function isGuard(item: CheckItem | Question): boolean {
  return item.kind === 'check' && item.guards
}
