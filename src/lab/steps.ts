import type { Filler } from './fill.ts'
import type { CheckItem, Item, Section, Step } from './lab.ts'
import type { ProblemList } from './problem.ts'
import type { Draft } from './sections.ts'
import { didYouMean } from './suggest.ts'

/** Makes steps of the sections that do something, gives them ids, and looks whether what they need exists. */
export function nameSteps(drafts: readonly Draft[], filler: Filler, problems: ProblemList): Section[] {
  const lines = new Map<string, number>()
  const checks = new Map<string, CheckItem>()
  return drafts.map((draft) => {
    if (!draft.items.some(isWork)) {
      if (draft.directive)
        problems.add({ line: draft.directive.line }, 'bad-directive', { reason: 'nothing is done in this section' })
      return { title: draft.title, line: draft.line, items: draft.items }
    }
    const step = toStep(draft, lines)
    const named = draft.directive?.line ?? draft.line
    if (filler.touched(named)) problems.add({ line: named }, 'param-in-id', {}, NAME_IT)
    for (const id of step.needs) {
      if (!lines.has(id))
        problems.add({ line: draft.directive!.line }, 'unknown-need', { id }, didYouMean(id, lines.keys()))
    }
    const given = pointsGiven(step)
    if (step.points !== undefined && given > step.points)
      problems.add({ line: named }, 'points-sum', { points: String(step.points), given: String(given) })
    const taken = lines.get(step.id)
    if (taken)
      problems.add({ line: draft.directive?.line ?? draft.line }, 'duplicate-step', {
        id: step.id,
        line: String(taken),
      })
    else lines.set(step.id, draft.line)
    for (const check of step.items.filter((item) => item.kind === 'check')) knowCheck(check, checks, problems)
    return step
  })
}

const NAME_IT = 'give it one under its heading, in which no param is used: `<!-- step: ID -->`'

function isWork(item: Item): boolean {
  return item.kind === 'block' || item.kind === 'check' || item.kind === 'question'
}

function toStep(draft: Draft, taken: ReadonlyMap<string, number>): Step {
  const { directive, title, line, items } = draft
  return {
    id: directive?.id ?? freeSlug(title, taken),
    title,
    line,
    items,
    experiments: directive?.experiments ?? [],
    points: directive?.points,
    needs: directive?.needs ?? [],
  }
}

/** What its checks and questions are worth of themselves. */
function pointsGiven({ items }: Step): number {
  const own = items.map((item) => (item.kind === 'check' || item.kind === 'question' ? (item.points ?? 0) : 0))
  return Number(own.reduce((sum, one) => sum + one, 0).toFixed(6))
}

/** As code hosts make anchors of headings; a number keeps apart what would be the same. */
function freeSlug(title: string, taken: ReadonlyMap<string, number>): string {
  const slug =
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '-')
      .replace(/^-|-$/g, '') || 'step'
  if (!taken.has(slug)) return slug
  let number = 1
  while (taken.has(`${slug}-${number}`)) number++
  return `${slug}-${number}`
}

function knowCheck(check: CheckItem, known: Map<string, CheckItem>, problems: ProblemList): void {
  for (const id of check.needs) {
    const needed = known.get(id)
    if (!needed) problems.add(check, 'unknown-check-need', { id }, didYouMean(id, known.keys()))
    else if (needed.hidden && !check.hidden) problems.add(check, 'needs-hidden', { id })
  }
  if (check.id) known.set(check.id, check)
}
