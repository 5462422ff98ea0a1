import type { GradedItem } from '../grade/model.ts'

/** Why checks failed, over the whole class. */
export interface Cause {
  readonly text: string
  students: number
  /** How many students it hit in which item. */
  readonly items: Map<string, number>
}

/** Different causes that are counted at the same time. */
const MOST = 500
const LONGEST = 200

/**
 * Counts causes in a memory that does not grow, whatever students make the grader see (Misra and Gries): if there are
 * too many different ones, all lose one, and those at zero go. So rare causes get lost, frequent ones stay.
 */
export class Causes {
  readonly #causes = new Map<string, Cause>()
  #lost = false

  /** Adds what one student's items failed for. */
  add(items: readonly GradedItem[]): void {
    const texts = new Map<string, string[]>()
    for (const item of items) texts.set(causeOf(item), [...(texts.get(causeOf(item)) ?? []), item.key])
    for (const [text, keys] of texts) this.#count(text, keys)
  }

  /** The most frequent first. */
  top(number: number): readonly Cause[] {
    return [...this.#causes.values()].toSorted((a, b) => b.students - a.students).slice(0, number)
  }

  /** Some were too many to be counted: then numbers are lower bounds. */
  get atLeast(): boolean {
    return this.#lost
  }

  #count(text: string, keys: readonly string[]): void {
    const cause = this.#causes.get(text) ?? { text, students: 0, items: new Map<string, number>() }
    if (cause.students === 0 && this.#causes.size >= MOST) this.#loseOneEach()
    else {
      cause.students++
      for (const key of keys) cause.items.set(key, (cause.items.get(key) ?? 0) + 1)
      this.#causes.set(text, cause)
    }
  }

  #loseOneEach(): void {
    this.#lost = true
    for (const cause of this.#causes.values()) {
      cause.students--
      if (cause.students === 0) this.#causes.delete(cause.text)
    }
  }
}

/**
 * Why an item failed, in a form that is the same for all students: values that differ from student to student (addresses,
 * ports, names) are replaced by what they are. What was answered to a question stays as it is.
 */
export function causeOf({ kind, diagnosis, actual }: GradedItem): string {
  const line = (diagnosis || actual).trim().split('\n')[0]!.slice(0, LONGEST)
  if (kind === 'question') return line === '' || line === 'no answer' ? 'no answer' : `the answer: ${line}`
  if (line === '') return 'nothing was seen'
  return line
    .replace(/'[^']{1,40}'/g, '<name>')
    .replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>')
    .replace(/\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:\/\d{1,3})?(?![\w:])/gi, '<ip6>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}\b/g, '<subnet>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>')
    .replace(/(?<![\w.-])\d{3,}(?![\w-]|\.\d)/g, '<num>')
}
