import type { Block, Command, Step } from '../lab/lab.ts'
import type { Extra } from '../run/pace.ts'
import type { CheckResult } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import { promptText } from './help.ts'
import type { Helper } from './helper.ts'
import type { Keeper } from './keeper.ts'
import type { GuideView } from './view.ts'
import { wanted } from './words.ts'

interface Surroundings {
  readonly view: GuideView
  readonly keeper: Keeper
  readonly helper: Helper
  /** Shows a prompt; resolves to the line. */
  readonly ask: (message: string) => Promise<string>
  /** Whether a terminal is somebody's in another window. */
  readonly isElsewhere: (terminal: string) => boolean
}

/** What becomes of a command of the lab, or `ofAll` that are left of its block. */
interface Choice {
  readonly choice: 'run' | 'skip'
  readonly ofAll: boolean
}

/** Asks a student who follows, until an answer says how to go on; what else is asked for is done meanwhile. */
export class Prompts {
  readonly #around: Surroundings

  constructor(around: Surroundings) {
    this.#around = around
  }

  /** At a command that is shown; `do`: in a shell of the student's own. */
  async atCommand({ text }: Command, { terminal }: Block): Promise<Choice | 'do' | Extra> {
    const { view, helper, ask, isElsewhere } = this.#around
    for (;;) {
      view.next(text, terminal)
      const answer = await ask(promptText('command'))
      // Who types what is shown has done it.
      if (answer === '' || answer.trim() === text.trim()) return { choice: 'run', ofAll: false }
      if (answer === 'a') return { choice: 'run', ofAll: true }
      if (answer === 's') return { choice: 'skip', ofAll: false }
      if (wanted(answer)?.word === 'do') return 'do'
      if (await helper.help(answer, 'command')) continue
      if (!isElsewhere(terminal)) return this.#typed(answer, terminal)
      view.say(`  You have the terminal ${sanitize(terminal)} in another window: type it there.`)
    }
  }

  /** At a task that is the student's to solve. */
  async atTask({ commands }: Block, step: Step): Promise<Choice | 'do' | Extra> {
    const { view, keeper, helper, ask } = this.#around
    for (;;) {
      const solution = commands.length > 0 ? ', s for the solution' : ''
      view.say(`\n  It is your turn: type commands; Enter when you are done${solution}.`)
      const answer = await ask(promptText('task'))
      const word = wanted(answer)?.word
      if (answer === '' || word === 'next' || word === 'check') return { choice: 'skip', ofAll: true }
      if (answer === 's' && commands.length > 0) {
        keeper.solution(step)
        return { choice: 'run', ofAll: true }
      }
      if (word === 'do') return 'do'
      if (!(await helper.help(answer, 'task'))) return this.#typed(answer, 'main')
    }
  }

  /** At a check that does not hold. */
  async atCheck(result: CheckResult): Promise<'again' | 'go-on' | 'do' | Extra> {
    const { view, helper, ask } = this.#around
    for (;;) {
      const answer = await ask(promptText('check'))
      const word = wanted(answer)?.word
      if (answer === '' || word === 'check') return 'again'
      if (answer === 'g' || word === 'next') return 'go-on'
      if (word === 'do') return 'do'
      if (word === 'why') view.verdict(result)
      else if (!(await helper.help(answer, 'check'))) return this.#typed(answer, 'main')
    }
  }

  /** After the last step, in its world. */
  async atEnd(): Promise<'over' | 'do' | Extra> {
    const { helper, ask } = this.#around
    for (;;) {
      const answer = await ask(promptText('end'))
      const word = wanted(answer)?.word
      if (answer === '' || word === 'next') return 'over'
      if (word === 'do') return 'do'
      if (!(await helper.help(answer, 'end'))) return this.#typed(answer, 'main')
    }
  }

  #typed(text: string, terminal: string): Extra {
    this.#around.helper.tried()
    return { terminal, text: text.trim() }
  }
}
