import { practiceValues } from '../exam/draw.ts'
import type { Block, Lab } from '../lab/lab.ts'
import { parseLab } from '../lab/parse.ts'
import { LabError } from '../lab/problem.ts'
import type { BlockResult, CommandResult, LabResult } from '../run/results.ts'
import { editLines } from './edit-lines.ts'
import { labEdits, tellsStatus } from './lab-edits.ts'
import { blocksOf, type Observation, type ObserveChoices, observeTwice } from './observe.ts'

/** Something that keeps the expected output from being written. */
export interface Refusal {
  readonly line: number
  readonly what: string
  readonly advice: string
}

export type Update =
  | { readonly refusals: readonly Refusal[] }
  | {
      /** The whole file; the same bytes as before where all is up to date. */
      readonly bytes: Buffer
      /** A run of the very text that is in `bytes`: all its outputs match. Its checks may have failed. */
      readonly run: LabResult
    }

/** Two runs to see what is printed, two to see whether the new text holds; once more where that shows something new. */
const MOST_ROUNDS = 4

/**
 * Brings the expected output of a lab up to date, from real runs in fresh worlds. The text that is returned was run
 * twice and matched; of a run with an error or a command that fails nothing is taken. Rejects with LabError where the
 * file has mistakes, and with WorldError.
 */
export async function updateLab(file: string, bytes: Buffer, choices: ObserveChoices): Promise<Update> {
  const original = read(file, bytes, choices)
  const runs: Observation[] = []
  let [current, lab] = [bytes, original]
  for (let round = 1; round <= MOST_ROUNDS; round++) {
    const seen = await observeTwice(withoutNeeds(lab), choices)
    runs.push(...seen)
    const isSettled = seen.every(({ blocks }) => blocks.every(isAsExpected))
    const refusals = seen.flatMap(({ result, blocks }) => [
      ...refusedCommands(lab, blocks),
      // A check may have had nothing to look for, because the output with its value was not as expected.
      ...(isSettled ? refusedChecks(result) : []),
      ...(result.trouble ? [{ line: 1, what: result.trouble, advice: '`labrun doctor` may know more' }] : []),
    ])
    if (refusals.length > 0) return { refusals: distinct(refusals) }
    if (isSettled) return { bytes: current, run: seen[0]!.result }
    if (lab.params.size > 0) return { refusals: ONE_STUDENT }
    current = editLines(bytes, labEdits(original, runs))
    const next = parseLab(current.toString(), file, choices.kinds, practiceValues)
    // In an unusual place, such as a list within a list, lines could land outside of their block.
    if (!next.lab || next.problems.length > 0 || outline(next.lab) !== outline(original)) return { refusals: MISPLACED }
    lab = next.lab
  }
  return { refusals: unsettled(lab, runs.slice(-2)) }
}

function read(file: string, bytes: Buffer, { kinds }: ObserveChoices): Lab {
  const { lab, problems, source } = parseLab(bytes.toString(), file, kinds, practiceValues)
  if (!lab || problems.length > 0) throw new LabError(problems, source)
  return lab
}

/** A step whose output is out of date must not keep others from being run. */
function withoutNeeds(lab: Lab): Lab {
  return { ...lab, steps: lab.steps.map((step) => ({ ...step, needs: [] })) }
}

function isAsExpected({ status }: BlockResult): boolean {
  return status === 'passed'
}

function refusedCommands(lab: Lab, results: readonly BlockResult[]): Refusal[] {
  return blocksOf(lab).flatMap((block, index) => {
    const result = results[index]!
    const line = result.line
    const tooMuch = result.outputStatus === 'error' ? [{ line, what: result.reason ?? '', advice: PRINT_LESS }] : []
    return [...result.commands.flatMap((command, at) => refusedCommand(block, command, at)), ...tooMuch]
  })
}

function refusedCommand(block: Block, result: CommandResult, index: number): Refusal[] {
  const { line, status, exit, reason, diff, text } = result
  const name = `\`${text.split('\n')[0]}\``
  if (status === 'error') return [{ line, what: `${name}: ${reason}`, advice: PRINT_LESS }]
  // It printed something else: that is what is to be written.
  if (status === 'passed' || diff) return []
  const command = block.commands[index]
  // A transcript that tells a status tells the one that was seen.
  if (block.form === 'console' && !block.background && command && tellsStatus(command) && exit !== null) return []
  const last = result.output.trim().split('\n').at(-1)
  const advice = block.form === 'console' ? `if it is meant to fail, write \`[exit ${exit ?? 1}]\` below it` : MEANT
  return [{ line, what: `${name} ${reason ?? 'was not run'}${last ? `: ${last}` : ''}`, advice }]
}

/** What would be written holds for one student only. */
const ONE_STUDENT = [
  {
    line: 1,
    what: 'its output is not as expected, and it has params',
    advice: 'write the output by hand, with `{{name}}` where values are: `labrun run` shows what differs',
  },
]

const PRINT_LESS = 'let it print less'
const MEANT = 'if it is meant to fail, say so: `exit=N` behind the language of its block'

function refusedChecks({ steps }: LabResult): Refusal[] {
  return steps.flatMap(({ checks }) =>
    checks.flatMap(({ line, label, status, actual }) =>
      status === 'error' ? [{ line, what: `${label}: ${actual}`, advice: '`labrun verify` shows more' }] : [],
    ),
  )
}

function unsettled(lab: Lab, runs: readonly Observation[]): Refusal[] {
  const changing = runs.flatMap(({ blocks }) => blocks.filter((block) => !isAsExpected(block)))
  const advice = 'let it print less that differs from run to run, for example in order: `| sort`'
  const what = 'what this block prints was another thing in each run, and no placeholders were found that fit them all'
  return distinct(changing.map(({ line }) => ({ line: Math.min(line, lab.source.length), what, advice })))
}

/** All of a lab but the lines where things are, and what is expected of commands. */
function outline({ sections }: Lab): string {
  const parts = sections.map(({ title, items }) => [
    title,
    ...items.map((item) => {
      if (item.kind !== 'block') return { ...item, line: 0 }
      const { form, role, terminal, commands, expected } = item
      return { form, role, terminal, commands: commands.map(({ text }) => text), isCompared: expected !== undefined }
    }),
  ])
  return JSON.stringify(parts)
}

const MISPLACED: readonly Refusal[] = [
  {
    line: 1,
    what: 'the new output cannot be written where the old one stands without a change to what is around it',
    advice: 'put the blocks of this lab at the left margin',
  },
]

function distinct(refusals: readonly Refusal[]): Refusal[] {
  return refusals.filter(
    ({ line, what }, index) => refusals.findIndex((one) => one.line === line && one.what === what) === index,
  )
}
