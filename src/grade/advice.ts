import type { Chained } from '../guide/journal.ts'
import type { Lab, Step } from '../lab/lab.ts'
import { type Status, worst } from '../run/results.ts'
import { printable } from '../submission/printable.ts'
import type { Advice } from '../submission/schema.ts'
import type { GradedStep } from './model.ts'
import { sharesOf } from './score.ts'

const NOTE = 'found out on the student’s own machine: advice for people, and no grade'

/** What a replay found out, in short. `steps` are as the lab has them; null where there was no world to replay it in. */
export function adviceOf(lab: Lab, steps: readonly GradedStep[] | null, trouble: string | null): Advice {
  const found = lab.steps.map((step) =>
    adviceOfStep(
      step,
      steps?.find(({ id }) => id === step.id),
    ),
  )
  const status = trouble === null ? worst(found.map((step) => step.status)) : 'error'
  return { labrun: 'advice', version: 1, note: NOTE, status, trouble: trouble && short(trouble), steps: found }
}

/** A step of which the student's session and the replay tell different things. */
export interface Difference {
  readonly step: Step
  /** Labels of the checks that held in the session, and what the replay has seen instead. */
  readonly checks: readonly { readonly label: string; readonly actual: string }[]
}

/** The steps whose checks all held in the student's session, and not in the replay. */
export function differencesOf(lab: Lab, advice: Advice, journal: readonly Chained[]): Difference[] {
  const held = new Map<string, string>()
  for (const entry of journal) {
    if (entry.type === 'start') held.clear()
    if (entry.type === 'check') held.set(`${entry.line}:${entry.column}`, entry.status)
  }
  return lab.steps.flatMap((step) => {
    const found = advice.steps.find(({ id }) => id === step.id)
    const checks = (found?.checks ?? []).filter(
      ({ line, column, status }) => status !== 'passed' && held.get(`${line}:${column}`) === 'passed',
    )
    return checks.length > 0 ? [{ step, checks }] : []
  })
}

function adviceOfStep(step: Step, found: GradedStep | undefined): Advice['steps'][number] {
  const seen = sharesOf(step).map(({ item }, index) => ({ item, result: found?.items[index] }))
  const checks = seen.flatMap(({ item, result }) => {
    if (item.kind !== 'check') return []
    const { check: kind, label, line, column } = item
    const status: Status = result?.status ?? 'skipped'
    const diagnosis = result?.diagnosis ? short(result.diagnosis) : null
    return [{ kind, label: short(label), line, column, status, actual: short(result?.actual ?? ''), diagnosis }]
  })
  const answers = seen.flatMap(({ item, result }) => {
    if (item.kind !== 'question') return []
    // In an edition nobody knows.
    const isKnown = item.answer !== undefined && (result?.status === 'passed' || result?.status === 'failed')
    return [{ line: item.line, right: isKnown ? result.status === 'passed' : null }]
  })
  const status = worst(checks.map((check) => check.status))
  return { id: step.id, status, checks, answers }
}

function short(text: string): string {
  const plain = printable(text)
  return plain.length > 1000 ? `${plain.slice(0, 1000)} …` : plain
}
