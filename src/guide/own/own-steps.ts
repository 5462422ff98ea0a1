import type { Block, CheckItem, Command, Item, Question, Step } from '../../lab/lab.ts'
import type { Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'
import { sanitize } from '../../sanitize.ts'
import { OwnWay, type OwnWayOptions } from './own-way.ts'
import { type Stage, stageFrom } from './stage.ts'

interface Surroundings extends OwnWayOptions {
  /** Asks for a line. */
  readonly ask: (message: string) => Promise<string>
  readonly quit: () => never
}

/** Goes through the steps of a lab with a student who is in a shell of their own. */
export class OwnSteps {
  readonly #around: Surroundings
  readonly #way: OwnWay
  #stage: Stage | undefined
  /** The part that was left as it is, and how much was typed then. */
  #givenUp: { readonly stage: Stage | undefined; readonly typed: number } | undefined
  /** What was done last. */
  #done: Block | undefined
  /** Whose commands the student types in another window. */
  #elsewhere: Block | undefined

  constructor(around: Surroundings) {
    this.#around = around
    this.#way = new OwnWay(around)
  }

  /** What the student's commands have shown to a check that watches commands; after `next`, also that they have not. */
  shown(check: CheckItem): CheckResult | undefined {
    return this.#way.shown(check)
  }

  isDone(block: Block): boolean {
    return this.#done === block
  }

  /** Whether a terminal is somebody's in another window. */
  has(terminal: string): boolean {
    return this.#way.has(terminal)
  }

  /** At a block of which nothing was done yet: `skip` where the student does without its commands; undefined: follow it. */
  async atBlock(block: Block, step: Step, sight: Sight): Promise<'skip' | undefined> {
    const { keeper, view } = this.#around
    if (!this.#stage?.blocks.includes(block)) this.#stage = stageFrom(step, block)
    await this.#way.at(this.#stage, block, sight)
    if (!keeper.progress.ownWay) return undefined
    if (block.role === 'shown') view.commands(block)
    else view.say('\n  It is your turn.')
    if (!(await this.#inShell())) return undefined
    this.#done = block
    return 'skip'
  }

  /** At a check that does not hold; undefined: the student wants to follow. */
  async atCheck(item: CheckItem, step: Step, sight: Sight): Promise<'again' | 'go-on' | undefined> {
    const { keeper } = this.#around
    await this.#stageWith(item, step, sight)
    if (!keeper.progress.ownWay) return undefined
    const typed = () => keeper.progress.typed.length
    const before = typed()
    if (this.#givenUp?.stage === this.#stage && this.#givenUp?.typed === before) return 'go-on'
    const note = 'next: look again; if you have changed nothing, leave this part as it is'
    if (!(await this.#inShell(note))) return undefined
    if (typed() > before) return 'again'
    this.#givenUp = { stage: this.#stage, typed: before }
    return 'go-on'
  }

  /** At a question, before it is answered: other windows look at what is there. */
  async atQuestion(question: Question, step: Step, sight: Sight): Promise<void> {
    await this.#stageWith(question, step, sight)
  }

  /** In the shell, until it is time to answer a question. */
  async lookAround(): Promise<void> {
    this.#around.keeper.goes(true)
    await this.#inShell('next: back to the question')
  }

  /** After the last step; `over`: the student leaves the lab. Undefined: the student wants to follow. */
  async atEnd(sight: Sight): Promise<'over' | undefined> {
    await this.#way.at({ items: [], blocks: [], checks: [] }, undefined, sight)
    if (!this.#around.keeper.progress.ownWay) return undefined
    return (await this.#inShell('next: leave the lab · follow: back to the prompt of labrun · help'))
      ? 'over'
      : undefined
  }

  /** The student who was in a shell follows from here. */
  async follow(): Promise<void> {
    const { keeper, view } = this.#around
    await this.#way.leave()
    keeper.goes(false)
    view.say('  From here Enter runs the commands of the text. (d: do it yourself)')
  }

  /** The stage that something after its commands belongs to. */
  async #stageWith(item: Item, step: Step, sight: Sight): Promise<void> {
    if (!this.#stage?.items.includes(item)) {
      const block = step.items.slice(0, step.items.indexOf(item)).findLast(({ kind }) => kind === 'block')
      this.#stage = stageFrom(step, block ?? item)
    }
    await this.#way.at(this.#stage, undefined, sight)
  }

  /** Whether the student goes on in the text; else wants to follow. */
  async #inShell(note?: string): Promise<boolean> {
    const { keeper, quit } = this.#around
    const parting = await this.#way.stay(note)
    if (parting === 'next') return true
    if (parting === 'quit') quit()
    await this.#way.leave()
    keeper.goes(false)
    return false
  }

  /**
   * Whether commands are typed here (`run`) or were typed by the student (`skip`): a terminal that somebody has in another
   * window takes none from here, as long as it is there. Undefined: nobody has it. `first`: the next one of the block.
   */
  async elsewhere(block: Block, first?: Command): Promise<'run' | 'skip' | undefined> {
    const { ask, view } = this.#around
    const { terminal, role, commands } = block
    if (this.#elsewhere === block) return 'skip'
    if (!this.#way.has(terminal)) return undefined
    if (role === 'setup') return await this.#untilLeft(terminal)
    view.say(`\n  For the terminal ${sanitize(terminal)}, which you have in another window:`)
    const rest = first ? commands.slice(commands.indexOf(first)) : commands
    for (const { text } of rest) view.say(`    ${sanitize(text).replaceAll('\n', '\n    ')}`)
    await ask('type it there · Enter: done')
    if (!this.#way.has(terminal)) return 'run'
    this.#elsewhere = block
    return 'skip'
  }

  /** What sets a step up is not the student's to type. */
  async #untilLeft(terminal: string): Promise<'run'> {
    const { ask, view } = this.#around
    while (this.#way.has(terminal)) {
      view.say(`\n  This step is set up in the terminal ${sanitize(terminal)}, which you have in another window.`)
      await ask('leave it there with `exit` · Enter: done')
    }
    return 'run'
  }
}
