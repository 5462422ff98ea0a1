import type { Lab } from '../lab/lab.ts'
import type { Helper } from './helper.ts'
import type { Keeper } from './keeper.ts'
import { Rebuild } from './rebuild.ts'
import type { GuideView } from './view.ts'

interface Surroundings {
  readonly view: GuideView
  readonly keeper: Keeper
  readonly helper: Helper
}

/** What was done before is done again without asking and unseen, until the student's place is reached. */
export class Resume {
  readonly #lab: Lab
  readonly #around: Surroundings
  #rebuild: Rebuild | undefined

  constructor(lab: Lab, around: Surroundings) {
    this.#lab = lab
    this.#around = around
    const { view, keeper } = around
    const rebuild = new Rebuild(lab, keeper.progress, keeper.numbers)
    if (rebuild.total > 0 || keeper.progress.checks.length > 0) this.#rebuild = rebuild
    view.muted = this.#rebuild !== undefined
    view.map.seen = undefined
  }

  /** Undefined: the place is reached. */
  get rebuild(): Rebuild | undefined {
    return this.#rebuild
  }

  /** Something is done again: tells how far it is. */
  doAgain<T>(what: T): T {
    if (this.#rebuild) this.#around.view.rebuilding(this.#rebuild.count, this.#rebuild.total)
    return what
  }

  /** The student's place is reached: from here on everything is shown, and first what the step has had until here. */
  end(): void {
    const rebuild = this.#rebuild
    if (!rebuild) return
    this.#rebuild = undefined
    const { view, keeper, helper } = this.#around
    const wasBegun = view.rebuilt(rebuild.differences, this.#lab, keeper.progress.ownWay ? 'reset' : 'r')
    helper.showKnownHints()
    if (wasBegun) view.dim('\n  (What you had done so far in this step was done again.)')
  }
}
