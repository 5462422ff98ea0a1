import type { CheckItem } from '../../lab/lab.ts'
import type { Look, Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'
import type { Watch } from '../../run/run-check.ts'

/** How many of the commands that were typed last may show together what a check asks for. */
const MOST_TOGETHER = 6

/**
 * A check that watches commands, and a student who types them one by one: it is asked of the last command, of the last two
 * together, and so on, and is done when one of these has shown it.
 */
export class Watching {
  readonly #check: CheckItem
  readonly #sight: Sight
  /** Since when is watched, the last time first. */
  #watches: readonly Watch[] = []
  /** No command has ended since the last time. */
  #isIdle = false
  #shown: CheckResult | undefined
  #last: CheckResult | undefined
  /** What all that is watched has seen together when it was last looked at. */
  #seen: string | undefined

  constructor(check: CheckItem, sight: Sight) {
    this.#check = check
    this.#sight = sight
  }

  /** What has shown it. */
  get shown(): CheckResult | undefined {
    return this.#shown
  }

  /** What was seen when it was last looked at. */
  get last(): CheckResult | undefined {
    return this.#shown ?? this.#last
  }

  /** Watches the command that comes next. */
  async begin(): Promise<void> {
    if (this.#shown) return
    const earlier = this.#isIdle ? this.#watches.slice(1) : this.#watches
    this.#isIdle = true
    this.#watches = await this.#sight.watch(this.#check, earlier.slice(0, MOST_TOGETHER - 1))
  }

  commandEnded(): void {
    this.#isIdle = false
  }

  /** What was watched until now has seen what labrun itself has sent. */
  forget(): void {
    this.#watches = []
  }

  /** Whether the commands have shown some of it, but not all: that is lost when it is forgotten. */
  async hasPart(signal: AbortSignal): Promise<boolean> {
    if (this.#shown) return false
    const [watch] = await this.#sight.watch(this.#check, [])
    const { status, actual } = await this.#sight.look(this.#check, { once: true, signal, watch })
    return status === 'failed' && actual !== this.#seen
  }

  /**
   * Where it was not shown, what the last command has shown. All are looked at once before it is waited for the last, or asked why:
   * that may send packets.
   */
  async look({ once = false, signal }: Omit<Look, 'watch'>): Promise<CheckResult> {
    if (this.#shown) return this.#shown
    const [next, ...before] = this.#watches
    const watches = this.#isIdle && before.length > 0 ? before : [next, ...before]
    const results: CheckResult[] = []
    for (const watch of watches) {
      const result = await this.#sight.look(this.#check, { once: true, signal, watch })
      if (result.status === 'passed') return this.#keep(result)
      results.push(result)
    }
    this.#seen = results.at(-1)!.actual
    return this.#keep(once ? results[0]! : await this.#sight.look(this.#check, { signal, watch: watches[0] }))
  }

  #keep(result: CheckResult): CheckResult {
    if (result.status === 'passed') this.#shown = result
    else this.#last = result
    return result
  }
}
