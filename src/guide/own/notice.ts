import type { CheckItem } from '../../lab/lab.ts'
import type { Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'
import { sanitize } from '../../sanitize.ts'
import { Together } from './together.ts'
import { Watching } from './watching.ts'

/**
 * Knows what holds now of the checks of a stage. After each command those are looked at that send no packets: what labrun
 * sends would be in the student's captures and counters. What watches commands is done when it was shown once.
 */
export class Notice {
  readonly checks: readonly CheckItem[]
  readonly #sight: Sight
  readonly #signal: AbortSignal
  readonly #watching: ReadonlyMap<CheckItem, Watching>
  #looks = 0
  /** What watches was asked for the last time, because labrun itself is going to send. */
  #settled: ReadonlyMap<CheckItem, CheckResult> | undefined
  /** Commands have shown a part of what they have to show together. */
  #hasPart = false
  #isAnew = false
  /** Of all checks, since the last command. */
  #last: readonly CheckResult[] | undefined

  constructor(checks: readonly CheckItem[], sight: Sight, signal: AbortSignal) {
    this.checks = checks
    this.#sight = sight
    this.#signal = signal
    const watched = checks.filter((check) => !sight.sends(check) && sight.watches(check))
    this.#watching = new Map(watched.map((check) => [check, new Watching(check, sight)]))
  }

  /** Begins to watch. */
  async begin(): Promise<void> {
    for (const watching of this.#watching.values()) await watching.begin()
  }

  /** What commands have shown to a check that watches; where it is settled, also that they have not. */
  shown(check: CheckItem): CheckResult | undefined {
    return this.#settled?.get(check) ?? this.#watching.get(check)?.shown
  }

  /** The checks that watch commands, and were shown nothing yet that holds. */
  get watching(): readonly CheckItem[] {
    return [...this.#watching].flatMap(([check, { shown }]) => (shown ? [] : [check]))
  }

  /** Before the run makes the checks: what watches sees nothing of what that sends. */
  async settle(signal: AbortSignal, onLook?: (check: CheckItem) => void): Promise<void> {
    this.#settled = await this.#lookAtWatched(signal, onLook)
  }

  /** The run has made them, or the student goes another way. */
  async unsettle(): Promise<void> {
    if (!this.#settled) return
    this.#settled = undefined
    this.#forget()
    await this.begin()
  }

  /** Whether what commands have to show together has to be shown anew from here: what they had shown is forgotten. Said once. */
  startsAnew(): boolean {
    const isAnew = this.#isAnew
    this.#isAnew = false
    return isAnew
  }

  /** What holds after a command, in one line; undefined where there is nothing to say, or another command has ended meanwhile. */
  async afterCommand(): Promise<string | undefined> {
    this.#last = undefined
    const look = ++this.#looks
    for (const watching of this.#watching.values()) watching.commandEnded()
    const line = await this.#line(async (check) => await this.#look(check))
    if (look !== this.#looks) return undefined
    await this.begin()
    return line
  }

  /** The same a little later, when no other command has ended since; what the command has shown is known. */
  async later(): Promise<string | undefined> {
    return await this.#line(async (check) => this.#watching.get(check)?.last ?? (await this.#look(check)))
  }

  /**
   * Looks at all of them, as at the end of the stage; yields each result as soon as it is there, because one may take long. What
   * watches is asked before anything is sent, and sees nothing of that.
   */
  async *lookAtAll(signal: AbortSignal, onLook?: (check: CheckItem) => void): AsyncGenerator<CheckResult> {
    const results: CheckResult[] = []
    this.#last = undefined
    const watched = await this.#lookAtWatched(signal, onLook)
    const together = new Together(this.checks, this.#sight, signal)
    try {
      for (const check of this.checks) {
        onLook?.(check)
        const result = watched.get(check) ?? (await together.look(check))
        results.push(result)
        yield result
        if (signal.aborted) return
      }
    } finally {
      const sends = this.checks.some((check) => this.#sight.sends(check) || this.#sight.asksWhy(check))
      if (sends) this.#forget()
      await this.begin()
    }
    this.#last = results
  }

  /** Why something does not hold is asked last, and once: the others would see that. */
  async #lookAtWatched(signal: AbortSignal, onLook?: (check: CheckItem) => void): Promise<Map<CheckItem, CheckResult>> {
    const results = new Map<CheckItem, CheckResult>()
    for (const [check, watching] of this.#watching) {
      onLook?.(check)
      results.set(check, await watching.look({ signal, once: this.#sight.asksWhy(check) }))
    }
    const open = [...results].find(([check, { status }]) => status === 'failed' && this.#sight.asksWhy(check))?.[0]
    if (open) results.set(open, await this.#watching.get(open)!.look({ signal }))
    const parts = await Promise.all([...this.#watching.values()].map((watching) => watching.hasPart(signal)))
    this.#hasPart = parts.includes(true)
    return results
  }

  #forget(): void {
    for (const watching of this.#watching.values()) watching.forget()
    this.#isAnew ||= this.#hasPart
    this.#hasPart = false
  }

  /** The results of a moment ago, if nothing was typed since; else as lookAtAll. */
  async *lastResults(signal: AbortSignal): AsyncGenerator<CheckResult> {
    if (this.#last) yield* this.#last
    else yield* this.lookAtAll(signal)
  }

  async #line(look: (check: CheckItem) => Promise<CheckResult>): Promise<string | undefined> {
    if (this.checks.length === 0) return undefined
    const quiet = this.checks.filter((check) => !this.#sight.sends(check))
    const results = await Promise.all(quiet.map(look))
    const told = results.map((result, index) =>
      quiet[index]!.hidden && result.status === 'failed'
        ? { ...result, label: '', actual: 'something is still missing' }
        : result,
    )
    return stateLine(
      told,
      this.checks.filter((check) => !quiet.includes(check)),
    )
  }

  async #look(check: CheckItem): Promise<CheckResult> {
    const how = { once: true, signal: this.#signal }
    return await (this.#watching.get(check)?.look(how) ?? this.#sight.look(check, how))
  }
}

/** `2 of 3: net2/veth2: state is down`; `loud`: the checks that were not looked at, because that sends packets. */
export function stateLine(results: readonly CheckResult[], loud: readonly CheckItem[]): string {
  const count = results.length + loud.length
  const held = results.filter(({ status }) => status === 'passed').length
  const open = results.find(({ status }) => status !== 'passed')
  const isHidden = loud.some((check) => check.hidden)
  if (open) return oneLine(`${held} of ${count}: ${describe(open)}`)
  if (loud.length === 0) return count === 1 ? 'It holds: next goes on.' : `${count} of ${count} hold: next goes on.`
  const rest = loud.length === 1 && !isHidden ? ` (${loud[0]!.label})` : ''
  if (held === 0) return oneLine(`check: looks whether it works${rest}`)
  if (loud.length === 1) return oneLine(`${held} of ${count} hold; check: tries the last one${rest}`)
  return oneLine(`${held === 1 ? '1 holds' : `${held} hold`}; check: tries the other ${loud.length}`)
}

/** The device or namespace that a check is about, and what is seen of it. */
function describe({ status, label, actual, cause }: CheckResult): string {
  // What the student has not made yet is no trouble.
  if (cause === 'missing-namespace') return actual.replace(/^could not find out: /, '')
  if (status === 'error') return `${label}: ${actual}`
  const subject = /^[\w-]+: (.*?)(?:, [a-z]+: .*)?$/s.exec(label)?.[1] ?? label
  // All that was seen in its place is for `check`: it may be many lines.
  const about = actual.split('\n')[0]!.replace(/:$|; there was: .*$/, '')
  return about.includes(subject) ? about : `${subject}: ${about}`
}

function oneLine(text: string): string {
  return sanitize(text).replaceAll(/\s+/g, ' ').trim()
}
