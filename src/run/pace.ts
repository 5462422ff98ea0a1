import type { Remembered } from '../lab/expected.ts'
import type { Block, CheckItem, Command, Item, Step } from '../lab/lab.ts'
import type { Network } from '../topology/network.ts'
import type { World } from '../world/world.ts'
import type { CheckResult, CommandResult } from './results.ts'
import type { Watch } from './run-check.ts'

/**
 * Who decides when a run goes on: `run` never waits, the guide waits for the student. A pace is asked at each place;
 * it stops the run by throwing RunStopped.
 */
export interface Pace {
  step?(step: Step): Promise<void>
  /** Shown text, questions and hints, at their place: something to run first (then it is asked again), or nothing. */
  item?(item: Item, step: Step, sight: Sight): Promise<Extra | undefined>
  /** `run` it, leave it out (`skip`), or first run something else (then it is asked again). */
  command?(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra>
  /** A background block as a whole: as `command`. Without this it is started. */
  background?(block: Block, step: Step): Promise<'run' | 'skip' | Extra>
  /** After a block, or when one in the background has started, before what follows is looked at: something more to run, until there is no more. */
  more?(block: Block, step: Step): Promise<Extra | undefined>
  commandEnded?(result: CommandResult, step: Step, command: Command, block: Block): Promise<void>
  extraEnded?(result: CommandResult, extra: Extra): Promise<void>
  /** A verdict that is known from an earlier run: then nothing is watched or looked at again. */
  knows?(item: CheckItem, step: Step): CheckResult | undefined
  /** Before a check is made: something else to run first; then it is asked again. */
  beforeCheck?(item: CheckItem, step: Step): Promise<Extra | undefined>
  /**
   * After each check: go on; where it did not pass, also try it `again`, or first run something else. `at`: the check that the run
   * has come to, where `item` is one above it that was looked at again.
   */
  check?(result: CheckResult, item: CheckItem, step: Step, at?: CheckItem): Promise<'go-on' | 'again' | Extra>
  /** After the last step, while its world is still there: something more to run, until there is no more. */
  end?(sight: Sight): Promise<Extra | undefined>
}

/** Does some work that a person may interrupt without ending the run. */
export type Interruptible = <T>(work: (signal: AbortSignal) => Promise<T>) => Promise<T>

/** What can be seen from a place in a run. */
export interface Sight {
  readonly remembered: Remembered
  /** What a command line prints on the student's machine, trimmed. Rejects with ProbeError. */
  evaluate(command: string): Promise<string>
  network(): Promise<Network>
  /** Rejects when the world has died, with the reason. */
  readonly died: Promise<never>
  /** A person's own terminal in the world. */
  readonly visit: World['visit']
  /** Leaves the shell that a terminal is at, for the one around it. */
  leaveShell(terminal: string): Promise<void>
  readonly isOutside: World['isOutside']
  /** Whether a check is about what commands do, and so watches them. */
  watches(item: CheckItem): boolean
  /** Begins to watch; the earlier watches see the same as the new one from now on, which is the first. */
  watch(item: CheckItem, earlier: readonly Watch[]): Promise<readonly Watch[]>
  /** Whether to look at it sends packets. */
  sends(item: CheckItem): boolean
  /** Whether it only looks at what is there, whatever others do: it needs no turn of its own. */
  onlyLooks(item: CheckItem): boolean
  /** Whether packets are sent to find out why it does not hold. */
  asksWhy(item: CheckItem): boolean
  /** Makes a check beside the run. */
  look(item: CheckItem, how: Look): Promise<CheckResult>
}

export interface Look {
  readonly watch?: Watch | undefined
  /** Only once, without asking why. */
  readonly once?: boolean
  readonly signal: AbortSignal
}

/** Something that the student typed and that is not in the lab. */
export interface Extra {
  readonly text: string
  readonly terminal: string
  /** Milliseconds that it may take; a minute if nothing is said. */
  readonly timeout?: number
}

/** The run ends here because somebody wants it to. */
export class RunStopped extends Error {
  constructor() {
    super('stopped')
    this.name = 'RunStopped'
  }
}
