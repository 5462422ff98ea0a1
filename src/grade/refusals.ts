import type { Found } from './inbox.ts'
import type { Received } from './intake.ts'

/** So many files of one zip that are refused, and of no student of the class, are told one by one. */
const MOST = 200

/**
 * Keeps a huge zip from flooding the results: of what is refused in it and is of nobody, only so much is told one by one, and
 * the rest as one. What is accepted, and what is of a student of the class, is never among it.
 */
export class Refusals {
  readonly #counts = new Map<string, number>()

  /** Whether something that was found is to be told by itself. */
  tells({ zip }: Found, { refused, student }: Received): boolean {
    if (zip === null || refused === null || student.id !== null) return true
    const count = (this.#counts.get(zip) ?? 0) + 1
    this.#counts.set(zip, count)
    return count <= MOST
  }

  /** One for each zip with more than are told: what is found in its place. */
  rest(): Found[] {
    return [...this.#counts].flatMap(([zip, count]) =>
      count <= MOST
        ? []
        : {
            ...{ place: zip, sender: null, names: [], zip: null, bytes: undefined },
            problem: `${count} files in it are refused, and of nobody who is known here: ${MOST} are told one by one, ${count - MOST} are not; look into the zip, or leave it out`,
          },
    )
  }
}
