import type { Block, Command } from '../lab/lab.ts'
import type { Background } from '../world/background.ts'
import { finishBlock, judgeCommand } from './judge-block.ts'
import { waitUntilReady } from './ready.ts'
import type { BlockResult } from './results.ts'
import type { StepRun } from './run-step.ts'

/** A block that goes on. */
export interface Started {
  /** False: it was to provide something and did not, so there is nothing to go on for. */
  readonly ready: boolean
  end(): Promise<BlockResult>
  /** Whether it ends by itself from here on says nothing. */
  letBe(): void
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
  return { ready: trouble === undefined, end, letBe: () => background.letBe() }
}

/** Characters of a background block's output in which the text is looked for that says that it is ready. */
const MOST_SEARCHED = 1 << 20
