import type { Aside, Block, CheckItem, Lab, Question, Step } from '../lab/lab.ts'
import { type Paint, painter } from '../paint.ts'
import { renderProse } from '../prose/prose.ts'
import { wrapText } from '../prose/text.ts'
import { textWidth } from '../prose/text-width.ts'
import type { Sink } from '../reporters/reporter.ts'
import { text as textReporter } from '../reporters/text.ts'
import type { NumberedEvent } from '../run/events.ts'
import { type CheckResult, isAbsent, type LabResult } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import { endText } from './ending.ts'
import { helpText } from './help.ts'
import type { Prompt } from './helper.ts'
import { MapView } from './map-view.ts'
import type { Progress } from './progress.ts'
import { Told } from './told.ts'
import { Unseen } from './unseen.ts'

/** Lines of prose that are longer are hard to read. */
const WIDEST = 100

const ABSENT = '    What it looks at is not there: it has to be made first.'
const UNKNOWN =
  '    labrun could not find this out, so it says nothing about what you did: it counts neither for nor against you. Look again: Enter, or `check` in a shell of your own. If it stays so, `labrun doctor` in another window looks for what is missing here.'

/** What the guide writes on the student's terminal. While `muted`, it waits until the student's place is reached. */
export class GuideView {
  muted = false
  readonly map: MapView
  readonly #unseen = new Unseen()
  readonly #told = new Told()
  readonly #sink: Sink
  readonly #paint: Paint
  #settingUp = false
  #announced: string | undefined
  #isRebuilding = false
  readonly #report: (event: NumberedEvent) => void

  constructor(sink: Sink) {
    this.#sink = sink
    this.#paint = painter(sink.colour)
    this.map = new MapView(sink, (text) => this.#write(text))
    const { write, colour, live, plain, links } = sink
    // The window may get another size.
    const width = () => this.#width
    this.#report = textReporter.open({
      ...{ write, colour, live, plain, links },
      get width() {
        return width()
      },
      height: Infinity,
    })
  }

  /** Commands, output and verdicts look as in `labrun run`; steps and the end are told in the guide's own way. */
  take(event: NumberedEvent): void {
    if (event.type === 'network' && this.map.redraw(event.network, this.muted))
      this.dim('  (map off draws it only when you ask)')
    if (['lab-start', 'step-start', 'network', 'lab-end', 'run-end'].includes(event.type)) return
    if (event.type === 'block-start') this.#settingUp = event.role === 'setup' || event.role === 'sealed'
    if (this.#settingUp && ['command-start', 'output', 'block-end'].includes(event.type)) return
    if (this.#settingUp && event.type === 'command-end' && event.result.status === 'passed') return
    if (event.type === 'command-start' && !event.extra) {
      const announced = this.#announced === event.text
      this.#announced = undefined
      if (announced) return
    }
    if (event.type === 'lab-trouble') this.#unmute()
    if (this.muted) {
      // What is waited for is not told afterwards.
      if (event.type !== 'check-start') this.#unseen.add(event)
      return
    }
    if (event.type === 'check-end') this.#checkEnd(event)
    else this.#report(event)
  }

  #checkEnd(event: Extract<NumberedEvent, { type: 'check-end' }>): void {
    const { result, isShort } = this.#told.tell(event.result)
    this.#report({ ...event, result })
    if (isShort) this.dim('    (as before; why shows all of it)')
    if (result.status === 'error') this.say(isAbsent(result) ? ABSENT : UNKNOWN)
  }

  say(text: string): void {
    this.#write(() => this.#wrapped(text))
  }

  dim(text: string): void {
    this.#write(() => this.#paint.dim(this.#wrapped(text)))
  }

  prose(markdown: string, codeAtMargin = false): void {
    const trimmed = markdown.trim()
    if (trimmed === '') return
    const { colour, plain, links } = this.#sink
    const width = () => Math.min(this.#width, WIDEST)
    this.#write(() =>
      `\n${renderProse(trimmed, { width: width(), colour, plain, links, codeAtMargin })}`.replace(/\n$/, ''),
    )
  }

  /** The step's title stands above it already. */
  stepProse(markdown: string): void {
    this.prose(markdown.replace(/^\s*##[^\n#][^\n]*\n/, ''))
  }

  aside({ summary, markdown }: Aside): void {
    const body = markdown.replace(/<\/?details[^>]*>|<summary>[\s\S]*?<\/summary>/gi, '')
    this.#write(`\n${this.#paint.bold(`${sanitize(summary)}${this.#sink.plain ? ':' : ''}`)}`)
    this.prose(body)
  }

  help(prompt: Prompt): void {
    this.#write(helpText(prompt, this.#width, this.#sink.plain))
  }

  /** A check is made beside the run: its verdict follows. */
  looking({ check: kind, line, label, hidden }: CheckItem): void {
    if (!hidden) this.#report({ type: 'check-start', kind, line, label, number: 0, time: 0 })
  }

  /** No more of them are made now: what was said meanwhile goes. */
  looked(): void {
    this.#report({ type: 'output', terminal: 'main', text: '', number: 0, time: 0 })
  }

  /** The verdict of a check that was made beside the run. */
  verdict(result: CheckResult): void {
    this.#report({ type: 'check-end', result, number: 0, time: 0 })
  }

  /** The shell is the student's own now; `isOver`: after the last step. */
  ownBegins(isOver: boolean): void {
    this.say(`\n  This shell is yours.${isOver ? '' : ' What counts is what comes of it, not how you do it.'}`)
    if (!isOver) this.dim('  check: look now · hint · next: go on · follow: one command at a time · help')
  }

  /** Commands of the text, to read. */
  commands({ terminal, commands }: Block): void {
    const where = terminal === 'main' ? '' : `In the terminal ${terminal}:\n\n`
    const text = commands.map((command) => command.text).join('\n')
    this.prose(`${where}\`\`\`\`\`sh\n${text}\n\`\`\`\`\``, /<<-?\s*['"\\]?\w/.test(text))
  }

  /** What holds now, above the prompt. */
  stateLine(line: string, width: number): string {
    const { good, dim } = this.#paint
    return (/ hold(?:s)?: next/.test(line) ? good : dim)(wrapText(line, width))
  }

  step(step: Step, index: number, count: number): void {
    this.#unseen.begin()
    this.#told.forget()
    const title = `Step ${index + 1} of ${count}: ${sanitize(step.title)}`
    if (this.#sink.plain) {
      this.#write(`\n${title}`)
      return
    }
    const width = Math.min(this.#width, WIDEST)
    const [first = '', ...rest] = wrapText(title, width - 6).split('\n')
    const rule = '─'.repeat(Math.max(2, width - textWidth(first) - 4))
    this.#write(
      `\n${[`── ${first} ${rest.length > 0 ? '' : rule}`, ...rest.map((line) => `   ${line}`)].map((line) => this.#paint.bold(this.#paint.heading(line))).join('\n')}`,
    )
  }

  /** The command that Enter would run, and where. */
  next(text: string, terminal: string): void {
    this.#announced = text
    const lines = sanitize(text).split('\n')
    const where = terminal === 'main' ? '' : sanitize(terminal)
    if (this.#sink.plain) this.#write(`\nEnter runs${where && ` on ${where}`}: ${lines.join('\n')}`)
    else {
      const sign = this.#paint.bold(this.#paint.accent(`${where && `${where} `}▸`))
      this.#write(`\n  ${sign} ${this.#paint.bold(lines.join('\n    '))}`)
    }
  }

  /** `reset`: what is typed to begin the step anew. */
  solution(blocks: readonly Block[], reset: string): void {
    this.say(`\n  The solution. It is only shown, because your own commands stand: ${reset} begins the step anew.`)
    for (const { terminal, commands } of blocks) {
      for (const { text } of commands) {
        const where = terminal === 'main' ? '' : this.#paint.dim(` (on ${terminal})`)
        this.#write(`    ${this.#paint.accent(sanitize(text).replaceAll('\n', '\n    '))}${where}`)
      }
    }
  }

  /** The right answer, for a student who gives up. */
  answer(text: string, { why }: Question): void {
    this.say(`  The answer: ${sanitize(text)}`)
    if (why) this.prose(why)
  }

  answered(answer: string, right: boolean, { why }: Question): void {
    const { good, bad } = this.#paint
    const [yes, no] = this.#sink.plain ? ['', ''] : [`${good('✓')} `, `${bad('✗')} `]
    const wrong = wrapText(
      `Not quite: ${sanitize(answer)}. Try again, or look around first (do); solution shows the answer, Enter goes on.`,
      this.#width - 4,
    )
    this.#write(right ? `  ${yes}Right.` : `  ${no}${wrong.replaceAll('\n', '\n    ')}`)
    if (right && why) this.prose(why)
  }

  /** What was done is done again; on a terminal one line that counts. */
  rebuilding(count: number, total: number): void {
    const line = `  Building your world again: ${count} of ${total} commands …`
    if (this.#sink.live) this.#sink.write(`\r${this.#paint.dim(line)}`)
    else if (!this.#isRebuilding) this.#sink.write(`Building your world again. Commands: ${total}.\n`)
    this.#isRebuilding = true
  }

  /**
   * The student's place is reached: what differs is told, then what the step has had until here, with what its commands have
   * printed now. `reset`: what is typed to begin the step anew. Resolves to whether commands were among it.
   */
  rebuilt(differences: readonly string[], { id }: Lab, reset: string): boolean {
    this.#unmute()
    if (differences.length > 0) {
      this.say('  Not everything is as it was:')
      for (const one of differences) this.say(`  - ${sanitize(one)}`)
      this.say(`  ${reset} begins this step anew, and \`labrun --restart ${sanitize(id)}\` the lab.`)
    }
    return this.#unseen.show(this.#report)
  }

  /** `answers`: those of the student. */
  end(lab: Lab, result: LabResult, answers: Progress['answers']): void {
    this.#write(endText(lab, result, answers, this.#sink))
  }

  get #width(): number {
    return Math.max(20, this.#sink.width)
  }

  /** Of labrun's own words: dots between them are not read aloud. */
  #wrapped(text: string): string {
    return wrapText(this.#sink.plain ? text.replaceAll(' · ', '. ') : text, this.#width)
  }

  #write(text: string | (() => string)): void {
    const write = () => void this.#sink.write(`${typeof text === 'string' ? text : text()}\n`)
    if (this.muted) this.#unseen.add(write)
    else write()
  }

  #unmute(): void {
    this.muted = false
    if (this.#isRebuilding && this.#sink.live) this.#sink.write('\r\u001b[K')
    this.#isRebuilding = false
  }
}
