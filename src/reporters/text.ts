import { type Paint, painter } from '../paint.ts'
import { wrapText } from '../prose/text.ts'
import { textWidth } from '../prose/text-width.ts'
import type { NumberedEvent } from '../run/events.ts'
import type { BlockResult, CheckResult, CommandResult, LabResult, RunResult, Status } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import { toText } from '../topology/text.ts'
import { DIFF_SIGNS, readable } from './describe.ts'
import { Lines } from './lines.ts'
import { notPassed } from './not-passed.ts'
import type { Reporter, Sink } from './reporter.ts'
import { inStatusColour, statusMark } from './status.ts'

/** For people: each command as it is typed, its output as it comes, and what became of it. */
export const text: Reporter = {
  name: 'text',
  summary: 'for people (the default)',
  open: (sink) => {
    const view = new TextView(sink)
    return (event) => view.take(event)
  },
}

const DIFF_WORDS = { same: 'Same:', any: 'Any:', missing: 'Expected:', unexpected: 'Seen instead:' } as const

class TextView {
  readonly #sink: Sink
  readonly #lines: Lines
  readonly #paint: Paint
  #steps = 0
  #sealed = false

  constructor(sink: Sink) {
    this.#sink = sink
    this.#lines = new Lines(sink)
    this.#paint = painter(sink.colour)
  }

  take(event: NumberedEvent): void {
    switch (event.type) {
      case 'lab-start':
        this.#steps = event.steps
        this.#lines.line(
          `${this.#paint.bold(sanitize(`${event.lab}: ${event.title}`))} ${this.#paint.dim(`(${event.file})`)}`,
        )
        break
      case 'step-start':
        this.#stepStart(event)
        break
      case 'block-start':
        this.#sealed = event.role === 'sealed'
        break
      case 'command-start':
        if (!this.#sealed) this.#lines.line(`  ${this.#prompt(event.terminal)} ${indented(sanitize(event.text))}`)
        break
      case 'output':
        if (!this.#sealed) this.#lines.output(event.text)
        break
      case 'command-end':
        this.#exit(event.result)
        if (!event.extra) this.#command(event.result)
        break
      case 'block-end':
        this.#sealed = false
        this.#block(event.result)
        break
      case 'check-start':
        this.#lines.waiting(event.label, this.#paint.dim)
        break
      case 'check-end':
        this.#check(event.result)
        break
      case 'step-end':
        if (event.status === 'blocked')
          this.#lines.line(`  ${this.#mark('blocked')} not run: a step that it needs did not pass`)
        break
      case 'network':
        this.#lines.line(`\n${toText(event.network, this.#sink)}`.trimEnd())
        break
      case 'lab-trouble':
        this.#lines.line(this.#paint.warn(`${this.#sink.plain ? 'Trouble:' : '!'} ${event.message}`))
        for (const remedy of event.remedies) this.#lines.line(`  ${this.#sink.plain ? 'What to do:' : '→'} ${remedy}`)
        break
      case 'lab-end':
        this.#labEnd(event.result)
        break
      case 'artefacts':
        this.#lines.line(`  captured packets: ${event.folder} (${event.files.length} files)`)
        this.#lines.line('')
        break
      case 'run-end':
        if (event.result.labs.length > 1) this.#runEnd(event.result)
        break
    }
  }

  #stepStart(event: NumberedEvent & { type: 'step-start' }): void {
    const after = event.followsFailure ? this.#paint.warn(` (follows the failure of ${event.followsFailure})`) : ''
    this.#lines.line('')
    this.#lines.line(`${this.#paint.bold(`${event.index + 1}/${this.#steps} ${sanitize(event.title)}`)}${after}`)
  }

  /** A status that is not 0 cannot be seen otherwise, where it is no failure. */
  #exit({ status, exit }: CommandResult): void {
    if (!this.#sealed && status === 'passed' && exit) this.#lines.line(this.#paint.dim(`    [exit ${exit}]`))
  }

  #command(result: CommandResult): void {
    if (result.status === 'passed' || !result.reason) return
    this.#lines.line(`  ${this.#mark(result.status)} ${result.reason} ${this.#at(result.line)}`)
    this.#diff(result.diff)
  }

  #block(result: BlockResult): void {
    const compared =
      result.outputStatus === 'passed' || (result.outputStatus === null && result.commands.some((one) => one.compared))
    if (result.status === 'passed' && compared) this.#lines.line(`  ${this.#mark('passed')} the output is as expected`)
    if (result.outputStatus !== 'failed' && result.outputStatus !== 'error') return
    // The reason of the block may be that of a command, which is told there.
    const reason = result.outputStatus === 'failed' ? 'the output is not what is expected' : (result.reason ?? '')
    this.#lines.line(`  ${this.#mark(result.outputStatus)} ${reason} ${this.#at(result.outputLine ?? result.line)}`)
    this.#diff(result.diff)
  }

  #check(result: CheckResult): void {
    const tries = result.tries > 1 ? ` (${result.tries} tries, ${seconds(result.duration)})` : ''
    const label = sanitize(result.label)
    const { live, plain, width } = this.#sink
    // Words for a status are longer than its sign.
    const room = width - 3 - textWidth(statusMark(result.status, { colour: false, plain }))
    if ((live || plain) && textWidth(label + tries) > room) {
      this.#lines.line(`  ${this.#mark(result.status)} ${wrapText(label + tries, room).replaceAll('\n', '\n    ')}`)
    } else this.#lines.line(`  ${this.#mark(result.status)} ${label}${this.#paint.dim(tries)}`)
    if (result.status === 'passed') return
    // Where nothing could be found out, there is nothing that was expected or seen.
    if (result.status === 'error') this.#detail('trouble', result.actual)
    else {
      if (result.expected) this.#detail('expected', result.expected)
      // Of a verdict of an earlier start nothing more is known.
      if (result.actual) this.#detail('seen', result.actual)
    }
    if (result.diagnosis) this.#detail('because', result.diagnosis)
    if (result.why && result.status !== 'error') this.#detail('why', result.why)
    for (const evidence of new Set(result.evidence.map(readable)))
      this.#detail('look', this.#sink.plain ? evidence : `${this.#prompt('main')} ${evidence}`)
    this.#lines.line(`    ${this.#at(result.line)}`)
  }

  #labEnd(result: LabResult): void {
    const { planned, passed } = result.ledger
    const rest = (['failed', 'error', 'blocked', 'skipped'] as const)
      .filter((status) => result.ledger[status] > 0)
      .map((status) => `, ${inStatusColour(status, `${result.ledger[status]} ${status}`, this.#sink)}`)
    this.#lines.line('')
    const count = `${passed} of ${planned} passed${rest.join('')}`
    this.#lines.line(
      `${this.#mark(result.status)} ${this.#paint.bold(result.lab)}: ${count} in ${seconds(result.duration)}`,
    )
    for (const line of notPassed(result, this.#sink)) this.#lines.line(line)
    this.#lines.line('')
  }

  #runEnd({ labs }: RunResult): void {
    const passed = labs.filter((lab) => lab.status === 'passed').length
    this.#lines.line(`${this.#paint.bold('Labs')}: ${passed} of ${labs.length} passed`)
    for (const lab of labs.filter(({ status }) => status !== 'passed'))
      this.#lines.line(`  ${this.#mark(lab.status)} ${lab.lab}`)
  }

  #diff(diff: CommandResult['diff']): void {
    for (const { kind, text } of diff ?? []) {
      const line = `    ${this.#sink.plain ? DIFF_WORDS[kind] : DIFF_SIGNS[kind]} ${sanitize(text)}`
      const { bad, good, dim } = this.#paint
      this.#lines.line((kind === 'missing' ? bad : kind === 'unexpected' ? good : dim)(line))
    }
    if (diff && !this.#sink.plain) this.#lines.line(this.#paint.dim('    (- expected, + seen)'))
  }

  #detail(name: string, value: string): void {
    const { plain } = this.#sink
    // Where lines are short, the column of the names would take too much of them.
    const indent = ' '.repeat(plain || this.#sink.width < 60 ? 2 : 10)
    const label = plain ? `${name[0]!.toUpperCase()}${name.slice(1)}:` : name.padEnd(indent.length - 1)
    // On a terminal words stay whole, also beside the label; in a file a line is a line, and evidence is as it is.
    const isWrapped = (this.#sink.live || plain) && name !== 'look'
    const room = this.#sink.width - 5 - Math.max(indent.length, label.length)
    const text = isWrapped ? wrapText(sanitize(value), room) : sanitize(value)
    const [first = '', ...rest] = text.split('\n')
    this.#lines.line(`    ${this.#paint.dim(label)} ${first}`)
    for (const line of rest) this.#lines.line(`    ${indent}${line}`.trimEnd())
  }

  #prompt(terminal: string): string {
    if (this.#sink.plain) return terminal === 'main' ? 'Command:' : `Command on ${terminal}:`
    return this.#paint.accent(terminal === 'main' ? '#' : `${terminal}#`)
  }

  #mark(status: Status): string {
    return statusMark(status, this.#sink)
  }

  #at(line: number): string {
    return this.#paint.dim(this.#sink.plain ? `(line ${line} of the lab)` : `[line ${line}]`)
  }
}

function indented(command: string): string {
  return command.replaceAll('\n', '\n    ')
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
