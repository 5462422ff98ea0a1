import { Chalk, type ChalkInstance } from 'chalk'
import type { Aside, Lab, Step } from '../lab/lab.ts'
import { renderProse } from '../prose/prose.ts'
import type { Sink } from '../reporters/reporter.ts'
import { text as textReporter } from '../reporters/text.ts'
import type { NumberedEvent } from '../run/events.ts'
import type { LabResult } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import type { Network } from '../topology/network.ts'
import { toText } from '../topology/text.ts'

/** What the guide writes on the student's terminal. While `muted`, nothing: what is done again was seen already. */
export class GuideView {
  muted = false
  readonly #sink: Sink
  readonly #paint: ChalkInstance
  #settingUp = false
  #announced: string | undefined
  readonly #report: (event: NumberedEvent) => void

  constructor(sink: Sink) {
    this.#sink = sink
    this.#paint = new Chalk({ level: sink.colour ? 1 : 0 })
    this.#report = textReporter.open({ ...sink, write: (text) => this.muted || sink.write(text) })
  }

  /** Commands, output and verdicts look as in `labrun run`; steps and the end are told in the guide's own way. */
  take(event: NumberedEvent): void {
    if (['lab-start', 'step-start', 'lab-end', 'run-end'].includes(event.type)) return
    if (event.type === 'block-start') this.#settingUp = event.role === 'setup' || event.role === 'sealed'
    if (this.#settingUp && ['command-start', 'output', 'block-end'].includes(event.type)) return
    if (event.type === 'command-start' && !event.extra) {
      const announced = this.#announced === event.text
      this.#announced = undefined
      if (announced) return
    }
    this.#report(event)
  }

  say(line: string): void {
    if (!this.muted) this.#sink.write(`${line}\n`)
  }

  dim(line: string): void {
    this.say(this.#paint.dim(line))
  }

  prose(markdown: string): void {
    const trimmed = markdown.trim()
    if (this.muted || trimmed === '') return
    this.#sink.write(`\n${renderProse(trimmed, { width: Math.min(this.#sink.width, 100), colour: this.#sink.colour })}`)
  }

  aside({ summary, markdown }: Aside): void {
    const body = markdown.replace(/<\/?details[^>]*>|<summary>[\s\S]*?<\/summary>/gi, '')
    this.say(this.#paint.bold(`\n${sanitize(summary)}`))
    this.prose(body)
  }

  map(network: Network): void {
    this.say(`\n${toText(network, this.#sink)}`.trimEnd())
  }

  step(step: Step, index: number, count: number): void {
    const title = ` Step ${index + 1} of ${count}: ${sanitize(step.title)} `
    const rule = '─'.repeat(Math.max(2, Math.min(this.#sink.width, 100) - title.length - 2))
    this.say(`\n${this.#paint.bold.blue(`──${title}${rule}`)}`)
  }

  /** The command that Enter would run. */
  next(text: string): void {
    this.#announced = text
    const lines = sanitize(text).split('\n')
    this.say(`\n  ${this.#paint.bold.cyan('▸')} ${this.#paint.bold(lines.join('\n    '))}`)
  }

  end(lab: Lab, result: LabResult): void {
    const { passed, planned } = result.ledger
    if (result.status === 'passed')
      this.say(
        `\n${this.#paint.green('✓')} You have finished ${this.#paint.bold(sanitize(lab.title))}: ${passed} of ${planned} passed.`,
      )
    else
      this.say(
        `\n${this.#paint.yellow('!')} The end of ${this.#paint.bold(sanitize(lab.title))}: ${passed} of ${planned} passed.`,
      )
  }
}
