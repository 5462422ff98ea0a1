import { fillRemembered } from '../lab/expected.ts'
import type { Block, CheckItem, Command, Item, Lab, Question, Step } from '../lab/lab.ts'
import { type Extra, type Pace, RunStopped, type Sight } from '../run/pace.ts'
import type { CheckResult, CommandResult } from '../run/results.ts'
import { rightAnswer } from './answer.ts'
import { askOrQuit } from './ask.ts'
import { Closing } from './closing.ts'
import { Helper } from './helper.ts'
import type { Keeper } from './keeper.ts'
import { OwnSteps } from './own/own-steps.ts'
import type { OwnWayOptions } from './own/own-way.ts'
import type { OwnCommand } from './own/recorder.ts'
import { Prompts } from './prompts.ts'
import { type Asking, askQuestion, showAnswered } from './question.ts'
import { Resume } from './resume.ts'
import type { GuideView } from './view.ts'
import { wanted } from './words.ts'

/** The student sets the pace: everything waits for the Enter key. What was done before is done again without asking. */
export class StudentPace implements Pace {
  readonly #lab: Lab
  readonly #view: GuideView
  readonly #keeper: Keeper
  readonly #signal: AbortSignal
  readonly #helper: Helper
  readonly #ownSteps: OwnSteps
  readonly #prompts: Prompts
  readonly #asking: Asking
  readonly #closing: Closing
  readonly #resume: Resume
  #sight!: Sight
  #wholeBlock: { readonly block: Block; readonly choice: 'run' | 'skip' } | undefined
  #step!: Step
  /** The lab's command that is next, or the first one not yet decided on. */
  #next = 0
  /** The check or the question at which more is typed. */
  #at: { readonly line: number; readonly column: number } | undefined
  /** What ended the run before its end: the student has quit, or wants the world as it was before. */
  ended: 'quit' | 'again' | undefined

  /** `signal`: what ends labrun itself, as closing the window does; `interruptible`: what Ctrl-C ends. */
  constructor(lab: Lab, view: GuideView, keeper: Keeper, options: PaceOptions) {
    this.#lab = lab
    this.#view = view
    this.#keeper = keeper
    this.#signal = options.signal
    const ask = async (message: string) => await this.#line(message, false)
    const askAside = async (message: string) => await this.#line(message, true)
    const helper = new Helper(lab, view, keeper, { ask: askAside, again: () => this.#end('again') })
    this.#helper = helper
    this.#ownSteps = new OwnSteps({
      ...{ lab, view, keeper, helper, ask: askAside, ...options },
      typed: (command, terminal) => this.#ownTyped(command, terminal),
      quit: () => this.#end('quit'),
    })
    const isElsewhere = (terminal: string) => this.#ownSteps.has(terminal)
    this.#prompts = new Prompts({ view, keeper, helper, ask, isElsewhere })
    const lookAround = async () => await this.#ownSteps.lookAround()
    this.#asking = { view, keeper, ask, help: async (answer) => await this.#helpAtQuestion(answer), lookAround }
    this.#closing = new Closing(lab, { view, keeper, helper, ownSteps: this.#ownSteps, prompts: this.#prompts })
    this.#resume = new Resume(lab, { view, keeper, helper })
  }

  async step(step: Step): Promise<void> {
    this.#step = step
    this.#wholeBlock = undefined
    this.#next = this.#keeper.numbers.firstOf(step)
    this.#helper.begin(step)
    this.#view.step(step, this.#lab.steps.indexOf(step), this.#lab.steps.length)
    if (this.#resume.rebuild?.isOverAtStep(step)) this.#resume.end()
    if (!this.#resume.rebuild) this.#keeper.step(step)
  }

  async item(item: Item, step: Step, sight: Sight): Promise<Extra | undefined> {
    this.#sight = sight
    await this.#helper.see(sight)
    if (item.kind === 'prose') this.#view.stepProse(fillRemembered(item.markdown, sight.remembered))
    if (item.kind === 'aside' && item.role === 'note') this.#view.aside(item)
    return item.kind === 'question' ? await this.#question(item, step) : undefined
  }

  async command(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    if (block.role === 'setup') return (await this.#ownSteps.elsewhere(block)) ?? 'run'
    const number = this.#keeper.numbers.of(command)!
    this.#next = number
    const again = this.#resume.rebuild?.atCommand(command, block)
    if (again) {
      // What is typed from here on comes after it, also when this is the last thing that is done again.
      if (again === 'run' || again === 'skip') this.#next = number + 1
      return this.#resume.doAgain(again)
    }
    this.#resume.end()
    if (this.#wholeBlock?.block === block) return await this.#decide(command, block, step, this.#wholeBlock.choice)
    if (this.#ownSteps.isDone(block)) return await this.#decide(command, block, step, 'skip')
    const own = await this.#ownSteps.atBlock(block, step, this.#sight)
    if (own) return await this.#decide(command, block, step, own)
    const elsewhere = block.role === 'solution' ? undefined : await this.#ownSteps.elsewhere(block, command)
    if (elsewhere) return await this.#decide(command, block, step, elsewhere)
    const answer =
      block.role === 'solution'
        ? await this.#prompts.atTask(block, step)
        : await this.#prompts.atCommand(command, block)
    if (answer === 'do') {
      this.#keeper.goes(true)
      return await this.command(command, block, step)
    }
    if (!('choice' in answer)) return answer
    if (answer.ofAll) this.#wholeBlock = { block, choice: answer.choice }
    return await this.#decide(command, block, step, answer.choice)
  }

  async background(block: Block, step: Step): Promise<'run' | 'skip'> {
    if (this.#resume.rebuild) return this.#resume.rebuild.wasStartedElsewhere(block) ? 'skip' : 'run'
    const choice = (await this.#ownSteps.elsewhere(block)) ?? 'run'
    if (choice === 'skip') this.#keeper.startedElsewhere(block, step)
    return choice
  }

  async commandEnded(result: CommandResult, step: Step, command: Command, block: Block): Promise<void> {
    if (block.role === 'setup') {
      // What sets a step up is no change that the student has made.
      if (this.#next === this.#keeper.numbers.firstOf(step)) this.#view.map.seen = undefined
      return
    }
    if (this.#resume.rebuild) return this.#resume.rebuild.commandEnded(command, result)
    // What the end of labrun itself has interrupted was not done: it is asked for again.
    if (!this.#signal.aborted) this.#keeper.ran(this.#keeper.numbers.of(command)!, step, block.terminal, result)
  }

  async extraEnded({ exit, duration: took, text, ...result }: CommandResult, { terminal }: Extra): Promise<void> {
    if (this.#resume.rebuild) return this.#resume.rebuild.extraEnded({ exit, duration: took, text, ...result })
    if (this.#signal.aborted || this.#helper.isOver) return
    const at = this.#at ? { at: this.#at } : {}
    this.#keeper.typed({ step: this.#step.id, before: this.#next, ...at, terminal, text, exit, took })
  }

  knows(item: CheckItem, step: Step): CheckResult | undefined {
    return this.#resume.rebuild
      ? this.#resume.rebuild.knows(item, step, this.#sight.watches(item))
      : this.#ownSteps.shown(item)
  }

  async beforeCheck(item: CheckItem): Promise<Extra | undefined> {
    const again = this.#resume.rebuild?.atCheck(item)
    if (again === 'over') this.#resume.end()
    else if (again) return this.#resume.doAgain(again)
    return undefined
  }

  async check(result: CheckResult, item: CheckItem, step: Step, at = item): Promise<'go-on' | 'again' | Extra> {
    if (result.status !== 'passed' && this.#resume.rebuild?.isPlace(item)) {
      this.#resume.end()
      this.#view.verdict(result)
    }
    if (this.#resume.rebuild) {
      this.#resume.rebuild.checkEnded(result)
      return 'go-on'
    }
    if (this.#signal.aborted) throw new RunStopped()
    this.#keeper.check(result, step, { below: at !== item })
    this.#at = undefined
    if (result.status === 'passed') return 'go-on'
    this.#helper.afterFailure(result)
    this.#at = { line: at.line, column: at.column }
    const choice = await this.#atFailedCheck(item, result, step)
    if (choice !== 'go-on') return choice
    this.#at = undefined
    this.#keeper.check(result, step, { left: true })
    return choice
  }

  /** Whatever was done again has been done. */
  async end(sight: Sight): Promise<Extra | undefined> {
    this.#resume.end()
    this.#keeper.finish()
    this.#sight = sight
    try {
      return await this.#closing.lookAround(sight)
    } catch (error) {
      // Who quits here has finished.
      if (!(error instanceof RunStopped) || this.ended === 'again' || this.#signal.aborted) throw error
      this.ended = undefined
      return undefined
    }
  }

  async #atFailedCheck(item: CheckItem, result: CheckResult, step: Step): Promise<'go-on' | 'again' | Extra> {
    for (;;) {
      const choice = (await this.#ownSteps.atCheck(item, step, this.#sight)) ?? (await this.#prompts.atCheck(result))
      if (choice !== 'do') return choice
      this.#keeper.goes(true)
    }
  }

  #ownTyped(command: OwnCommand, terminal: string): void {
    if (this.#signal.aborted || this.#resume.rebuild || this.#helper.isOver) return
    const at = this.#at ? { at: this.#at } : {}
    this.#keeper.typed({ step: this.#step.id, before: this.#next, ...at, terminal, ...command })
  }

  async #question(question: Question, step: Step): Promise<Extra | undefined> {
    const again = this.#resume.rebuild?.atQuestion(question)
    if (again === 'over') this.#resume.end()
    else if (again) return this.#resume.doAgain(again)
    if (this.#resume.rebuild) {
      showAnswered(question, this.#resume.rebuild.answerTo(question), this.#view)
      return undefined
    }
    this.#at = { line: question.line, column: 0 }
    this.#helper.question = question
    await this.#ownSteps.atQuestion(question, step, this.#sight)
    await askQuestion(question, step, () => rightAnswer(question, this.#sight), this.#asking)
    this.#helper.question = undefined
    this.#at = undefined
    return undefined
  }

  async #helpAtQuestion(answer: string): Promise<boolean> {
    if (wanted(answer)?.word !== 'follow' || !this.#keeper.progress.ownWay)
      return await this.#helper.help(answer, 'question')
    await this.#ownSteps.follow()
    return true
  }

  /** Another window may have been opened at the terminal while the student was asked. */
  async #decide(command: Command, block: Block, step: Step, choice: 'run' | 'skip'): Promise<'run' | 'skip'> {
    const decided = choice === 'run' ? ((await this.#ownSteps.elsewhere(block, command)) ?? 'run') : 'skip'
    this.#next = this.#keeper.numbers.of(command)! + 1
    if (decided === 'skip') this.#keeper.leave(this.#next - 1, step)
    return decided
  }

  async #line(message: string, isAside: boolean): Promise<string> {
    return (await askOrQuit(message, isAside, this.#signal)) ?? this.#end('quit')
  }

  #end(ended: 'quit' | 'again'): never {
    this.ended = ended
    throw new RunStopped()
  }
}

type PaceOptions = Pick<OwnWayOptions, 'signal' | 'interruptible' | 'plain' | 'joint' | 'window'>
