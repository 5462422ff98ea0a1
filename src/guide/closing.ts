import { isStep, type Lab } from '../lab/lab.ts'
import type { Extra, Sight } from '../run/pace.ts'
import type { Helper } from './helper.ts'
import type { Keeper } from './keeper.ts'
import type { OwnSteps } from './own/own-steps.ts'
import type { Prompts } from './prompts.ts'
import type { GuideView } from './view.ts'

interface Surroundings {
  readonly view: GuideView
  readonly keeper: Keeper
  readonly helper: Helper
  readonly ownSteps: OwnSteps
  readonly prompts: Prompts
}

/** After the last step: what the author says at the end can be tried, because the network is still there. */
export class Closing {
  readonly #lab: Lab
  readonly #around: Surroundings

  constructor(lab: Lab, around: Surroundings) {
    this.#lab = lab
    this.#around = around
  }

  /** Until the student leaves: a command to run; undefined: the student leaves, or the author says nothing at the end. */
  async lookAround(sight: Sight): Promise<Extra | undefined> {
    const { view, keeper, helper, ownSteps, prompts } = this.#around
    const { sections } = this.#lab
    const closing = sections.slice(sections.findLastIndex(isStep) + 1).flatMap(({ items }) => items)
    const prose = closing.filter((item) => item.kind === 'prose')
    if (prose.length === 0) return undefined
    if (!helper.isOver) {
      for (const { markdown } of prose) view.prose(markdown)
      view.say('\n  That was the last step. The network is there until you leave; what you try in it now is not kept.')
    }
    helper.isOver = true
    for (;;) {
      const choice = (await ownSteps.atEnd(sight)) ?? (await prompts.atEnd())
      if (choice === 'over') return undefined
      if (choice !== 'do') return choice
      keeper.goes(true)
    }
  }
}
