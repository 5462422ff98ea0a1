import type { CheckResult } from '../run/results.ts'

/** What was told of checks that did not hold: a student who tries one thing after another need not read all of it each time. */
export class Told {
  readonly #last = new Map<string, string>()

  /** Another step, or the same one anew. */
  forget(): void {
    this.#last.clear()
  }

  /** The verdict as it is told now; `isShort`: nothing of it is another than the last time. */
  tell(result: CheckResult): { readonly result: CheckResult; readonly isShort: boolean } {
    const { line, column, status, actual, diagnosis } = result
    const place = `${line}:${column}`
    const now = JSON.stringify([status, actual, diagnosis])
    const isShort = status === 'failed' && this.#last.get(place) === now
    this.#last.set(place, now)
    if (!isShort) return { result, isShort }
    const [seen = ''] = actual.split('\n')
    return { result: { ...result, expected: '', actual: seen, diagnosis: null, why: null, evidence: [] }, isShort }
  }
}
