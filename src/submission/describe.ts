import wrapAnsi from 'wrap-ansi'
import { readTicket, TicketError } from '../exam/ticket.ts'
import type { Chained } from '../guide/journal.ts'
import { printable } from './printable.ts'
import type { Submission } from './read.ts'
import type { Advice } from './schema.ts'
import type { WorkStep } from './work.ts'

/** All that is in a submission, as lines of text that are safe to print. `width`: of the terminal; undefined: not broken. */
export function describeSubmission(submission: Submission, width?: number): string {
  const { manifest, sha256, ticket, advice, journal, work } = submission
  const names = ['manifest.json', ...Object.keys(manifest.files)]
  const lines = [
    `submission of the lab ${manifest.lab}`,
    `  lab's digest  ${manifest.digest}`,
    `  written       ${manifest.created} by ${manifest.by}`,
    `  files         ${names.join(', ')}`,
    `  SHA-256       ${sha256}`,
    ...describeTicket(ticket),
    '',
    ...describeWork(work.steps, advice),
    ...(journal ? ['', ...describeJournal(journal)] : []),
  ]
  return `${lines.map((line) => brokenAt(width, printable(line))).join('\n')}\n`
}

/** A line that is broken between words; what goes on in the next one is indented a little more. */
export function brokenAt(width: number | undefined, line: string): string {
  if (width === undefined) return line
  const broken = (one: string) => {
    const indent = `${/^ */.exec(one)![0]}    `
    const [first = '', ...rest] = wrapAnsi(one, width, { trim: false }).split('\n')
    if (rest.length === 0) return first
    const others = wrapAnsi(one.slice(first.length).trimStart(), Math.max(20, width - indent.length)).split('\n')
    return [first.trimEnd(), ...others.map((text) => indent + text)].join('\n')
  }
  return line.split('\n').map(broken).join('\n')
}

/** The work step by step as the instructor gets it, with what this machine thinks of it. */
export function describeWork(steps: readonly WorkStep[], advice: Advice | null): string[] {
  const ids = [...new Set([...steps.map(({ id }) => id), ...(advice?.steps ?? []).map(({ id }) => id)])]
  const told = ids.flatMap((id) => [
    `step ${id}`,
    ...describeStep(
      steps.filter((step) => step.id === id),
      advice?.steps.find((step) => step.id === id),
    ),
  ])
  if (told.length === 0) return ['nothing was done']
  if (!advice) return told
  const trouble = advice.trouble ? [`  ! ${oneLine(advice.trouble)}`] : []
  return [`what checks say is advice, of the student's own machine; it is no grade`, ...trouble, ...told]
}

function describeStep(steps: readonly WorkStep[], advice: Advice['steps'][number] | undefined): string[] {
  const commands = steps.flatMap((step) => step.commands)
  const answers = steps.flatMap((step) => step.answers)
  const lines = commands.map(({ terminal, text, background, exit, at }) => {
    const where = terminal === 'main' ? '' : ` [${terminal}]`
    const ended = exit === null ? '' : exit === 0 ? '' : `   [exit ${exit}]`
    const when = at === null ? '' : `   ${at}`
    return `  # ${text.replaceAll('\n', '\n    ')}${background ? ' &' : ''}${where}${ended}${when}`
  })
  for (const { ask, text, line } of answers) {
    const right = advice?.answers.find((one) => one.line === line)?.right
    const mark = right === true ? '   (advice: right)' : right === false ? '   (advice: not right)' : ''
    lines.push(`  ? ${oneLine(ask)}`, `    ${oneLine(text)}${mark}`)
  }
  for (const { status, label, actual } of advice?.checks ?? []) {
    const seen = status === 'passed' ? '' : `: ${oneLine(actual)}`
    lines.push(`  ${MARKS[status]} advice: ${oneLine(label)}${status === 'passed' ? '' : ` ${status}${seen}`}`)
  }
  if (commands.length + answers.length === 0) lines.unshift('  (nothing)')
  return lines
}

const MARKS = { passed: '✓', failed: '✗', blocked: '–', error: '!', skipped: '–' } as const

function describeTicket(text: string | null): string[] {
  if (text === null) return ['  ticket        none']
  try {
    const { pseudonym, values, issued, expires, lab } = readTicket(text)
    // What was drawn in secret is not told; of which values that is, only the lab knows.
    const names = Object.keys(values).join(', ') || 'none'
    return [
      `  ticket        ${pseudonym}, for ${lab}, issued ${issued}, valid until ${expires}`,
      `  values        ${names} `,
    ]
  } catch (error) {
    if (!(error instanceof TicketError)) throw error
    return [`  ticket        ! ${error.message.split('\n')[0]}`]
  }
}

function describeJournal({ entries, intact, trouble }: NonNullable<Submission['journal']>): string[] {
  const state = intact ? 'its chain is whole' : `its chain is broken: ${trouble}`
  return [`journal: ${entries.length} entries, ${state}`, ...entries.map(describeEntry)]
}

function describeEntry(entry: Chained): string {
  const { n, at, type, prev: _, hash: __, ...rest } = entry
  const parts = Object.entries(rest).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  return `  ${n}  ${at}  ${type}  ${parts.join(', ')}`.trimEnd()
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ')
}
