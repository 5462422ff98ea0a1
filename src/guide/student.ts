import { fillRemembered } from '../lab/expected.ts'
import type { Aside, Block, CheckItem, Command, Item, Lab, Question, Step } from '../lab/lab.ts'
import { type Extra, type Pace, RunStopped, type Sight } from '../run/pace.ts'
import type { CheckResult, CommandResult } from '../run/results.ts'
import { answerFits, rightAnswer } from './answer.ts'
import { AskingEnded, askLine } from './ask.ts'
import { digestOf, type Progress, type Typed, writeProgress } from './progress.ts'
import type { GuideView } from './view.ts'

const HELP = `
  Enter      run the command that is shown
  a          run it and the rest of its block
  h          a hint          s   the solution, or skip this command where there is none
  m          a map of the network as it is now
  q          quit; labrun keeps your place          ?   this help
  anything else is run as a command of your own, in the same terminal
             (put a space before a command of a single letter)`

/** The student sets the pace: everything waits for the Enter key. What was done before is done again without asking. */
export class StudentPace implements Pace {
  readonly #lab: Lab
  readonly #view: GuideView
  readonly #progress: Progress | undefined
  /** What must be typed again before the command of that number. */
  #again: Typed[]
  #typed: Typed[] = []
  #left: number[] = []
  #done = 0
  #wholeBlock: { readonly block: Block; readonly choice: 'run' | 'skip' } | undefined
  #asides: Aside[] = []
  #step: Step | undefined
  #shown: Item[] = []
  #sight: Sight | undefined
  #saidUnsaved = false
  /** What is running now; where the world dies with it, it was not done. */
  #running: 'lab' | 'typed' | undefined
  /** The student has quit. */
  stopped = false

  constructor(lab: Lab, view: GuideView, progress: Progress | undefined) {
    this.#lab = lab
    this.#view = view
    this.#progress = progress
    this.#again = [...(progress?.typed ?? [])]
    view.muted = progress !== undefined && (progress.done > 0 || progress.typed.length > 0)
  }

  async step(step: Step): Promise<void> {
    this.#running = undefined
    this.#step = step
    this.#asides = step.items.filter((item) => item.kind === 'aside')
    this.#shown = []
    this.#wholeBlock = undefined
    this.#endReplayIfDone()
    this.#view.step(step, this.#lab.steps.indexOf(step), this.#lab.steps.length)
  }

  async item(item: Item, _step: Step, sight: Sight): Promise<void> {
    this.#running = undefined
    this.#sight = sight
    const shown = item.kind === 'prose' ? { ...item, markdown: fillRemembered(item.markdown, sight.remembered) } : item
    this.#shown.push(shown)
    this.#show(shown)
    if (item.kind === 'question' && !this.#view.muted) await this.#question(item, sight)
  }

  async command(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra> {
    this.#running = undefined
    const again = this.#again.findIndex((typed) => typed.before === this.#done)
    if (again >= 0) {
      const [typed] = this.#again.splice(again, 1) as [Typed]
      this.#typed.push(typed)
      this.#running = 'typed'
      return typed
    }
    if (block.role === 'setup') return 'run'
    if (this.#progress && this.#view.muted && this.#done < this.#progress.done) {
      return this.#decided(this.#progress.left.includes(this.#done) ? 'skip' : 'run')
    }
    this.#endReplayIfDone()
    if (this.#wholeBlock?.block === block) return this.#decided(this.#wholeBlock.choice)
    this.#save(step)
    const task = block.role === 'solution'
    if (task) {
      const solved = block.commands.length > 0 ? ', s for the solution' : ''
      this.#view.say(`\n  It is your turn: type commands; Enter when you are done${solved}.`)
    } else this.#view.next(command.text)
    return await this.#ask(task, block)
  }

  async commandEnded(_result: CommandResult, step: Step): Promise<void> {
    this.#running = undefined
    if (!this.#view.muted) this.#save(step)
  }

  async check(_result: CheckResult, _item: CheckItem, step: Step): Promise<'go-on' | 'again' | Extra> {
    this.#running = undefined
    if (this.#view.muted) return 'go-on'
    this.#save(step)
    for (;;) {
      const answer = await this.#line(
        'Enter: look again · g: go on all the same · h: hint · q: quit · or type a command',
      )
      if (answer === '') return 'again'
      if (answer === 'g') return 'go-on'
      if (!(await this.#helped(answer))) return this.#extra(answer)
    }
  }

  /** Keeps the place, for the next time. */
  save(finished: boolean): void {
    if (finished) this.#running = undefined
    if (this.#step) this.#save(this.#step, finished)
  }

  async #ask(task: boolean, block: Block): Promise<'run' | 'skip' | Extra> {
    const isSolved = block.commands.length > 0
    const solution = isSolved ? ' · s: solution' : ''
    for (;;) {
      const answer = await this.#line(!task ? 'Enter: run it · ?: help' : `Enter: done${solution} · h: hint · q: quit`)
      if (answer === '') return task ? this.#allOf(block, 'skip') : this.#decided('run')
      if (await this.#helped(answer)) continue
      if (answer === 's' && !isSolved) this.#view.say('  There is no solution in this edition of the lab.')
      else if (answer === 's') return task ? this.#allOf(block, 'run') : this.#decided('skip')
      else if (answer === 'a') {
        return this.#allOf(block, 'run')
      } else return this.#extra(answer)
    }
  }

  /** A solution is done, or left, as a whole. */
  #allOf(block: Block, choice: 'run' | 'skip'): 'run' | 'skip' {
    this.#wholeBlock = { block, choice }
    return this.#decided(choice)
  }

  #decided(choice: 'run' | 'skip'): 'run' | 'skip' {
    if (choice === 'skip') this.#left.push(this.#done)
    else this.#running = 'lab'
    this.#done++
    return choice
  }

  #extra(text: string): Extra {
    const typed = { before: this.#done, terminal: 'main', text: text.trim() }
    this.#typed.push(typed)
    this.#running = 'typed'
    return typed
  }

  /** What can be asked for at every prompt. */
  async #helped(answer: string): Promise<boolean> {
    if (answer === '?') this.#view.say(HELP)
    else if (answer === 'h') this.#hint()
    else if (answer === 'm' && this.#sight) this.#view.map(await this.#sight.network())
    else return false
    return true
  }

  #hint(): void {
    const hint = this.#asides.find((aside) => aside.role === 'hint')
    if (!hint) {
      this.#view.say('  There is no further hint in this step.')
      return
    }
    this.#asides = this.#asides.filter((aside) => aside !== hint)
    this.#view.aside(hint)
  }

  async #question(question: Question, sight: Sight): Promise<void> {
    this.#view.prose(`**Question.** ${question.ask}`)
    for (const choice of question.choices) this.#view.say(`    ${choice}`)
    if (question.answer === undefined) {
      const given = await this.#line('your answer (Enter: skip)')
      if (given !== '') this.#view.say('  Noted: whether it is right, your instructor will see.')
      return
    }
    const right = await rightAnswer(question, sight)
    for (;;) {
      const answer = await this.#line('your answer (Enter: skip)')
      if (answer === '') return
      const fits = answerFits(right, answer, question.tolerance)
      this.#view.say(fits ? '  ✓ Right.' : '  ✗ Not quite. Try again, or press Enter to go on.')
      if (fits && question.why) this.#view.prose(question.why)
      if (fits) return
    }
  }

  async #line(message: string): Promise<string> {
    try {
      const line = await askLine(message)
      if (line.trimEnd() !== 'q') return line.startsWith(' ') ? line : line.trim()
    } catch (error) {
      if (!(error instanceof AskingEnded)) throw error
    }
    this.stopped = true
    throw new RunStopped()
  }

  #show(item: Item): void {
    if (item.kind === 'prose') this.#view.prose(withoutHeading(item.markdown))
    if (item.kind === 'aside' && item.role === 'note') this.#view.aside(item)
  }

  /** The place is reached where the student left: from here on everything is shown, the step's text once more. */
  #endReplayIfDone(): void {
    if (!this.#view.muted || this.#again.length > 0 || this.#done < (this.#progress?.done ?? 0)) return
    this.#view.muted = false
    const [step] = [this.#step]
    if (!step || this.#shown.length === 0) return
    this.#view.step(step, this.#lab.steps.indexOf(step), this.#lab.steps.length)
    for (const item of this.#shown) this.#show(item)
    this.#view.dim('\n  (What you had done so far in this step was done again.)')
  }

  #save(step: Step, finished = false): void {
    const progress = {
      digest: digestOf(this.#lab),
      step: step.id,
      done: this.#done - (this.#running === 'lab' ? 1 : 0),
      left: this.#left,
      typed: this.#running === 'typed' ? this.#typed.slice(0, -1) : this.#typed,
      finished,
    }
    const trouble = writeProgress(this.#lab, progress)
    if (!trouble || this.#saidUnsaved) return
    this.#saidUnsaved = true
    this.#view.say(`  ! Your place cannot be kept: ${trouble}`)
  }
}

/** The step's title stands above it already. */
function withoutHeading(markdown: string): string {
  return markdown.replace(/^\s*##[^\n#][^\n]*\n/, '')
}
