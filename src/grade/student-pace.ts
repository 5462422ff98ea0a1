import { answerFits, answerText, rightAnswer } from '../guide/answer.ts'
import type { Block, Command, Item, Lab, Question, Step } from '../lab/lab.ts'
import { isForStudents } from '../lab/outside.ts'
import type { Extra, Pace, Sight } from '../run/pace.ts'
import type { Status } from '../run/results.ts'
import type { Work, WorkCommand, WorkStep } from '../submission/work.ts'
import { ProbeError } from '../world/probes.ts'

/** How a question was answered. */
export interface Answered {
  readonly status: Status
  readonly expected: string
  readonly actual: string
}

/** Milliseconds after which a command is ended that the student has interrupted. */
const INTERRUPTED = 3000

/**
 * Types what a student did in place of what the lab says. A shown command is run where the student ran it; a solution is
 * never run, and what the student typed instead is typed at its place. Steps in `reference` are done as the lab says.
 */
export class ReplayPace implements Pace {
  readonly answers = new Map<Question, Answered>()
  /** Commands that are typed nowhere, by step: those of a terminal that is not the student's to type in. */
  readonly refused = new Map<string, readonly WorkCommand[]>()
  readonly #lab: Lab
  readonly #work: Work
  readonly #reference: ReadonlySet<string>
  #queue: WorkCommand[] = []
  /** Shown blocks and commands of the step that have not been reached yet. */
  #ahead = new Map<Command | Block, string>()
  #left: WorkStep['answers'][number][] = []
  readonly #atRest: () => Promise<void>
  /** Nothing was typed since it was waited for the world to be at rest. */
  #isAtRest = true

  /** `atRest` waits until what was typed has come to rest. */
  constructor(lab: Lab, work: Work, reference: ReadonlySet<string>, atRest: () => Promise<void>) {
    this.#lab = lab
    this.#work = work
    this.#reference = reference
    this.#atRest = atRest
  }

  async step(step: Step): Promise<void> {
    const done = this.#work.steps.filter(({ id }) => id === step.id)
    const commands = done.flatMap((one) => one.commands)
    this.#queue = commands.filter(({ terminal }) => isForStudents(terminal, this.#lab))
    this.refused.set(
      step.id,
      commands.filter((command) => !this.#queue.includes(command)),
    )
    this.#left = done.flatMap(({ answers }) => answers)
    const blocks = step.items.filter((item) => item.kind === 'block' && item.role === 'shown') as Block[]
    this.#ahead = new Map()
    for (const block of blocks) {
      if (block.background) this.#ahead.set(block, nameOf(block, joined(block)))
      else for (const command of block.commands) this.#ahead.set(command, nameOf(block, command.text))
    }
  }

  async command(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    if (block.role === 'setup' || this.#reference.has(step.id)) return 'run'
    if (block.role === 'solution') return this.#due() ?? 'skip'
    return this.#shown(command, 'skip')
  }

  async background(block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    if (block.role === 'setup' || this.#reference.has(step.id)) return 'run'
    if (block.role === 'solution') return this.#due() ?? 'skip'
    // What the lab shows to be started is started by labrun itself, also for the student.
    return this.#shown(block, 'run')
  }

  async more(block: Block, step: Step): Promise<Extra | undefined> {
    if (block.role === 'setup' || this.#reference.has(step.id)) return undefined
    // A block breaks off at a command that does not end: what the student typed goes on.
    for (const command of block.commands) this.#ahead.delete(command)
    return isBeforeBlock(block, step) ? undefined : this.#due()
  }

  /** What the student typed in a step that has nothing to type. */
  next(): Extra | undefined {
    return this.#due()
  }

  async item(item: Item, step: Step, sight: Sight): Promise<undefined> {
    if (item.kind !== 'question' || this.#reference.has(step.id)) return
    this.answers.set(item, await this.#judge(item, sight))
  }

  async commandEnded(): Promise<void> {
    this.#isAtRest = false
  }

  async extraEnded(): Promise<void> {
    this.#isAtRest = false
  }

  async beforeCheck(): Promise<undefined> {
    if (this.#isAtRest) return
    this.#isAtRest = true
    await this.#atRest()
  }

  /** At a command that the lab shows: what was typed before it, itself, or nothing if the student left it. */
  #shown(what: Command | Block, otherwise: 'run' | 'skip'): 'run' | 'skip' | Extra {
    const name = this.#ahead.get(what)
    const typed = this.#queue.findIndex((one) => nameOf(one, one.text) === name)
    if (typed > 0) return this.#take() ?? 'skip'
    this.#ahead.delete(what)
    if (typed < 0) return otherwise
    this.#queue.shift()
    return 'run'
  }

  /** The next command, if it does not belong to something that the lab shows further on. */
  #due(): Extra | undefined {
    const [next] = this.#queue
    return next && ![...this.#ahead.values()].includes(nameOf(next, next.text)) ? this.#take() : undefined
  }

  #take(): Extra | undefined {
    const next = this.#queue.shift()
    if (!next) return undefined
    const { terminal, text, background, exit, at } = next
    const typed = { terminal, text: background ? `{ ${text}\n} &` : text }
    // What the student has interrupted would go on here until its time is up.
    return exit === null && at !== null ? { ...typed, timeout: INTERRUPTED } : typed
  }

  async #judge(question: Question, sight: Sight): Promise<Answered> {
    const place = this.#left.findIndex(({ ask }) => normal(ask) === normal(question.ask))
    const [given] = place < 0 ? [] : this.#left.splice(place, 1)
    try {
      const right = await rightAnswer(question, sight)
      const expected = answerText(right, question.tolerance)
      if (!given || given.text.trim() === '') return { status: 'failed', expected, actual: 'no answer' }
      const fits = answerFits(right, given.text, question.tolerance)
      return { status: fits ? 'passed' : 'failed', expected, actual: given.text }
    } catch (error) {
      if (!(error instanceof ProbeError)) throw error
      return { status: 'error', expected: '', actual: `the right answer could not be found out: ${error.message}` }
    }
  }
}

/** Ids of steps that a work has and a lab has not. */
export function unknownSteps(work: Work, steps: readonly Step[]): string[] {
  const known = new Set(steps.map(({ id }) => id))
  return work.steps.map(({ id }) => id).filter((id) => !known.has(id))
}

/**
 * Whether another block is next, before anything is judged. What was typed then is typed there: what watches a task sees it, and what
 * goes on in the background is there for it, as it was for the student.
 */
function isBeforeBlock(block: Block, { items }: Step): boolean {
  const after = items.slice(items.indexOf(block) + 1).filter((item) => !isSetup(item))
  return after.find(({ kind }) => kind === 'block' || kind === 'check' || kind === 'question')?.kind === 'block'
}

function isSetup(item: Item): boolean {
  return item.kind === 'block' && item.role === 'setup'
}

function nameOf({ terminal }: { readonly terminal: string }, text: string): string {
  return `${terminal}\0${text.trim()}`
}

function joined({ commands }: Block): string {
  return commands.map(({ text }) => text).join('\n')
}

function normal(text: string): string {
  return text.trim().replace(/\s+/g, ' ')
}
