import type { Aside, Block, Lab, Question, Step } from '../lab/lab.ts'
import type { Sight } from '../run/pace.ts'
import { type CheckResult, isAbsent } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import type { Network } from '../topology/network.ts'
import { insteadOf } from './help.ts'
import type { Keeper } from './keeper.ts'
import { readSettings, writeSettings } from './settings.ts'
import type { GuideView } from './view.ts'
import { wanted } from './words.ts'

/** In a shell of the student's own. */
const ANSWER = 'The answer is shown at the question: next goes back there, and then solution.'

/** Where the student is asked. */
export type Prompt =
  | 'command'
  | 'task'
  | 'check'
  | 'question'
  | 'end'
  | 'own'
  | 'own-question'
  | 'own-end'
  | 'own-other'

interface Ways {
  ask(message: string): Promise<string>
  again(): never
}

/** What a student can ask for at every prompt: hints, the solution, the map, a step back. */
export class Helper {
  readonly #lab: Lab
  readonly #view: GuideView
  readonly #keeper: Keeper
  readonly #ask: Ways['ask']
  readonly #again: Ways['again']
  #step!: Step
  #hints: readonly Aside[] = []
  #sight: Sight | undefined
  #hasTried = true
  /** The one that is to be answered here. */
  question: Question | undefined
  /** The last step is over: what is typed now is not part of the lab. */
  isOver = false

  /** `ask` shows a prompt and resolves to the line; `again` ends the run, to build the world again. */
  constructor(lab: Lab, view: GuideView, keeper: Keeper, { ask, again }: Ways) {
    this.#lab = lab
    this.#view = view
    this.#keeper = keeper
    this.#ask = ask
    this.#again = again
  }

  begin(step: Step): void {
    this.#step = step
    this.#hints = step.items.filter((item) => item.kind === 'aside' && item.role === 'hint') as Aside[]
    this.#hasTried = true
  }

  /** The world can be looked at from here. */
  async see(sight: Sight): Promise<void> {
    this.#sight = sight
    if (!this.#view.muted && readSettings().map) this.#view.map.seen ??= await this.#network()
  }

  /** The student has done something: what fails after it is another try. */
  tried(): void {
    this.#hasTried = true
  }

  /** After each failed try there is one more hint. Looking again is no try, and what labrun cannot find out is no failure. */
  afterFailure(result: CheckResult): void {
    if ((result.status === 'failed' || isAbsent(result)) && this.#hasTried && this.#left() > 0) this.#hint()
    this.#hasTried = false
  }

  /** What was shown of the hints before, once more. */
  showKnownHints(): void {
    for (const hint of this.#hints.slice(0, this.#keeper.hintsOf(this.#step.id))) this.#view.aside(hint)
  }

  /** Whether the answer asked for something here, which is done then. */
  async help(answer: string, at: Prompt): Promise<boolean> {
    const asked = wanted(answer)
    const prompt = at === 'own' ? this.#own : at
    switch (asked?.word) {
      case 'help':
        this.#view.help(prompt)
        return true
      case 'hint':
        this.#hint()
        return true
      case 'solution':
        this.#solution()
        return true
      case 'map':
        await this.#map(asked.choice)
        return true
      case 'back':
        await this.#takeBack(this.#stepBack, 'back')
        return true
      case 'reset':
        await this.#takeBack(this.#step, 'reset')
        return true
      case 'follow':
        this.#view.say('  You follow already. (d: do it yourself)')
        return true
      case 'check':
      case 'why':
      case 'next':
        this.#view.say(`  ${insteadOf(asked.word, prompt)}`)
        return true
      default:
        return false
    }
  }

  /** Why nothing is looked at in the student's own shell where there are no checks. */
  nothingToCheck(): string {
    return insteadOf('check', this.#own)
  }

  get #own(): Prompt {
    return this.isOver ? 'own-end' : this.question ? 'own-question' : 'own'
  }

  get #stepBack(): Step | undefined {
    return this.isOver ? this.#step : this.#lab.steps[this.#lab.steps.indexOf(this.#step) - 1]
  }

  #left(): number {
    return this.#hints.length - this.#keeper.hintsOf(this.#step.id)
  }

  #hint(): void {
    const hint = this.#hints[this.#keeper.hintsOf(this.#step.id)]
    if (!hint) {
      this.#view.say(
        this.#hints.length === 0 ? '  This step has no hints.' : '  There is no further hint in this step.',
      )
      return
    }
    this.#view.aside(hint)
    this.#keeper.hint(this.#step)
    const solution = this.#solutions().length > 0 ? ` There is a solution: ${this.#word('s', 'solution')}.` : ''
    const more = `  (${this.#word('h', 'hint')}: another hint, ${this.#left()} left)`
    this.#view.dim(this.#left() > 0 ? more : `  (That was the last hint.${solution})`)
  }

  /** Shown only: the student's own commands stand, and those of the solution might not go together with them. */
  #solution(): void {
    if (this.question) {
      const isEdition = this.question.answer === undefined
      this.#view.say(isEdition ? '  There are no answers in this edition of the lab.' : `  ${ANSWER}`)
      return
    }
    const blocks = this.#solutions()
    if (blocks.length === 0) {
      const isTask = this.#step.items.some((item) => item.kind === 'block' && item.role === 'solution')
      this.#view.say(
        isTask
          ? '  There is no solution in this edition of the lab.'
          : '  This step has no solution to show: its commands are in the text.',
      )
      return
    }
    this.#keeper.solution(this.#step)
    this.#view.solution(blocks, this.#word('r', 'reset'))
  }

  /** A student's edition has tasks without a solution. */
  #solutions(): readonly Block[] {
    return this.#step.items.filter(
      (item): item is Block => item.kind === 'block' && item.role === 'solution' && item.commands.length > 0,
    )
  }

  /** What is typed for it: a letter at a prompt of labrun's, a word in a shell of the student's own. */
  #word(letter: string, word: string): string {
    return this.#keeper.progress.ownWay ? word : letter
  }

  async #map(choice: string | undefined): Promise<void> {
    if (choice) {
      const trouble = writeSettings({ ...readSettings(), map: choice === 'on' })
      const what =
        choice === 'on' ? 'The map is drawn after each step that changes it.' : 'The map is drawn when you ask for it.'
      this.#view.say(`  ${what}${trouble ? ` (Only for now: this cannot be kept: ${trouble})` : ''}`)
      return
    }
    const network = await this.#network()
    if (network) this.#view.map.draw(network)
    else this.#view.say('  ! The network cannot be looked at now.')
    if (!readSettings().map) this.#view.map.seen = network
    if (!readSettings().map) this.#view.dim(`  (${this.#word('m', 'map')} on draws it after each step that changes it)`)
  }

  async #network(): Promise<Network | undefined> {
    return await this.#sight?.network().catch(() => undefined)
  }

  async #takeBack(to: Step | undefined, type: 'back' | 'reset'): Promise<void> {
    if (!to) {
      this.#view.say(`  This is the first step. (${this.#word('r', 'reset')} begins it anew.)`)
      return
    }
    const typed = this.#keeper.typedFrom(to)
    if (typed > 0) {
      const what = typed === 1 ? 'a command of your own' : `${typed} commands of your own`
      const title = sanitize(to.title)
      const [before, here] = this.isOver ? ['the last step', 'the last step'] : ['the step before', 'this step']
      const where = type === 'back' ? `Back to the beginning of ${before} (${title})` : `Begin ${here} anew (${title})`
      this.#view.say(`  ${where}? This undoes ${what}.`)
      const answer = await this.#ask('y: yes · Enter: no')
      if (!/^y(es)?$/i.test(answer.trim())) return
    }
    this.#keeper.takeBack(to, type)
    this.#again()
  }
}
