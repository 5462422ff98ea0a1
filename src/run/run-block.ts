import { placeholdersOf } from '../lab/expected.ts'
import type { Block, Step } from '../lab/lab.ts'
import type { CommandEnd } from '../world/terminal.ts'
import { finishBlock, judgeCommand, notRun, shellEnd } from './judge-block.ts'
import type { Extra } from './pace.ts'
import type { BlockResult, CommandResult } from './results.ts'
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
      for (const [name, placeholder] of over ? [] : unseenWithout(block)) run.unseen.set(name, placeholder)
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
  const isReplaced = block.role === 'solution' || results.every(({ leftOut }) => leftOut)
  await runMore(block, step, run, isReplaced ? armOnce : undefined)
  return finishBlock(block, results, run)
}

/** What the outputs of a block would have shown, where the student does without its commands. */
export function unseenWithout({ expected, commands }: Block): Map<string, string> {
  const outputs = [expected, ...commands.map((command) => command.expected)]
  return new Map(outputs.flatMap((output) => (output ? [...placeholdersOf(output.pattern)] : [])))
}

/** Types what the pace has after a block. What is typed in its place is watched like it: `arm` is called before the first. */
export async function runMore(block: Block, step: Step, run: StepRun, arm?: () => Promise<void>): Promise<void> {
  for (let more = await run.pace.more?.(block, step); more && !run.signal.aborted; ) {
    await arm?.()
    await runExtra(more, run)
    more = await run.pace.more?.(block, step)
  }
}

/** Whether a background block is to be started; what the pace wants to run first is run. */
export async function mayStart(block: Block, step: Step, run: StepRun, arm: () => Promise<void>): Promise<boolean> {
  return (await askPace(() => run.pace.background?.(block, step), block, run, arm)) === 'run'
}

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
