import { wrapText } from '../prose/text.ts'
import { padTo } from '../prose/text-width.ts'
import { printableJson, sanitize } from '../sanitize.ts'
import { type Standing, standings, whatIsNext } from './choose.ts'
import { shippedExams } from './labs.ts'
import { standardSink } from './sinks.ts'

/** `labrun list`: the labs and exams that come with the package, how far the student is in each, and what comes next. */
export function list({ json }: { json?: boolean }): number {
  const all = standings()
  const exams = standings(shippedExams())
  const next = whatIsNext(all)
  if (json) {
    const rows = [
      ...all.map((one) => ({ ...toRow(one, next), exam: false })),
      ...exams.map((one) => ({ ...toRow(one, undefined), exam: true })),
    ]
    process.stdout.write(`${printableJson(rows)}\n`)
    return 0
  }
  const sink = standardSink()
  const [write, width] = [(text: string) => process.stdout.write(`${text}\n`), Math.min(sink.width, 100)]
  const column = sink.plain || width < 60 ? 0 : Math.max(...[...all, ...exams].map(({ lab }) => lab.id.length), 15) + 2
  const tell = (one: Standing) => {
    const { id, title, summary } = one.lab
    const lines = [
      `${sanitize(title)} (${size(one)})`,
      ...(summary ? [sanitize(summary)] : []),
      ...howFar(one, sink.plain),
    ]
    const text = wrapText(lines.join('\n'), width - Math.max(column, 2)).split('\n')
    if (column === 0) write([`${id}:`, ...text.map((line) => `  ${line}`)].join('\n'))
    else write(text.map((line, index) => padTo(index === 0 ? id : '', column) + line).join('\n'))
  }
  for (const one of all) tell(one)
  write('\nExams, with values of their own for each student:\n')
  for (const one of exams) tell(one)
  const words = next?.state === 'begun' ? 'Go on' : all.some(({ state }) => state !== 'new') ? 'Next' : 'Begin'
  if (next) write(`\n${words}${words === 'Next' ? ': ' : ' with '}\`labrun ${next.lab.id}\`.`)
  else if (all.length > 0) write('\nYou have finished all of them.')
  return 0
}

function size({ lab: { steps, minutes } }: Standing): string {
  return `${steps.length} steps${minutes ? `, ${minutes} minutes` : ''}`
}

function howFar({ state, step, trouble, lab: { steps } }: Standing, plain: boolean): string[] {
  if (trouble) return [`! Your place in it cannot be read: ${trouble}`]
  if (state === 'finished') return [plain ? 'Finished.' : '✓ finished']
  if (state === 'new') return []
  const title = sanitize(steps[step! - 1]?.title ?? '')
  return [`${plain ? '' : '▸ '}you are at step ${step} of ${steps.length}: ${title}`]
}

function toRow(one: Standing, next: Standing | undefined) {
  const { id, title, summary, minutes, steps } = one.lab
  const at =
    one.step === undefined ? null : { number: one.step, id: steps[one.step - 1]?.id, title: steps[one.step - 1]?.title }
  const progress = { state: one.state, step: at, trouble: one.trouble ?? null }
  return { id, title, summary, minutes, steps: steps.length, progress, next: one === next }
}
