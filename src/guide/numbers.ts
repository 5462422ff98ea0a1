import type { Command, Lab, Step } from '../lab/lab.ts'
import { taskOf } from '../run/task.ts'

/** The numbers, from 0, of the commands of a lab that a student decides on: not those of setup and background blocks. The task of an edition counts as one. */
export class Numbers {
  readonly #steps: readonly Step[]
  readonly #numbers = new Map<Command, number>()
  /** Of each step, the number of its first command, or of the next one where it has none. */
  readonly #firsts: number[] = []

  constructor({ steps }: Lab) {
    this.#steps = steps
    for (const { items } of steps) {
      this.#firsts.push(this.#numbers.size)
      for (const item of items) {
        if (item.kind !== 'block' || item.role === 'setup' || item.background) continue
        const commands = item.commands.length > 0 ? item.commands : [taskOf(item)]
        for (const command of commands) this.#numbers.set(command, this.#numbers.size)
      }
    }
  }

  /** Undefined for one that nobody decides on. */
  of(command: Command): number | undefined {
    return this.#numbers.get(command)
  }

  get count(): number {
    return this.#numbers.size
  }

  firstOf(step: Step): number {
    return this.#firsts[this.#steps.indexOf(step)] ?? 0
  }

  /** The step with the command of that number; the last one if there are no more commands. */
  stepAt(number: number): Step | undefined {
    return this.#steps.findLast((_, index) => this.#firsts[index]! <= number)
  }
}
