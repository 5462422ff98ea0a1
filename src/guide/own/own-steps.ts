import type { Block, CheckItem, Step } from '../../lab/lab.ts'
import type { Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'
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
  /** What was done last. */
  #done: Block | undefined

  constructor(around: Surroundings) {
    this.#around = around
    this.#way = new OwnWay(around)
  }

  /** What a command of the student's has shown to a check that watches commands. */
  shown(check: CheckItem): CheckResult | undefined {
    return this.#way.shown(check)
  }

  isDone(block: Block): boolean {
    return this.#done === block
  }

  /** At a block of which nothing was done yet: `skip` where the student does without its commands; undefined: follow it. */
  async atBlock(block: Block, step: Step, sight: Sight): Promise<'run' | 'skip' | undefined> {
    const { keeper, view } = this.#around
    if (!this.#stage?.blocks.includes(block)) this.#stage = stageFrom(step, block)
    await this.#way.at(this.#stage, block, sight)
    if (!keeper.progress.ownWay) return await this.#typedElsewhere(block)
    if (block.role === 'shown') view.commands(block)
    else view.say('\n  It is your turn.')
    if (!(await this.#inShell())) return undefined
    this.#done = block
    return 'skip'
  }

  /** At a check that does not hold; undefined: the student wants to follow. */
  async atCheck(
    item: CheckItem,
    result: CheckResult,
    step: Step,
    sight: Sight,
  ): Promise<'again' | 'go-on' | undefined> {
    const { keeper, view } = this.#around
    if (!this.#stage?.checks.includes(item)) {
      const block = step.items.slice(0, step.items.indexOf(item)).findLast(({ kind }) => kind === 'block')
      this.#stage = stageFrom(step, block ?? item)
    }
    await this.#way.at(this.#stage, undefined, sight)
    if (!keeper.progress.ownWay) return undefined
    const before = keeper.progress.typed.length
    view.dim('  next: look again; where nothing was changed, go on all the same')
    if (!(await this.#inShell())) return undefined
    if (keeper.progress.typed.length > before) return 'again'
    keeper.check(result, step, true)
    return 'go-on'
  }

  /** Whether the student goes on in the text; else wants to follow. */
  async #inShell(): Promise<boolean> {
    const { keeper, quit } = this.#around
    const parting = await this.#way.stay()
    if (parting === 'next') return true
    if (parting === 'quit') quit()
    await this.#way.leave()
    keeper.goes(false)
    return false
  }

  /** A terminal that somebody has in another window takes no commands from here, as long as it is there. */
  async #typedElsewhere({ terminal, commands }: Block): Promise<'run' | 'skip' | undefined> {
    const { ask, view } = this.#around
    if (!this.#way.has(terminal)) return undefined
    view.say(`\n  For the terminal ${terminal}, which you have in another window:`)
    for (const { text } of commands) view.say(`    ${text}`)
    await ask('type it there · Enter: done')
    return this.#way.has(terminal) ? 'skip' : 'run'
  }
}
