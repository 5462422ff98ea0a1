import { type DiffLine, matchExpected } from '../lab/expected.ts'
import type { Block, Command, ExpectedOutput } from '../lab/lab.ts'
import type { CommandEnd } from '../world/terminal.ts'
import { type BlockResult, type CommandResult, type Status, worst } from './results.ts'
import type { StepRun } from './run-step.ts'

/** What a command that has ended is worth. `declared`: it is the one whose status the block names. */
export function judgeCommand(
  command: Command,
  end: CommandEnd,
  declared: boolean,
  duration: number,
  run: StepRun,
): CommandResult {
  const { text, line } = command
  const base = {
    text,
    line,
    exit: end.timedOut || end.interrupted ? null : end.status,
    output: end.output,
    compared: false,
    ...shellEnd(end),
    duration,
  }
  if (end.interrupted) return { ...base, status: 'skipped', reason: 'interrupted', diff: null }
  if (end.timedOut) {
    const after = end.shellEnded ? ', and its shell with it' : ''
    return { ...base, status: 'failed', reason: `did not end in time and was ended${after}`, diff: null }
  }
  const rightStatus = command.exit === 'any' || command.exit === end.status
  if (end.shellEnded && !(declared && command.exit !== 0 && rightStatus)) {
    const reason = `ended the terminal's shell with status ${end.status}; what comes next gets a new one`
    return { ...base, status: 'failed', reason, diff: null }
  }
  if (!rightStatus) {
    return {
      ...base,
      status: 'failed',
      reason: `ended with status ${end.status}, expected ${command.exit}`,
      diff: null,
    }
  }
  const compared = command.expected !== undefined
  return { ...base, compared, ...judgeOutput(command.expected, end.output, end.dropped, run) }
}

/** Only there where the command has ended its shell. */
export function shellEnd({ shellEnded }: CommandEnd): { shellEnded?: true } {
  return shellEnded ? { shellEnded } : {}
}

function judgeOutput(
  expected: ExpectedOutput | undefined,
  output: string,
  dropped: number,
  run: StepRun,
): { status: Status; reason: string | null; diff: readonly DiffLine[] | null } {
  if (!expected) return { status: 'passed', reason: null, diff: null }
  if (dropped > 0) {
    return {
      status: 'error',
      reason: `it printed too much to be compared: ${dropped} characters were not kept`,
      diff: null,
    }
  }
  const match = matchExpected(expected.pattern, output, run.remembered)
  if (!match.matched) return { status: 'failed', reason: 'the output is not what is expected', diff: match.diff }
  run.remembered = match.remembered
  return { status: 'passed', reason: null, diff: null }
}

/** A block with all its commands: its own output, and the worst of what happened. */
export function finishBlock(block: Block, commands: readonly CommandResult[], run: StepRun): BlockResult {
  const output = commands.map((command) => command.output).join('')
  const exit = commands.findLast((command) => command.exit !== null)?.exit ?? null
  const ran = commands.every((command) => command.status !== 'skipped')
  const dropped = /\[… \d+ characters of output not kept …\]/.test(output) ? 1 : 0
  const judged = ran
    ? judgeOutput(block.expected, output, dropped, run)
    : { status: 'skipped' as const, reason: null, diff: null }
  const outputStatus = block.expected ? judged.status : null
  const status = worst([...commands.map((command) => command.status), ...(outputStatus ? [outputStatus] : [])])
  const culprit = commands.find((command) => command.status === status)
  const reason = culprit?.reason ?? (outputStatus === status ? judged.reason : null)
  return {
    line: block.line,
    terminal: block.terminal,
    commands,
    exit,
    status,
    output,
    reason,
    diff: judged.diff,
    outputStatus,
    outputLine: block.expected?.line ?? null,
    ...(block.sealed ? { sealed: true } : {}),
  }
}

/** A command that was not typed. */
export function notRun({ text, line }: Command): CommandResult {
  return {
    text,
    line,
    exit: null,
    status: 'skipped',
    output: '',
    reason: 'not run',
    diff: null,
    compared: false,
    duration: 0,
  }
}
