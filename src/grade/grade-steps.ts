import type { CheckItem, Item, Lab, Question, Step } from '../lab/lab.ts'
import type { CheckResult, Evidence, LabResult, Status } from '../run/results.ts'
import { worst } from '../run/results.ts'
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
  return lab.steps.map((step) => {
    const found = result.steps.find(({ id }) => id === step.id)
    const checks = found?.checks ?? []
    const errors = new Set(step.items.filter((item) => item.kind === 'check' && hasError(item, checks)))
    const shares = sharesOf(step).filter(({ item }) => isJudged(item))
    const items = shares.map((share) => {
      const { item } = share
      if (item.kind === 'question') return gradeQuestion(share, answers.get(item), found?.status === 'blocked')
      const seen = checks.find((one) => one.line === item.line && one.column === item.column)
      const excused = item.needs.some((id) => [...errors].some((one) => one.kind === 'check' && one.id === id))
      return gradeCheck(share, seen, seen?.status === 'blocked' && excused)
    })
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

function hasError(item: CheckItem, results: readonly CheckResult[]): boolean {
  const result = results.find(({ line, column }) => line === item.line && column === item.column)
  return result !== undefined && verdictOf(result) === 'error'
}

function gradeCheck({ item, key, max }: Share, seen: CheckResult | undefined, excused: boolean): GradedItem {
  const { check, label, hidden } = item as CheckItem
  const status = excused ? 'error' : verdictOf(seen)
  return {
    key,
    kind: check,
    label: text(label),
    hidden,
    status,
    points: pointsFor(status, max),
    max,
    expected: text(seen?.expected ?? ''),
    actual: text(seen?.actual ?? 'not looked at'),
    why: seen?.why ?? null,
    diagnosis: seen?.diagnosis ? text(seen.diagnosis) : null,
    evidence: (seen?.evidence ?? []).slice(0, PROGRAMS).map(bounded),
  }
}

/** What was never looked at is not known. That something is not there is known, and it was to be built. */
function verdictOf(seen: CheckResult | undefined): Status {
  if (!seen || seen.status === 'skipped') return 'error'
  const { status, cause } = seen
  return status === 'error' && (cause === 'missing-namespace' || cause === 'missing-device') ? 'failed' : status
}

function gradeQuestion({ item, key, max }: Share, answered: Answered | undefined, blocked: boolean): GradedItem {
  const { ask, why } = item as Question
  const status: Status = answered?.status ?? (blocked ? 'blocked' : 'error')
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
