import type { CheckItem, Item, Lab, Question, Step } from '../lab/lab.ts'
import type { Work } from '../submission/work.ts'
import { gradedStep } from './grade-steps.ts'
import type { GradedStep } from './model.ts'
import { isGuard, pointsFor, sharesOf } from './score.ts'

/** Whether a step did not pass after one that did not, and the student has done something in it that may be worth points. */
export function mayBeCarried(index: number, steps: readonly GradedStep[], work: Work): boolean {
  const step = steps[index]!
  if (step.status === 'passed' || step.max === 0) return false
  if (steps.slice(0, index).every(({ status }) => status === 'passed')) return false
  return work.steps.some(({ id, commands, answers }) => id === step.id && commands.length + answers.length > 0)
}

/** The lab up to a step, in which nothing before it is judged and the step needs nothing. */
export function carriedLab(lab: Lab, index: number): Lab {
  const steps = lab.steps.slice(0, index + 1).map((step, place) => (place < index ? reference(step) : alone(step)))
  return { ...lab, sections: steps, steps }
}

/**
 * The better of two judgements for each item; what passed on the reference state only is worth `factor`. An answer that has nothing to
 * do with the state is worth all its points. A guard holds on the reference state by itself, so it counts there only beside something
 * that the student has reached.
 */
export function mergeCarried(step: Step, first: GradedStep, again: GradedStep, factor: number): GradedStep {
  const kinds = sharesOf(step).map(({ item }) => item)
  const hasReached = again.items.some(({ status }, place) => status === 'passed' && isReached(kinds[place]!))
  const items = first.items.map((item, place) => {
    const [other, kind] = [again.items[place]!, kinds[place]!]
    if (item.status === 'passed' || (isGuard(kind) && !hasReached)) return item
    return { ...other, points: pointsFor(other.status, item.max, isPlainQuestion(kind) ? 1 : factor) }
  })
  return gradedStep(first, items, again.commands, true)
}

/** Whether it passes only if the student has done something about the network of this step. */
function isReached(item: CheckItem | Question): boolean {
  return !isGuard(item) && !isPlainQuestion(item)
}

function isPlainQuestion(item: Item): boolean {
  if (item.kind !== 'question') return false
  return typeof item.answer !== 'object' || item.answer === null || Array.isArray(item.answer)
}

/** Only what a later check may refer to is still looked at. */
function reference(step: Step): Step {
  return { ...step, needs: [], items: step.items.filter((item) => isDone(item) || remembers(item)) }
}

function isDone({ kind }: Item): boolean {
  return kind === 'block'
}

function remembers(item: Item): boolean {
  return item.kind === 'check' && /<[\w-]+:\w+>/.test(item.label)
}

function alone(step: Step): Step {
  const ids = new Set(step.items.flatMap((item) => (item.kind === 'check' && item.id ? [item.id] : [])))
  const items = step.items.map((item) =>
    item.kind === 'check' ? { ...item, needs: item.needs.filter((id) => ids.has(id)) } : item,
  )
  return { ...step, needs: [], items }
}
