import { type DiffLine, matchExpected } from '../lab/expected.ts'
import type { Block, Command, ExpectedOutput, Step } from '../lab/lab.ts'
import type { Background } from '../world/background.ts'
import type { CommandEnd } from '../world/terminal.ts'
import type { Extra } from './pace.ts'
import { waitUntilReady } from './ready.ts'
import type { BlockResult, CommandResult, Status } from './results.ts'
import { worst } from './results.ts'
import type { StepRun } from './run-step.ts'
import { taskOf } from './task.ts'

/**
 * Types a block's commands one after another. One that hangs or ends the shell ends the block, never the run. `arm` is
 * called right before the first command.
 */
export async function runBlock(block: Block, step: Step, run: StepRun, arm: () => Promise<void>): Promise<BlockResult> {
  let armed = false
  const armOnce = async () => {
    if (!armed) await arm()
    armed = true
  }
  const results: CommandResult[] = []
  let over = false
  // The task of an edition: what the student types is all there is.
  if (block.commands.length === 0)
    await askPace(() => run.pace.command?.(taskOf(block), block, step), block, run, armOnce)
  for (const [index, command] of block.commands.entries()) {
    const choice = over ? 'skip' : await askPace(() => run.pace.command?.(command, block, step), block, run, armOnce)
    if (choice === 'skip') {
      results.push(over ? notRun(command) : { ...notRun(command), leftOut: true })
      continue
    }
    await armOnce()
    run.emit({ type: 'command-start', line: command.line, terminal: block.terminal, text: command.text, extra: false })
    const { end, duration } = await type(command.text, block.terminal, block.timeout, run)
    const declared = block.form === 'console' || index === block.commands.length - 1
    const result = judgeCommand(command, end, declared, duration, run)
    run.emit({ type: 'command-end', terminal: block.terminal, extra: false, result })
    await run.pace.commandEnded?.(result, step, command, block)
    results.push(result)
    over = end.timedOut || end.shellEnded || run.signal.aborted
  }
  await runMore(block, step, run, armOnce)
  return finishBlock(block, results, run)
}

/** Types what the pace has after a block. What is typed in place of a solution is watched like the solution. */
export async function runMore(block: Block, step: Step, run: StepRun, arm?: () => Promise<void>): Promise<void> {
  for (let more = await run.pace.more?.(block, step); more && !run.signal.aborted; ) {
    if (block.role === 'solution') await arm?.()
    await runExtra(more, run)
    more = await run.pace.more?.(block, step)
  }
}

/** Whether a background block is to be started; what the pace wants to run first is run. */
export async function mayStart(block: Block, step: Step, run: StepRun, arm: () => Promise<void>): Promise<boolean> {
  return (await askPace(() => run.pace.background?.(block, step), block, run, arm)) === 'run'
}

/** A block that goes on. */
export interface Started {
  /** False: it was to provide something and did not, so there is nothing to go on for. */
  readonly ready: boolean
  end(): Promise<BlockResult>
}

/** Starts a block that goes on, and waits until it is ready if it says what for; its result comes when it is ended. */
export async function startBackground(block: Block, run: StepRun): Promise<Started> {
  const text = block.commands.map((command) => command.text).join('\n')
  const command: Command = { ...block.commands[0]!, text, exit: block.commands.at(-1)!.exit }
  const start = performance.now()
  run.emit({ type: 'command-start', line: command.line, terminal: block.terminal, text: `${text} &`, extra: false })
  let printed = ''
  const { world } = run
  const background: Background = await world.launch(block.terminal, text, (output) => {
    printed = (printed + output).slice(-MOST_SEARCHED)
    run.emit({ type: 'output', terminal: block.terminal, text: output })
  })
  const trouble = background.hasStarted
    ? await run.interruptible(async (signal) => {
        const wait = { world, background, printed: () => printed, timeout: block.timeout, signal }
        return block.ready && (await waitUntilReady(block.ready, wait))
      })
    : "could not be started, because the terminal's shell does not read"
  const end = async () => {
    const endedAlone = background.status
    const { text: output, dropped } = await background.end()
    const interrupted = trouble === 'interrupted'
    const end = { status: endedAlone ?? 0, output, dropped, timedOut: false, interrupted, shellEnded: false }
    const judged = judgeCommand(command, end, true, Math.round(performance.now() - start), run)
    const result = trouble && !interrupted ? { ...judged, status: 'failed' as const, reason: trouble } : judged
    run.emit({ type: 'command-end', terminal: block.terminal, extra: false, result })
    return finishBlock(block, [result], run)
  }
  return { ready: trouble === undefined, end }
}

/** Characters of a background block's output in which the text is looked for that says that it is ready. */
const MOST_SEARCHED = 1 << 20

/** Runs what the student typed beside the lab; it has no verdict. */
export async function runExtra(extra: Extra, run: StepRun): Promise<void> {
  run.emit({ type: 'command-start', line: 0, terminal: extra.terminal, text: extra.text, extra: true })
  const { end, duration } = await type(extra.text, extra.terminal, extra.timeout ?? 60_000, run)
  const result = {
    text: extra.text,
    line: 0,
    exit: end.timedOut || end.interrupted ? null : end.status,
    status: 'passed' as const,
    output: end.output,
    reason: null,
    diff: null,
    compared: false,
    ...shellEnd(end),
    duration,
  }
  run.emit({ type: 'command-end', terminal: extra.terminal, extra: true, result })
  await run.pace.extraEnded?.(result, extra)
}

/** What is typed in place of a solution is watched like the solution. */
async function askPace(
  ask: () => Promise<'run' | 'skip' | Extra> | undefined,
  block: Block,
  run: StepRun,
  arm: () => Promise<void>,
): Promise<'run' | 'skip'> {
  while (!run.signal.aborted) {
    const choice = (await ask()) ?? 'run'
    if (typeof choice === 'string') return choice
    if (block.role === 'solution') await arm()
    await runExtra(choice, run)
  }
  return 'skip'
}

async function type(
  text: string,
  terminal: string,
  timeout: number,
  run: StepRun,
): Promise<{ end: CommandEnd; duration: number }> {
  const start = performance.now()
  const onOutput = (output: string) => run.emit({ type: 'output', terminal, text: output })
  const end = await run.interruptible((signal) => run.world.run(terminal, text, { timeout, onOutput, signal }))
  return { end, duration: Math.round(performance.now() - start) }
}

function judgeCommand(
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

function shellEnd({ shellEnded }: CommandEnd): { shellEnded?: true } {
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

function finishBlock(block: Block, commands: readonly CommandResult[], run: StepRun): BlockResult {
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
  }
}

function notRun({ text, line }: Command): CommandResult {
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
