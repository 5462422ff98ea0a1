import type { Block, CheckItem, Lab } from '../../lab/lab.ts'
import { wantsColour } from '../../paint.ts'
import { type Interruptible, RunStopped, type Sight } from '../../run/pace.ts'
import type { CheckResult } from '../../run/results.ts'
import type { VisitEnd } from '../../world/visit.ts'
import type { Helper } from '../helper.ts'
import type { Keeper } from '../keeper.ts'
import type { GuideView } from '../view.ts'
import { AfterCommand } from './after-command.ts'
import { isHalfShown } from './half-shown.ts'
import type { Joint } from './joint.ts'
import { Notice } from './notice.ts'
import { OtherWindows } from './other-windows.ts'
import { exitCommand, type OwnCommand } from './recorder.ts'
import { Seat } from './seat.ts'
import { WORDS } from './shell-words.ts'
import type { Stage } from './stage.ts'
import { tellAll, tellWhy } from './tell.ts'
import { howToOpen, openPane } from './tmux.ts'
import type { Window } from './window.ts'

export interface OwnWayOptions {
  readonly lab: Lab
  readonly view: GuideView
  readonly keeper: Keeper
  readonly helper: Helper
  /** What ends labrun itself. */
  readonly signal: AbortSignal
  /** Ctrl-C while labrun is at work. */
  readonly interruptible: Interruptible
  readonly plain: boolean
  /** The terminal that labrun was started in. */
  readonly window: Window
  /** The way in for other windows. */
  readonly joint: Joint
  /** A command has been typed in a terminal. */
  readonly typed: (command: OwnCommand, terminal: string) => void
}

/** How a stay in the student's own shell ended. */
export type Parting = 'next' | 'follow' | 'quit'

/** Do it yourself: the student's own terminal is at a real shell of the world, and labrun looks at what has come of it. */
export class OwnWay {
  readonly #around: OwnWayOptions
  readonly #window: Window
  readonly #others: OtherWindows
  #sight: Sight | undefined
  #seat: Seat | undefined
  #stage: Stage | undefined
  #block: Block | undefined
  readonly #after: AfterCommand
  #part: ((how: Parting | Error) => void) | undefined
  #warned = ''

  constructor(around: OwnWayOptions) {
    this.#around = around
    this.#window = around.window
    // Who joins now waits until the world is there.
    around.joint.serve(() => {})
    this.#others = new OtherWindows(around.joint, {
      lab: around.lab,
      sit: (terminal, window) => this.#newSeat(terminal, window),
      isOutside: (name) => this.#sight!.isOutside(name),
    })
    this.#after = new AfterCommand(around)
  }

  /** Whether a terminal is somebody's in another window. */
  has(terminal: string): boolean {
    return this.#others.seatAt(terminal) !== undefined
  }

  /** Where the student is: what is looked at after commands, in all windows, and the commands of the text. */
  async at(stage: Stage, block: Block | undefined, sight: Sight): Promise<void> {
    this.#sight = sight
    this.#block = block
    if (this.#stage?.items[0] !== stage.items[0]) {
      this.#stage = stage
      this.#after.notice = new Notice(stage.checks, sight, this.#around.signal)
      if (this.#seat || this.#others.seats.length > 0) await this.#after.notice.begin()
    }
    this.#others.serve()
  }

  /** What the student's commands have shown to a check that watches commands; after `next`, also that they have not. */
  shown(check: CheckItem): CheckResult | undefined {
    return this.#after.notice?.shown(check)
  }

  /** The student is in the shell, until a word there says how to go on; `note` is said first. Rejects with RunStopped. */
  async stay(note?: string): Promise<Parting> {
    const { signal, view, keeper, helper } = this.#around
    if (signal.aborted) throw new RunStopped()
    this.#warned = ''
    await this.#after.notice?.unsettle()
    if (!this.#seat) view.ownBegins(helper.isOver)
    if (note) view.dim(`  ${note}`)
    this.#tellWhereCounted(view, !this.#seat && isHalfShown(this.#stage, this.#after.notice, keeper))
    const missing = this.#missing()
    if (missing) view.say(howToOpen(this.#around.lab, missing))
    const parting = new Promise<Parting>((resolve, reject) => {
      this.#part = (how) => (how instanceof Error ? reject(how) : resolve(how))
    })
    const stop = () => this.#part?.(new RunStopped())
    signal.addEventListener('abort', stop, { once: true })
    try {
      await this.#sit()
      return await parting
    } finally {
      signal.removeEventListener('abort', stop)
      this.#part = undefined
      this.#seat?.close()
    }
  }

  /** Ends the shell; what it has changed goes to the lab's terminal. */
  async leave(): Promise<void> {
    const seat = this.#seat
    this.#seat = undefined
    if (!seat) return
    await this.#after.notice?.unsettle()
    const { depth } = seat
    await seat.leave()
    for (let shells = depth; shells > 0; shells--) this.#around.typed(exitCommand, seat.terminal)
  }

  async #sit(): Promise<void> {
    if (this.#seat) {
      this.#seat.answer(0)
      return
    }
    await this.#after.notice?.begin()
    const seat = this.#newSeat('main', this.#window)
    this.#seat = seat
    seat.open()
    const ended = async (end: VisitEnd) => {
      if (this.#seat === seat) await this.#shellEnded(end)
    }
    void seat.left.then(ended).catch(this.#fail)
  }

  /** Not because labrun has ended it. */
  async #shellEnded(end: VisitEnd): Promise<void> {
    this.#seat = undefined
    if (end === 'inner') {
      // The lab's terminal was at a shell inside another one, so `exit` leads there.
      await this.#sight!.leaveShell('main')
      this.#around.typed(exitCommand, 'main')
      await this.#sit()
    } else if (end === 'world-gone') {
      await this.#sight!.died
    } else {
      this.#around.view.say(
        end === 'failed' ? '\n  ! The shell could not go on.' : '\n  The shell has ended. `d` opens a new one.',
      )
      this.#part?.('follow')
    }
  }

  #newSeat(terminal: string, window: Window): Seat {
    const { plain, keeper } = this.#around
    const listener = {
      ended: (commands: readonly OwnCommand[], seat: Seat) => {
        if (commands.length > 0) this.#warned = ''
        void this.#after.ended(commands, seat, seat === this.#seat).catch(this.#fail)
      },
      asked: (words: readonly string[], seat: Seat) => void this.#asked(words, seat).catch(this.#fail),
    }
    const history = keeper.progress.typed.map(({ text }) => text)
    return new Seat(this.#sight!, listener, { terminal, window, plain: plain || !wantsColour(), history, words: WORDS })
  }

  readonly #fail = (error: unknown) => {
    this.#part?.(error instanceof Error ? error : new Error(String(error)))
  }

  /** Does what was asked; the shell goes on afterwards, or this stay is over. */
  async #asked([word = '', ...rest]: readonly string[], seat: Seat): Promise<void> {
    await this.#after.kept
    const { helper } = this.#around
    const isFirst = seat === this.#seat
    const view = isFirst ? this.#around.view : this.#others.viewOf(seat)
    switch (word) {
      case 'check':
        this.#after.isTold = true
        return seat.answer((await this.#check(view, isFirst)) ? 0 : 1)
      case 'why':
        await this.#around.interruptible((signal) => tellWhy(this.#after.notice, view, signal))
        this.#tellWhereCounted(view)
        return seat.answer(0)
      case 'window':
        return seat.answer(openPane(this.#around.lab, rest[0] ?? this.#missing() ?? '2', view) ? 0 : 1)
    }
    if (!isFirst) {
      if (word === 'help') view.help('own-other')
      else if (word === 'map') view.map.draw(await this.#sight!.network())
      else view.say(`  \`${word}\` is for the first window.`)
      return seat.answer(0)
    }
    switch (word) {
      case 'next':
        return await this.#next(seat)
      case 'follow':
      case 'quit':
        return this.#part?.(word)
      default:
        if (!(await helper.help([word, ...rest].join(' '), 'own'))) view.say(`  labrun: there is no \`${word}\` here.`)
        return seat.answer(0)
    }
  }

  async #next(seat: Seat): Promise<void> {
    const missing = this.#missing()
    if (missing && this.#warned !== missing) {
      this.#warned = missing
      this.#around.view.say(`  The terminal ${missing} has not been open yet. \`next\` once more goes on without it.`)
      seat.answer(1)
      return
    }
    const { view, interruptible } = this.#around
    await interruptible(async (signal) => await this.#after.notice?.settle(signal, (check) => view.looking(check)))
    view.looked()
    this.#part?.('next')
  }

  async #check(view: GuideView, isFirst: boolean): Promise<boolean> {
    const { helper, interruptible } = this.#around
    const failed = await interruptible((signal) => tellAll(this.#after.notice, view, helper.nothingToCheck(), signal))
    if (failed && isFirst) helper.afterFailure(failed)
    this.#tellWhereCounted(view)
    return !failed
  }

  /** A student who was half through would type the other half, and wonder. */
  #tellWhereCounted(view: GuideView, isAnew = false): void {
    if (this.#after.notice?.startsAnew() || isAnew) view.dim('  (Counting starts anew here.)')
  }

  /** The terminal that the commands are for, where nobody has opened it yet. */
  #missing(): string | undefined {
    const terminal = this.#block?.terminal
    return terminal === undefined || terminal === 'main' || this.#others.opened.has(terminal) ? undefined : terminal
  }
}
