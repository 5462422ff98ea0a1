import type { DiffLine } from '../lab/expected.ts'
import type { BlockResult, CheckResult, CommandResult, LabResult, StepResult } from '../run/results.ts'

/** Something that did not pass, as reporters for machines tell it. */
export interface Finding {
  readonly lab: LabResult
  readonly step: StepResult
  readonly line: number
  /** Of a check; undefined: the whole line. */
  readonly column: number | undefined
  readonly title: string
  readonly status: 'failed' | 'error'
  readonly details: string
}

/** Every command, expected output and check of a lab that failed or could not be judged. */
export function findings(lab: LabResult): Finding[] {
  return lab.steps.flatMap((step) => stepFindings(step).map((finding) => ({ lab, ...finding })))
}

/** The same of one step. */
export function stepFindings(step: StepResult): Omit<Finding, 'lab'>[] {
  const found = (part: FindingPart, title: string, details: string): Omit<Finding, 'lab'>[] =>
    part.status === 'failed' || part.status === 'error'
      ? [{ step, line: part.line, column: part.column, title, status: part.status, details }]
      : []
  return [
    ...step.blocks.flatMap((block) => [
      ...block.commands.flatMap((command) => found(command, `$ ${command.text}`, commandDetails(command))),
      ...found(
        { line: block.outputLine ?? block.line, status: block.outputStatus ?? 'passed' },
        'expected output',
        outputDetails(block),
      ),
    ]),
    ...step.checks.flatMap((check) => found(check, check.label, checkDetails(check))),
  ]
}

interface FindingPart {
  readonly line: number
  readonly column?: number
  readonly status: string
}

export function commandDetails(command: CommandResult): string {
  const diff = command.diff ? `\n${diffText(command.diff)}` : command.output && `\n${command.output.trimEnd()}`
  return `${command.reason ?? ''}${diff}`
}

export function outputDetails(block: BlockResult): string {
  // The reason of the block may be that of a command.
  const reason = block.outputStatus === 'failed' ? undefined : block.reason
  return `${reason ?? 'the output is not what is expected'}${block.diff ? `\n${diffText(block.diff)}` : ''}`
}

export function checkDetails(check: CheckResult): string {
  const evidence = check.evidence.map(({ command, output }) => `$ ${command}\n${shorten(output)}`)
  const why = check.why ? [`why: ${check.why}`] : []
  const because = check.diagnosis ? [`because: ${check.diagnosis}`] : []
  // Where nothing could be found out, that is the news.
  const judged = check.status === 'error' ? [check.actual] : [`expected: ${check.expected}`, `seen: ${check.actual}`]
  return [...judged, ...why, ...because, ...evidence].join('\n')
}

export function diffText(diff: readonly DiffLine[]): string {
  return diff.map(({ kind, text }) => `${DIFF_SIGNS[kind]} ${text}`).join('\n')
}

export const DIFF_SIGNS = { same: ' ', any: ' ', missing: '-', unexpected: '+' } as const

/** Evidence for people to read. Of what is made for programs and does not fit only the command is kept, as a person would type it. */
export function readable({ command, output }: { readonly command: string; readonly output: string }): string {
  const isJson = /^\s*[[{]/.test(output) && output.trim().length > LONGEST_JSON
  const isDump = /-save\b/.test(command) && output.trimEnd().split('\n').length > LINES
  if (!isJson && !isDump) return `${command}\n${shorten(output, LINES, 300)}`
  return command.replace(/^((?:ip netns exec \S+ )?(?:ip|bridge)) -j /, '$1 ')
}

/** Of what a program said. */
const LINES = 8

/** Characters. */
const LONGEST_JSON = 120

/** The first lines of a text that only supports what is said; machine-readable output can be very long. */
export function shorten(text: string, lines = 12, columns = 400): string {
  const all = text.trimEnd().split('\n')
  const kept = all.slice(0, lines).map((line) => (line.length > columns ? `${line.slice(0, columns)} …` : line))
  return [...kept, ...(all.length > lines ? [`… ${all.length - lines} more lines`] : [])].join('\n')
}
