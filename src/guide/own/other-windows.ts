import type { Lab } from '../../lab/lab.ts'
import { isOutside, machineOf } from '../../lab/outside.ts'
import { painter } from '../../paint.ts'
import { sanitize } from '../../sanitize.ts'
import { GuideView } from '../view.ts'
import type { JoinedWindow } from './joined-window.ts'
import type { Joint } from './joint.ts'
import type { Seat } from './seat.ts'
import type { Window } from './window.ts'

interface Surroundings {
  readonly lab: Lab
  readonly sit: (terminal: string, window: Window) => Seat
  readonly isOutside: (name: string) => boolean
}

/** The windows that have joined a lab, each at a terminal of its own. */
export class OtherWindows {
  /** The terminals that somebody has had. */
  readonly opened = new Set<string>()
  readonly #joint: Joint
  readonly #around: Surroundings
  readonly #seats = new Map<JoinedWindow, Seat>()

  constructor(joint: Joint, around: Surroundings) {
    this.#joint = joint
    this.#around = around
  }

  get seats(): readonly Seat[] {
    return [...this.#seats.values()]
  }

  seatAt(terminal: string): Seat | undefined {
    return this.seats.find((seat) => seat.terminal === terminal)
  }

  /** The world can be entered: those that wait come in, and whoever comes later. */
  serve(): void {
    for (const window of this.#joint.windows) this.#enter(window)
    this.#joint.serve((window) => this.#enter(window))
  }

  /** What labrun says in that window. */
  viewOf(seat: Seat): GuideView {
    const window = seat.window as JoinedWindow
    const { colour, plain } = window.wish
    return new GuideView({
      write: (text) => window.write(text),
      colour,
      plain,
      live: !plain,
      links: false,
      width: window.size.cols,
      height: window.size.rows,
    })
  }

  #enter(window: JoinedWindow): void {
    if (this.#seats.has(window) || window.hasEnded) return
    const terminal = this.#terminalFor(window)
    if (typeof terminal !== 'string') {
      window.end(`labrun: ${terminal.trouble}`, 2)
      return
    }
    const { lab, sit } = this.#around
    const { colour } = window.wish
    window.write(painter(colour).dim(`${sanitize(lab.title)}: terminal ${terminal}. \`exit\` leaves it.\n`))
    // The world that is built anew has the same terminals.
    window.wish = { ...window.wish, terminal }
    const seat = sit(terminal, window)
    this.#seats.set(window, seat)
    this.opened.add(terminal)
    seat.open()
    void seat.left.then((end) => {
      this.#seats.delete(window)
      if (end === 'world-gone')
        window.write('\n  The world of this lab is gone; when it is built anew, this terminal is in it.\n')
      else window.end('', 0)
    })
  }

  #terminalFor({ wish: { terminal, on } }: JoinedWindow): string | { readonly trouble: string } {
    if (on !== undefined && !this.#around.isOutside(on)) {
      return { trouble: `there is no machine ${on} in this lab: its world is \`isolated\`` }
    }
    if (terminal === undefined) {
      const names = on === undefined ? numbered('') : [on, ...numbered(`${on}-`)]
      return names.find((name) => !this.seatAt(name))!
    }
    if (!/^[\w-]+$/.test(terminal)) return { trouble: 'a terminal has a name of letters and digits' }
    if (terminal === 'main') return { trouble: 'the terminal main is that of the first window' }
    const name = on !== undefined && /^\d+$/.test(terminal) ? `${on}-${terminal}` : terminal
    if (on !== undefined && machineOf(name) !== on) {
      const where = isOutside(name) ? machineOf(name) : 'the host'
      const ways = `leave out --on, or number it: --on ${on} --terminal 2`
      return { trouble: `the terminal ${name} is on ${where}, not on ${on}\n  ways out: ${ways}` }
    }
    return this.seatAt(name) ? { trouble: `the terminal ${name} is open in another window` } : name
  }
}

/** More than anybody opens; the terminal `main` is the first. */
function numbered(before: string): string[] {
  return Array.from({ length: 1000 }, (_, index) => `${before}${index + 2}`)
}
