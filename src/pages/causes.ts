import type { GradedItem } from '../grade/model.ts'

export interface Cause {
  readonly text: string
  readonly students: number
}

/** Different causes that are counted for one check. */
const MOST = 100
const LONGEST = 200

/**
 * Counts causes in a memory that does not grow, whatever students make the grader see (Misra and Gries): if there are
 * too many different ones, all lose one, and those at zero go. So rare causes get lost, frequent ones stay.
 */
export class Causes {
  readonly #counts = new Map<string, number>()
  #lost = 0

  add(text: string): void {
    const seen = this.#counts.get(text)
    if (seen !== undefined || this.#counts.size < MOST) this.#counts.set(text, (seen ?? 0) + 1)
    else {
      this.#lost++
      for (const [key, number] of this.#counts) {
        if (number > 1) this.#counts.set(key, number - 1)
        else this.#counts.delete(key)
      }
    }
  }

  /** The most frequent first. */
  top(number: number): Cause[] {
    const all = Array.from(this.#counts, ([text, students]) => ({ text, students }))
    return all.toSorted((a, b) => b.students - a.students).slice(0, number)
  }

  /** Some were too many to be counted: then numbers are lower bounds. */
  get atLeast(): boolean {
    return this.#lost > 0
  }
}

/**
 * Why an item failed, in a form that is the same for all students: values that differ from student to student (addresses,
 * numbers) are replaced by what they are.
 */
export function causeOf({ kind, diagnosis, actual }: GradedItem): string {
  const line = (diagnosis || actual).trim().split('\n')[0]!.slice(0, LONGEST)
  if (line === '') return kind === 'question' ? 'no answer' : 'nothing was seen'
  return line
    .replace(/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/gi, '<mac>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}\b/g, '<subnet>')
    .replace(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>')
    .replace(/(?<![\w.-])\d+(?:\.\d+)?(?![\w-]|\.\d)/g, '<num>')
}
