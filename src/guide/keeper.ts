import type { Block, Lab, Question, Step } from '../lab/lab.ts'
import { packageVersion } from '../package.ts'
import type { CheckResult, CommandResult } from '../run/results.ts'
import { appendJournal, type JournalEntry } from './journal.ts'
import { Numbers } from './numbers.ts'
import { type Progress, setProgressAside, type Typed, writeProgress } from './progress.ts'

/**
 * Keeps what a student does, as it happens: how far it has come (progress), and every act (journal). Only what has ended
 * is kept, so a command that the machine died with is asked for again.
 */
export class Keeper {
  readonly numbers: Numbers
  readonly #lab: Lab
  readonly #keeping: boolean
  readonly #say: (line: string) => void
  #progress: Progress
  readonly #unwritten: JournalEntry[] = []
  #inTrouble = false
  #isBeginning = false

  /** Without `keeping` nothing is written: another window has the lab. `say` is told when the disk takes nothing more. */
  constructor(lab: Lab, progress: Progress, keeping: boolean, say: (line: string) => void) {
    this.#lab = lab
    this.#progress = progress
    this.#keeping = keeping
    this.#say = say
    this.numbers = new Numbers(lab)
  }

  /** False: another window has the lab. */
  get isKeeping(): boolean {
    return this.#keeping
  }

  get progress(): Progress {
    return this.#progress
  }

  /** The lab is begun. What is kept of it from before stands until something is done. */
  begin(ticket: string | null = null): void {
    this.#isBeginning = true
    const { id: lab } = this.#lab
    this.#keep({}, { type: 'start', lab, digest: this.#progress.digest, ticket, version: packageVersion() })
  }

  /** The lab is gone on with, where it was left. */
  resume(): void {
    this.#keep({}, { type: 'resume' })
  }

  step({ id }: Step): void {
    if (this.#progress.step === id && this.#progress.done > 0) return
    this.#keep({ step: id }, { type: 'step', step: id })
  }

  /** A command of the lab has ended. */
  ran(number: number, step: Step, terminal: string, { text, exit, duration: took }: CommandResult): void {
    const { ends } = this.#progress
    this.#keep(
      { step: step.id, done: number + 1, ends: { ...ends, [number]: { exit, took } } },
      { type: 'command', step: step.id, before: number, terminal, text, from: 'lab', exit },
    )
  }

  /** A command of the lab is not run, because the student does without it. */
  leave(number: number, step: Step): void {
    const left = [...this.#progress.left, number]
    this.#keep({ step: step.id, done: number + 1, left }, { type: 'left', step: step.id, before: number })
  }

  /** What goes on in the background was started by the student, in another window. */
  startedElsewhere({ line }: Block, { id: step }: Step): void {
    this.#keep({ step, elsewhere: [...(this.#progress.elsewhere ?? []), { step, line }] }, undefined)
  }

  /** A command of the student's own has ended. */
  typed(typed: Typed): void {
    const { step, before, terminal, text, exit = null } = typed
    const all = [...this.#progress.typed, typed]
    this.#keep({ step, typed: all }, { type: 'command', step, before, terminal, text, from: 'student', exit })
  }

  /** A check was made. `left`: it does not hold, and the student goes on all the same. `below`: it was made again at one below it. */
  check({ line, column, status }: CheckResult, step: Step, { left = false, below = false } = {}): void {
    const isThis = (one: { readonly line: number; readonly column: number }) =>
      one.line === line && one.column === column
    const before = this.#progress.checks.find(isThis)
    const isLater = below && status === 'passed' && (before?.status !== 'passed' || before.later)
    const verdict = { step: step.id, line, column, status, left, ...(isLater ? { later: true as const } : {}) }
    const checks = [...this.#progress.checks.filter((one) => !isThis(one)), verdict]
    this.#keep({ step: step.id, checks }, left ? undefined : { type: 'check', step: step.id, line, column, status })
  }

  /** A question was answered; an empty text: it was left out. */
  answer({ line, ask }: Question, { id: step }: Step, text: string, right: boolean | null): void {
    const answers = [...this.#progress.answers.filter((one) => one.line !== line), { step, line, ask, text, right }]
    this.#keep({ step, answers }, { type: 'answer', step, line, ask, text, right })
  }

  hint({ id }: Step): void {
    const hints = { ...this.#progress.hints, [id]: this.hintsOf(id) + 1 }
    this.#keep({ hints }, { type: 'hint', step: id })
  }

  hintsOf(step: string): number {
    return this.#progress.hints[step] ?? 0
  }

  solution({ id }: Step): void {
    if (this.#progress.solutions.includes(id)) return
    this.#keep({ solutions: [...this.#progress.solutions, id] }, { type: 'solution', step: id })
  }

  /** In a shell of their own, or command by command: for the next start. */
  goes(ownWay: boolean): void {
    if ((this.#progress.ownWay ?? false) !== ownWay) this.#keep({ ownWay }, undefined)
  }

  /** How many commands of the student's own that takes back. */
  typedFrom(step: Step): number {
    const from = this.#lab.steps.indexOf(step)
    return this.#progress.typed.filter((one) => this.#lab.steps.findIndex(({ id }) => id === one.step) >= from).length
  }

  /** Takes back what was done from the beginning of a step on; the hints that were shown stay known. */
  takeBack(to: Step, type: 'back' | 'reset'): void {
    const at = this.#lab.steps.indexOf(to)
    const isBefore = ({ step }: { readonly step: string }) => this.#lab.steps.findIndex(({ id }) => id === step) < at
    const { left, ends, typed, checks, answers, elsewhere = [] } = this.#progress
    const done = this.numbers.firstOf(to)
    this.#keep(
      {
        step: to.id,
        done,
        left: left.filter((number) => number < done),
        ends: Object.fromEntries(Object.entries(ends).filter(([number]) => Number(number) < done)),
        typed: typed.filter(isBefore),
        checks: checks.filter(isBefore),
        answers: answers.filter(isBefore),
        elsewhere: elsewhere.filter(isBefore),
        finished: false,
      },
      { type, step: to.id },
    )
  }

  /** For the student who leaves: where the next start begins. */
  whereKept(): string {
    if (!this.#keeping) return 'Nothing was kept of this, because another window has the lab open.'
    const start = `\`labrun ${this.#lab.id}\` goes on`
    return this.#inTrouble
      ? `! Your place could not be kept: ${start} from where it was kept last.`
      : `Your place is kept. ${start} from here.`
  }

  finish(): void {
    if (this.#progress.finished) return
    this.#keep({ finished: true }, { type: 'finish' })
  }

  #keep(change: Partial<Progress>, entry: JournalEntry | undefined): void {
    this.#progress = { ...this.#progress, ...change }
    if (!this.#keeping) return
    if (entry) this.#unwritten.push(entry)
    if (this.#isBeginning && (!entry || LOOKS_ONLY.has(entry.type))) return
    this.#told(this.#beginAnew() ?? this.#writeBoth())
  }

  /** Now that something is done; resolves to what keeps it from being begun, if anything. */
  #beginAnew(): string | undefined {
    const trouble = this.#isBeginning ? setProgressAside(this.#lab) : undefined
    this.#isBeginning &&= trouble !== undefined
    return trouble
  }

  #writeBoth(): string | undefined {
    const trouble = this.#write()
    return writeProgress(this.#lab, this.#progress) ?? trouble
  }

  /** What a full disk did not take is written as soon as there is room, in its order. */
  #write(): string | undefined {
    for (let next = this.#unwritten[0]; next; next = this.#unwritten[0]) {
      const trouble = appendJournal(this.#lab, next)
      if (trouble) return trouble
      this.#unwritten.shift()
    }
    return undefined
  }

  /** Said once, and once more when it is over. */
  #told(trouble: string | undefined): void {
    if (trouble && !this.#inTrouble)
      this.#say(`! Your place cannot be kept: ${trouble}. Go on all the same: it is tried again after each command.`)
    else if (!trouble && this.#inTrouble) this.#say('Your place is kept again.')
    this.#inTrouble = trouble !== undefined
  }
}

/** In a lab that is being begun these alone are nothing that was done. */
const LOOKS_ONLY: ReadonlySet<string> = new Set<JournalEntry['type']>(['start', 'step', 'back', 'reset'])
