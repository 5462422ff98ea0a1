import { fillRemembered } from '../lab/expected.ts'
import type { Block, CheckItem, Command, Item, Lab, Step } from '../lab/lab.ts'
import { type Extra, type Pace, RunStopped, type Sight } from '../run/pace.ts'
import type { CheckResult, CommandResult } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import { rightAnswer } from './answer.ts'
import { askOrQuit } from './ask.ts'
import { promptText } from './help.ts'
import { Helper } from './helper.ts'
import type { Keeper } from './keeper.ts'
import { OwnSteps } from './own/own-steps.ts'
import type { OwnWayOptions } from './own/own-way.ts'
import type { OwnCommand } from './own/recorder.ts'
import { type Asking, askQuestion } from './question.ts'
import { Rebuild } from './rebuild.ts'
import type { GuideView } from './view.ts'

/** The student sets the pace: everything waits for the Enter key. What was done before is done again without asking. */
export class StudentPace implements Pace {
  readonly #lab: Lab
  readonly #view: GuideView
  readonly #keeper: Keeper
  readonly #signal: AbortSignal
  readonly #helper: Helper
  readonly #ownSteps: OwnSteps
  readonly #asking: Asking
  #sight!: Sight
  #rebuild: Rebuild | undefined
  #wholeBlock: { readonly block: Block; readonly choice: 'run' | 'skip' } | undefined
  #step!: Step
  #shown: Item[] = []
  /** The lab's command that is next, or the first one not yet decided on. */
  #next = 0
  /** The check at which more is typed. */
  #at: { readonly line: number; readonly column: number } | undefined
  /** What ended the run before its end: the student has quit, or wants the world as it was before. */
  ended: 'quit' | 'again' | undefined

  /** `signal`: what ends labrun itself, as closing the window does; `interruptible`: what Ctrl-C ends. */
  constructor(lab: Lab, view: GuideView, keeper: Keeper, options: PaceOptions) {
    this.#lab = lab
    this.#view = view
    this.#keeper = keeper
    this.#signal = options.signal
    const ask = async (message: string) => await this.#line(message)
    this.#helper = new Helper(lab, view, keeper, { ask, again: () => this.#end('again') })
    this.#asking = { view, keeper, ask, help: async (answer) => await this.#helper.help(answer, 'question') }
    this.#ownSteps = new OwnSteps({
      ...{ lab, view, keeper, helper: this.#helper, ask, ...options },
      typed: (command, terminal) => this.#ownTyped(command, terminal),
      quit: () => this.#end('quit'),
    })
    const rebuild = new Rebuild(lab, keeper.progress, keeper.numbers)
    if (rebuild.total > 0 || keeper.progress.checks.length > 0) this.#rebuild = rebuild
    view.muted = this.#rebuild !== undefined
    view.seen = undefined
  }

  async step(step: Step): Promise<void> {
    this.#step = step
    this.#shown = []
    this.#wholeBlock = undefined
    this.#next = this.#keeper.numbers.firstOf(step)
    this.#helper.begin(step)
    if (this.#rebuild?.isOverAtStep(step)) this.#endRebuild()
    if (!this.#rebuild) this.#keeper.step(step)
    this.#view.step(step, this.#lab.steps.indexOf(step), this.#lab.steps.length)
  }

  async item(item: Item, step: Step, sight: Sight): Promise<void> {
    this.#sight = sight
    await this.#helper.see(sight)
    this.#shown.push(item)
    this.#show(item)
    if (item.kind !== 'question') return
    if (this.#rebuild?.atQuestion(item)) this.#endRebuild()
    if (!this.#rebuild) await askQuestion(item, step, () => rightAnswer(item, sight), this.#asking)
  }

  async command(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    if (block.role === 'setup') return (await this.#ownSteps.elsewhere(block)) ?? 'run'
    const number = this.#keeper.numbers.of(command)!
    this.#next = number
    const again = this.#rebuild?.atCommand(command, block)
    if (again) return this.#doAgain(again)
    this.#endRebuild()
    if (this.#wholeBlock?.block === block) return await this.#decide(command, block, step, this.#wholeBlock.choice)
    if (this.#ownSteps.isDone(block)) return await this.#decide(command, block, step, 'skip')
    const own = await this.#ownSteps.atBlock(block, step, this.#sight)
    if (own) return await this.#decide(command, block, step, own)
    const elsewhere = block.role === 'solution' ? undefined : await this.#ownSteps.elsewhere(block, command)
    if (elsewhere) return await this.#decide(command, block, step, elsewhere)
    return await this.#askFor(command, block, step)
  }

  async background(block: Block, step: Step): Promise<'run' | 'skip'> {
    if (this.#rebuild) return this.#rebuild.wasStartedElsewhere(block) ? 'skip' : 'run'
    const choice = (await this.#ownSteps.elsewhere(block)) ?? 'run'
    if (choice === 'skip') this.#keeper.startedElsewhere(block, step)
    return choice
  }

  async #askFor(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    const task = block.role === 'solution'
    for (;;) {
      if (task) this.#view.task(block.commands.length > 0)
      else this.#view.next(command.text, block.terminal)
      const answer = await this.#line(promptText(task ? 'task' : 'command'))
      if (/^do?$/.test(answer)) {
        this.#keeper.goes(true)
        return await this.command(command, block, step)
      }
      const choice = await this.#chosen(answer, task, block)
      if (choice === 'run' || choice === 'skip') return await this.#decide(command, block, step, choice)
      if (choice) return choice
    }
  }

  async commandEnded(result: CommandResult, step: Step, command: Command, block: Block): Promise<void> {
    if (block.role === 'setup') {
      // What sets a step up is no change that the student has made.
      if (this.#next === this.#keeper.numbers.firstOf(step)) this.#view.seen = undefined
      return
    }
    if (this.#rebuild) return this.#rebuild.commandEnded(command, result)
    // What the end of labrun itself has interrupted was not done: it is asked for again.
    if (!this.#signal.aborted) this.#keeper.ran(this.#keeper.numbers.of(command)!, step, block.terminal, result)
  }

  async extraEnded({ exit, duration: took, text, ...result }: CommandResult, { terminal }: Extra): Promise<void> {
    if (this.#rebuild) return this.#rebuild.extraEnded({ exit, duration: took, text, ...result })
    if (this.#signal.aborted) return
    const at = this.#at ? { at: this.#at } : {}
    this.#keeper.typed({ step: this.#step.id, before: this.#next, ...at, terminal, text, exit, took })
  }

  knows(item: CheckItem, step: Step): CheckResult | undefined {
    return this.#rebuild ? this.#rebuild.knows(item, step) : this.#ownSteps.shown(item)
  }

  async beforeCheck(item: CheckItem): Promise<Extra | undefined> {
    const again = this.#rebuild?.atCheck(item)
    if (again === 'over') this.#endRebuild()
    else if (again) return this.#doAgain(again)
    return undefined
  }

  async check(result: CheckResult, item: CheckItem, step: Step, at = item): Promise<'go-on' | 'again' | Extra> {
    if (result.status !== 'passed' && this.#rebuild?.isPlace(item)) {
      this.#endRebuild()
      this.#view.verdict(result)
    }
    if (this.#rebuild) {
      this.#rebuild.checkEnded(result)
      return 'go-on'
    }
    if (this.#signal.aborted) throw new RunStopped()
    this.#keeper.check(result, step, false)
    this.#at = undefined
    if (result.status === 'passed') return 'go-on'
    this.#helper.afterFailure(result)
    this.#at = { line: at.line, column: at.column }
    for (;;) {
      const own = await this.#ownSteps.atCheck(item, result, step, this.#sight)
      if (own) return own
      const answer = await this.#line(promptText('check'))
      if (answer === '') return 'again'
      if (answer === 'g') {
        this.#keeper.check(result, step, true)
        return 'go-on'
      }
      if (/^do?$/.test(answer)) {
        this.#keeper.goes(true)
        continue
      }
      if (await this.#helper.help(answer, 'check')) continue
      return this.#own(answer)
    }
  }

  /** The end of the lab: whatever was done again has been done. */
  finish(): void {
    this.#endRebuild()
    this.#keeper.finish()
  }

  #ownTyped(command: OwnCommand, terminal: string): void {
    if (this.#signal.aborted || this.#rebuild) return
    const at = this.#at ? { at: this.#at } : {}
    this.#keeper.typed({ step: this.#step.id, before: this.#next, ...at, terminal, ...command })
  }

  /** What an answer at a command means; undefined: it was answered, so ask again. */
  async #chosen(answer: string, task: boolean, block: Block): Promise<'run' | 'skip' | Extra | undefined> {
    if (answer === '') return task ? this.#allOf(block, 'skip') : 'run'
    if (answer === 's' && task && block.commands.length === 0) {
      this.#view.say('  There is no solution in this edition of the lab.')
      return undefined
    }
    if (answer === 's' && task) {
      this.#keeper.solution(this.#step)
      return this.#allOf(block, 'run')
    }
    if (answer === 's') return 'skip'
    if (answer === 'a' && !task) return this.#allOf(block, 'run')
    if (await this.#helper.help(answer, task ? 'task' : 'command')) return undefined
    const terminal = task ? 'main' : block.terminal
    if (!this.#ownSteps.has(terminal)) return this.#own(answer, terminal)
    this.#view.say(`  You have the terminal ${sanitize(terminal)} in another window: type it there.`)
    return undefined
  }

  /** A solution is done, or left, as a whole. */
  #allOf(block: Block, choice: 'run' | 'skip'): 'run' | 'skip' {
    this.#wholeBlock = { block, choice }
    return choice
  }

  /** Another window may have been opened at the terminal while the student was asked. */
  async #decide(command: Command, block: Block, step: Step, choice: 'run' | 'skip'): Promise<'run' | 'skip'> {
    const decided = choice === 'run' ? ((await this.#ownSteps.elsewhere(block, command)) ?? 'run') : 'skip'
    this.#next = this.#keeper.numbers.of(command)! + 1
    if (decided === 'skip') this.#keeper.leave(this.#next - 1, step)
    return decided
  }

  #own(text: string, terminal = 'main'): Extra {
    this.#helper.tried()
    return { terminal, text: text.trim() }
  }

  #doAgain<T>(what: T): T {
    if (this.#rebuild) this.#view.rebuilding(this.#rebuild.count, this.#rebuild.total)
    return what
  }

  async #line(message: string): Promise<string> {
    return (await askOrQuit(message, this.#signal)) ?? this.#end('quit')
  }

  #end(ended: 'quit' | 'again'): never {
    this.ended = ended
    throw new RunStopped()
  }

  #show(item: Item): void {
    if (item.kind === 'prose') this.#view.stepProse(fillRemembered(item.markdown, this.#sight.remembered))
    if (item.kind === 'aside' && item.role === 'note') this.#view.aside(item)
  }

  /** The student's place is reached: from here on everything is shown, the step's text once more. */
  #endRebuild(): void {
    const rebuild = this.#rebuild
    if (!rebuild) return
    this.#rebuild = undefined
    this.#view.rebuilt(rebuild.differences, this.#lab, this.#keeper.progress.ownWay ? 'reset' : 'r')
    if (this.#shown.length === 0) return
    this.#view.step(this.#step, this.#lab.steps.indexOf(this.#step), this.#lab.steps.length)
    for (const item of this.#shown) this.#show(item)
    this.#helper.showKnownHints()
    this.#view.dim('\n  (What you had done so far in this step was done again.)')
  }
}

type PaceOptions = Pick<OwnWayOptions, 'signal' | 'interruptible' | 'plain' | 'joint' | 'window'>
