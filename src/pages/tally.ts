import type { Graded, GradedItem, GradedStep } from '../grade/model.ts'
import type { Status } from '../run/results.ts'
import { Causes, causeOf } from './causes.ts'

/** What is known of one item over the whole class. */
export interface ItemTally {
  readonly key: string
  /** `2.3`: the third item of the second step. */
  readonly number: string
  /** As the first student had it; parameters may differ. */
  readonly label: string
  readonly hidden: boolean
  readonly statuses: Record<Status, number>
  /** Together, over all that have points. */
  points: number
  max: number
  readonly causes: Causes
}

export interface StepTally {
  readonly id: string
  readonly title: string
  readonly items: Map<string, ItemTally>
}

/** Somebody who needs a person to look, and why. */
export interface Notable {
  readonly graded: Pick<Graded, 'student' | 'bundle' | 'status' | 'reason' | 'leads'>
  readonly link: string | null
}

/** A class in numbers: its size depends on the lab, not on the number of students. */
export class Tally {
  readonly statuses: Record<Graded['status'], number> = { graded: 0, 'needs-staff': 0, refused: 0 }
  readonly steps = new Map<string, StepTally>()
  /** Students by points, rounded to hundredths. */
  readonly points = new Map<number, number>()
  /** The first of them; the table of all has the rest. */
  readonly notable: Notable[] = []
  readonly suspected: Notable[] = []
  late = 0
  leads = 0
  limits = 0
  max = 0

  add(graded: Graded, link: string | null): void {
    this.statuses[graded.status]++
    if (graded.late) this.late++
    if (graded.leads.length > 0) this.leads++
    if (graded.limits.length > 0) this.limits++
    if (graded.status !== 'graded') keep(this.notable, graded, link)
    if (graded.leads.length > 0) keep(this.suspected, graded, link)
    if (graded.points !== null) {
      const points = Math.round(graded.points * 100) / 100
      this.points.set(points, (this.points.get(points) ?? 0) + 1)
      this.max = Math.max(this.max, graded.max)
    }
    for (const step of graded.steps) this.#addStep(step)
  }

  get items(): ItemTally[] {
    return [...this.steps.values()].flatMap(({ items }) => [...items.values()])
  }

  /** Of the points; null where nobody has any. */
  get mean(): number | null {
    let [sum, students] = [0, 0]
    for (const [points, number] of this.points) {
      sum += points * number
      students += number
    }
    return students > 0 ? sum / students : null
  }

  get median(): number | null {
    const sorted = [...this.points].toSorted(([a], [b]) => a - b)
    const students = sorted.reduce((sum, [, number]) => sum + number, 0)
    if (students === 0) return null
    return (placed(sorted, Math.floor((students - 1) / 2)) + placed(sorted, Math.floor(students / 2))) / 2
  }

  #addStep({ id, title, items }: GradedStep): void {
    const step = this.steps.get(id) ?? { id, title, items: new Map<string, ItemTally>() }
    this.steps.set(id, step)
    for (const item of items) addItem(step, [...this.steps.keys()].indexOf(id) + 1, item)
  }
}

/** The value at a place, counted from 0, where each value stands with how often it is there. */
function placed(sorted: readonly (readonly [number, number])[], place: number): number {
  let before = 0
  for (const [value, number] of sorted) {
    before += number
    if (before > place) return value
  }
  return Number.NaN
}

const MOST_KEPT = 100

function keep(list: Notable[], { student, bundle, status, reason, leads }: Graded, link: string | null): void {
  if (list.length >= MOST_KEPT) return
  list.push({ graded: { student, bundle, status, reason, leads: leads.slice(0, 5) }, link })
}

function addItem(step: StepTally, stepNumber: number, item: GradedItem): void {
  let tally = step.items.get(item.key)
  if (!tally) {
    tally = {
      key: item.key,
      number: `${stepNumber}.${step.items.size + 1}`,
      label: item.label,
      hidden: item.hidden,
      statuses: { passed: 0, failed: 0, blocked: 0, error: 0, skipped: 0 },
      points: 0,
      max: 0,
      causes: new Causes(),
    }
    step.items.set(item.key, tally)
  }
  tally.statuses[item.status]++
  if (item.points !== null) {
    tally.points += item.points
    tally.max += item.max
  }
  if (item.status === 'failed') tally.causes.add(causeOf(item))
}
