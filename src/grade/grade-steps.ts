import type { CheckItem, Item, Lab, Question, Step } from '../lab/lab.ts'
import type { CheckResult, Evidence, LabResult, Status } from '../run/results.ts'
import { isAbsent, worst } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import { shortened } from './commands-kept.ts'
import type { GradedCommand, GradedItem, GradedStep } from './model.ts'
import { pointsFor, rounded, type Share, sharesOf, sumOf } from './score.ts'
import type { Answered } from './student-pace.ts'

/** Characters of a text in a result, and how many programs of one check's evidence are kept. */
const TEXT = 8000
const PROGRAMS = 12

/** Gives points for what a replay of a lab has found out; what is not judged there is left out. */
export function gradeSteps(
  lab: Lab,
  result: LabResult,
  answers: ReadonlyMap<Question, Answered>,
  commands: ReadonlyMap<string, readonly GradedCommand[]>,
  isJudged: (item: Item) => boolean = () => true,
): GradedStep[] {
  const known: Known = { steps: new Map(), checks: new Map() }
  return lab.steps.map((step) => {
    const found = result.steps.find(({ id }) => id === step.id)
    const needed = together(step.needs.map((id) => known.steps.get(id)))
    const looks = new Map(lookedAt(step, found?.checks ?? [], needed, known))
    known.steps.set(step.id, together([...looks.values()].map(({ status }) => status)))
    const shares = sharesOf(step).filter(({ item }) => isJudged(item))
    const items = shares.map((share) =>
      share.item.kind === 'question'
        ? gradeQuestion(share, answers.get(share.item), needed)
        : gradeCheck(share, looks.get(share.item)!),
    )
    return gradedStep(step, items, commands.get(step.id) ?? [])
  })
}

/** A step made of its judged items. */
export function gradedStep(
  { id, title, line }: Pick<Step, 'id' | 'title' | 'line'>,
  items: readonly GradedItem[],
  commands: readonly GradedCommand[],
  carried = false,
): GradedStep {
  return {
    id,
    title,
    line,
    points: sumOf(items.map(({ points }) => points)),
    max: rounded(items.reduce((sum, { max }) => sum + max, 0)),
    status: worst(items.map(({ status }) => status)),
    carried,
    commands,
    items,
  }
}

/** What is known of what others may need, by id. */
interface Known {
  readonly steps: Map<string, Status>
  readonly checks: Map<string, Status>
}

/** What became of a check. */
interface Look {
  readonly seen: CheckResult | undefined
  readonly status: Status
}

/** What became of each check of a step; `needed`: of the steps that it needs. Those with an id are known from then on. */
function lookedAt(step: Step, results: readonly CheckResult[], needed: Status, { checks }: Known): [CheckItem, Look][] {
  return step.items.flatMap((item): [CheckItem, Look][] => {
    if (item.kind !== 'check') return []
    const seen = results.find(({ line, column }) => line === item.line && column === item.column)
    const status = seen?.status === 'blocked' ? blockedBy(item, needed, checks) : verdictOf(seen)
    if (item.id) checks.set(item.id, status)
    return [[item, { seen, status }]]
  })
}

/** Nobody knows of what needs something unknown: it might have been looked at. */
function blockedBy({ needs }: CheckItem, needed: Status, checks: ReadonlyMap<string, Status>): Status {
  const status = needed === 'passed' ? together(needs.map((id) => checks.get(id))) : needed
  return status === 'error' ? 'error' : 'blocked'
}

/** What needs all of these is `blocked` as soon as one has surely not passed, and an `error` where that is not known. */
function together(statuses: readonly (Status | undefined)[]): 'passed' | 'blocked' | 'error' {
  if (statuses.every((status) => status === 'passed')) return 'passed'
  return statuses.every((status) => status === 'passed' || status === 'error') ? 'error' : 'blocked'
}

function gradeCheck({ item, key, max }: Share, { seen, status }: Look): GradedItem {
  const { check, label, hidden } = item as CheckItem
  return {
    key,
    kind: check,
    label: text(label),
    hidden,
    status,
    points: pointsFor(status, max),
    max,
    expected: text(seen?.expected ?? ''),
    actual: text(seen?.actual || 'not looked at'),
    why: seen?.why ?? null,
    diagnosis: seen?.diagnosis ? text(seen.diagnosis) : null,
    evidence: (seen?.evidence ?? []).slice(0, PROGRAMS).map(bounded),
  }
}

/** What was never looked at is not known. That something is not there is known, and it was to be built. */
function verdictOf(seen: CheckResult | undefined): Status {
  if (!seen || seen.status === 'skipped') return 'error'
  return isAbsent(seen) ? 'failed' : seen.status
}

function gradeQuestion({ item, key, max }: Share, answered: Answered | undefined, needed: Status): GradedItem {
  const { ask, why } = item as Question
  const status: Status = answered?.status ?? (needed === 'blocked' ? 'blocked' : 'error')
  return {
    key,
    kind: 'question',
    label: text(ask),
    hidden: false,
    status,
    points: pointsFor(status, max),
    max,
    expected: text(answered?.expected ?? ''),
    actual: text(answered?.actual ?? 'not looked at'),
    why: why ?? null,
    diagnosis: null,
    evidence: [],
  }
}

function bounded({ command, status, output }: Evidence): Evidence {
  return { command: text(command), status, output: text(output) }
}

function text(raw: string): string {
  return shortened(sanitize(raw), TEXT).toWellFormed()
}
