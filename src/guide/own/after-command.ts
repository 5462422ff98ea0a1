import type { Notice } from './notice.ts'
import type { OwnWayOptions } from './own-way.ts'
import type { OwnCommand } from './recorder.ts'
import type { Seat } from './seat.ts'
import { wordInstead } from './shell-words.ts'

/** Milliseconds after which it is looked once more: the kernel settles some things a little later. */
const LATER = 700

/** After each command in a shell: keeps it, looks at what holds now, and tells it above the prompt. */
export class AfterCommand {
  /** What is looked at. */
  notice: Notice | undefined
  /** All was told while the command line ran. */
  isTold = false
  /** Settles when the commands that have ended are kept: what is asked after them comes after them. */
  kept: Promise<void> = Promise.resolve()
  /** Of the command that has ended last. */
  #number = 0
  readonly #around: Pick<OwnWayOptions, 'view' | 'helper' | 'typed'>

  constructor(around: Pick<OwnWayOptions, 'view' | 'helper' | 'typed'>) {
    this.#around = around
  }

  /** Commands have ended in a window, the first or another one, which is at its prompt again. */
  async ended(commands: readonly OwnCommand[], seat: Seat, isFirst: boolean): Promise<void> {
    const { isTold, notice } = this
    this.isTold = false
    const [first, ...more] = commands
    if (!first) return
    const instead = more.length === 0 ? wordInstead(first, isFirst) : undefined
    if (instead !== undefined) return await seat.say(this.#line(instead, seat))
    const number = ++this.#number
    const looking = notice?.afterCommand()
    this.kept = this.#keep(commands, seat)
    await this.kept
    const line = await looking
    if (line === undefined || isTold || notice !== this.notice) return
    await seat.say(this.#line(line, seat))
    await new Promise((resolve) => setTimeout(resolve, LATER).unref())
    if (seat.isBusy || notice !== this.notice || number !== this.#number) return
    const later = await notice?.later()
    if (later !== undefined && later !== line && !seat.isBusy) await seat.say(this.#line(later, seat))
  }

  /** While the world looks, the disk is waited for. */
  async #keep(commands: readonly OwnCommand[], seat: Seat): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    for (const command of commands) this.#around.typed(command, seat.terminal)
    this.#around.helper.tried()
  }

  #line(line: string, { window }: Seat): string {
    return this.#around.view.stateLine(line, window.size.cols)
  }
}
