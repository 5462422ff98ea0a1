import type { CheckItem } from '../../lab/lab.ts'
import type { Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'

/**
 * Looks at checks in their order. Those right below each other that only look at what is there are waited for at the same time, because
 * a student who is half through a step would wait for each of them.
 */
export class Together {
  readonly #checks: readonly CheckItem[]
  readonly #sight: Sight
  readonly #signal: AbortSignal
  #group = new Map<CheckItem, Promise<CheckResult>>()

  constructor(checks: readonly CheckItem[], sight: Sight, signal: AbortSignal) {
    this.#checks = checks
    this.#sight = sight
    this.#signal = signal
  }

  async look(check: CheckItem): Promise<CheckResult> {
    if (!this.#group.has(check)) this.#begin(check)
    const result = await this.#group.get(check)!
    if (result.status === 'passed' || this.#group.size === 1) return result
    const all = await Promise.all(this.#group.values())
    // What has come late may have brought this with it.
    const isLate = all.some(({ status, tries }) => status === 'passed' && tries > 1)
    const again = isLate ? await this.#sight.look(check, { signal: this.#signal, once: true }) : result
    return again.status === 'passed' ? again : result
  }

  #begin(check: CheckItem): void {
    const rest = this.#checks.slice(this.#checks.indexOf(check) + 1)
    const end = rest.findIndex((one) => !this.#sight.onlyLooks(one))
    const others = this.#sight.onlyLooks(check) ? rest.slice(0, end < 0 ? undefined : end) : []
    this.#group = new Map([check, ...others].map((one) => [one, this.#sight.look(one, { signal: this.#signal })]))
    // Trouble is told where each is awaited.
    for (const looking of this.#group.values()) looking.catch(() => {})
  }
}
