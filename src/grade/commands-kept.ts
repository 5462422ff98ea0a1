import { machineOf } from '../lab/outside.ts'
import type { RunEvent } from '../run/events.ts'
import type { WorkCommand } from '../submission/work.ts'
import type { GradedCommand } from './model.ts'

/** Characters of one command's output, and of all outputs of a submission, that a result keeps. */
const OF_ONE = 4000
const OF_ALL = 200_000
/** Commands of one step that a result keeps. */
const COMMANDS = 500

/** Keeps what was typed in each step and what it printed, within bounds. */
export class CommandKeeper {
  readonly commands = new Map<string, GradedCommand[]>()
  readonly #broken = new Map<string, string>()
  #step = ''
  #isSetup = false
  #left = OF_ALL

  take(event: RunEvent): void {
    if (event.type === 'step-start') this.#step = event.step
    else if (event.type === 'block-start') this.#isSetup = event.role === 'setup' || event.role === 'sealed'
    else if (event.type === 'command-end') this.#keep(event)
  }

  /** The first command of these steps that did not end as it should, in words; null if none. */
  brokenIn(steps: ReadonlySet<string>): string | null {
    for (const [step, what] of this.#broken) if (steps.has(step)) return what
    return null
  }

  /** Commands of the student that were not typed, because their terminal is on a machine where the lab has none typed. */
  refused(step: string, commands: readonly WorkCommand[]): void {
    for (const { terminal, text } of commands) {
      const output = `not typed: in this lab nothing is typed on the machine ${machineOf(terminal)}`
      this.#add(step, { terminal, text: shortened(text, OF_ONE), exit: null, output })
    }
  }

  #keep({ terminal, extra, result }: Extract<RunEvent, { type: 'command-end' }>): void {
    const { text, exit, output, status, diff } = result
    if (!extra && status !== 'passed' && diff === null && !this.#broken.has(this.#step)) {
      this.#broken.set(this.#step, `the lab's own command \`${text}\` ${result.reason ?? status}`)
    }
    if (this.#isSetup && !extra) return
    this.#add(this.#step, { terminal, text: shortened(text, OF_ONE), exit, output })
  }

  #add(step: string, command: GradedCommand): void {
    const kept = this.commands.get(step) ?? []
    this.commands.set(step, kept)
    if (kept.length >= COMMANDS) return
    const output = shortened(command.output, Math.min(OF_ONE, this.#left))
    // The words about what was left out come on top.
    this.#left = Math.max(0, this.#left - output.length)
    kept.push({ ...command, output })
  }
}

/** The beginning and the end of a long text. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text
  const half = Math.floor(most / 2)
  const left = text.length - 2 * half
  return `${text.slice(0, half)}\n[… ${left} characters left out …]\n${text.slice(text.length - half)}`.toWellFormed()
}
