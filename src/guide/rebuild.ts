import type { Block, CheckItem, Command, Lab, Question, Step } from '../lab/lab.ts'
import { notLooked } from '../run/collect.ts'
import type { Extra } from '../run/pace.ts'
import type { CheckResult, CommandResult } from '../run/results.ts'
import type { Numbers } from './numbers.ts'
import type { Progress, Typed } from './progress.ts'

/** What was interrupted is interrupted again, after as long as then, but not after more than this; milliseconds. */
const LONGEST_INTERRUPTED = 2000

/** What came to its end has at least so long to do so again; milliseconds. */
const LEAST = 60_000

/**
 * Does again what a student has done, in a new world, and notices what ends otherwise than it did. At each place of the
 * lab it says what was done there; where nothing is left to do, the student's own place is reached.
 */
export class Rebuild {
  /** In words, one sentence each. */
  readonly differences: string[] = []
  /** How many commands were done again, of how many. */
  count = 0
  readonly total: number
  readonly #kept: Progress
  readonly #numbers: Numbers
  readonly #typed: Typed[]
  /** The steps whose checks are made again: that of the place, and the one before. */
  readonly #near: ReadonlySet<string>
  #next = 0
  #running: Typed | undefined
  #interrupted = new Set<number>()

  constructor(lab: Lab, kept: Progress, numbers: Numbers) {
    this.#kept = kept
    this.#numbers = numbers
    this.#typed = [...kept.typed]
    this.total = kept.typed.length + kept.done - kept.left.length
    const index = lab.steps.findIndex(({ id }) => id === kept.step)
    this.#near = new Set(lab.steps.slice(Math.max(0, index - 1), index + 1).map(({ id }) => id))
  }

  /** Whether the student was at the beginning of this step. */
  isOverAtStep(step: Step): boolean {
    const { checks, answers } = this.#kept
    const wasHere = [...checks, ...answers].some((one) => one.step === step.id)
    return step.id === this.#kept.step && !wasHere && this.#isDone(this.#numbers.firstOf(step))
  }

  /** What was done at this command of the lab; undefined: nothing, it is the student's place. */
  atCommand(command: Command, block: Block): 'run' | 'skip' | Extra | undefined {
    const number = this.#numbers.of(command)!
    this.#next = number
    // What was typed at a check that is not there any more comes late, but it comes.
    const typed = this.#takeTyped((one) => one.before <= number)
    if (typed) return typed
    if (number >= this.#kept.done) return undefined
    this.#next = number + 1
    if (this.#kept.left.includes(number)) return 'skip'
    const end = this.#kept.ends[number]
    if (end?.exit !== null) return this.#count('run')
    if (this.#interrupted.has(number)) return 'skip'
    this.#interrupted.add(number)
    this.#next = number
    return this.#count({ text: command.text, terminal: block.terminal, timeout: interruptedAfter(end.took) })
  }

  /** What goes on in the background and was started by the student is typed again with all else that was typed there. */
  wasStartedElsewhere({ line }: Block): boolean {
    return (this.#kept.elsewhere ?? []).some((one) => one.line === line)
  }

  /** What was typed at this check; `over`: nothing more, and the check is the student's place. */
  atCheck(item: CheckItem): Extra | 'over' | undefined {
    const typed = this.#takeTyped(({ at }) => at?.line === item.line && at.column === item.column)
    if (typed) return typed
    return this.isPlace(item) ? 'over' : undefined
  }

  /** Whether all is done again, and the student is at this check, which did not hold. */
  isPlace(item: CheckItem): boolean {
    const kept = this.#verdict(item)
    return this.#isDone(this.#next) && (kept === undefined || (kept.status !== 'passed' && !kept.left))
  }

  /**
   * What was typed at this question; `over`: nothing more, and it was not answered yet, or wrongly, so it is the student's
   * place. Of an exam nobody here knows what is right.
   */
  atQuestion({ line }: Question): Extra | 'over' | undefined {
    const typed = this.#takeTyped(({ at }) => at?.line === line)
    if (typed) return typed
    const answered = this.#kept.answers.some((one) => one.line === line && one.right !== false)
    return !answered && this.#isDone(this.#next) ? 'over' : undefined
  }

  /** What was answered last; empty: it was left out. */
  answerTo({ line }: Question): string {
    return this.#kept.answers.find((one) => one.line === line)?.text ?? ''
  }

  /**
   * The verdict of then. Checks near the student's place are made again, because it is their world that matters; the others
   * would take longer than all commands together. Those that remember a value for later are always made. `watches`: it looks
   * at commands, not at the world. What the student's own have shown, typed one by one, the block that was left would not show.
   */
  knows(item: CheckItem, step: Step, watches = false): CheckResult | undefined {
    const kept = this.#verdict(item)
    if (!kept || (kept.status !== 'passed' && !kept.left)) return undefined
    // What makes it hold was typed further down.
    if (kept.later) return notLooked(item, kept.status)
    const isNear = this.#near.has(step.id) && !(watches && this.#wasLeft(item, step))
    if (kept.status === 'passed' && (isNear || REMEMBERS.test(JSON.stringify(item.spec)))) return undefined
    return notLooked(item, kept.status)
  }

  /** A command of the lab has ended. */
  commandEnded(command: Command, { exit, text }: CommandResult): void {
    const then = this.#kept.ends[this.#numbers.of(command)!]
    if (then) this.#compare(text, then.exit, exit)
  }

  /** What was done again beside the lab has ended. */
  extraEnded({ exit, text }: CommandResult): void {
    const typed = this.#running
    this.#running = undefined
    if (typed?.exit !== undefined) this.#compare(text, typed.exit, exit)
  }

  checkEnded({ line, column, label, status, actual }: CheckResult): void {
    const then = this.#verdict({ line, column })?.status
    if (then === 'passed' && status !== 'passed') {
      this.differences.push(`\`${label}\` held then, and does not now: ${actual.split('\n')[0]}`)
    }
  }

  #takeTyped(isHere: (typed: Typed) => boolean): Extra | undefined {
    const index = this.#typed.findIndex(isHere)
    if (index < 0) return undefined
    const [typed] = this.#typed.splice(index, 1) as [Typed]
    if (typed.fullScreen) {
      this.count++
      this.differences.push(`\`${typed.text}\` took the whole screen, and was not done again`)
      return this.#takeTyped(isHere)
    }
    this.#running = typed
    const { text, terminal, exit, took = 0 } = typed
    // In a shell of their own a student may have waited for long.
    const timeout = exit === null ? interruptedAfter(took) : Math.max(LEAST, 2 * took)
    return this.#count({ text, terminal, timeout })
  }

  #count<T>(choice: T): T {
    this.count++
    return choice
  }

  #isDone(next: number): boolean {
    return next >= this.#kept.done && this.#typed.length === 0
  }

  /** Whether the student has done without the shown block that a check watches. */
  #wasLeft(item: CheckItem, { items }: Step): boolean {
    const block = items.slice(0, items.indexOf(item)).findLast(({ kind }) => kind === 'block')
    if (block?.kind !== 'block' || block.role !== 'shown') return false
    return block.commands.every((command) => this.#kept.left.includes(this.#numbers.of(command)!))
  }

  #verdict({ line, column }: { readonly line: number; readonly column: number }) {
    return this.#kept.checks.find((one) => one.line === line && one.column === column)
  }

  #compare(text: string, then: number | null, now: number | null): void {
    if (then === now) return
    this.differences.push(`\`${text}\` ended ${inWords(then)} then, and ${inWords(now)} now`)
  }
}

/** A placeholder with a name: `<token:hex>`. */
const REMEMBERS = /<\w+:\w+>/

function interruptedAfter(took: number): number {
  return Math.min(Math.max(took, 200), LONGEST_INTERRUPTED)
}

function inWords(exit: number | null): string {
  return exit === null ? 'by an interruption' : `with status ${exit}`
}
