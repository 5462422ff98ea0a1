import type { Remembered } from '../lab/expected.ts'
import type { Block, CheckItem, Command, Item, Step } from '../lab/lab.ts'
import type { Network } from '../topology/network.ts'
import type { CheckResult, CommandResult } from './results.ts'

/**
 * Who decides when a run goes on: `run` never waits, the guide waits for the student. A pace is asked at each place;
 * it stops the run by throwing RunStopped.
 */
export interface Pace {
  step?(step: Step): Promise<void>
  /** Shown text, questions and hints, at their place. */
  item?(item: Item, step: Step, sight: Sight): Promise<void>
  /** `run` it, leave it out (`skip`), or first run something else (then it is asked again). */
  command?(command: Command, block: Block, step: Step): Promise<'run' | 'skip' | Extra>
  /** A background block as a whole: as `command`. Without this it is started. */
  background?(block: Block, step: Step): Promise<'run' | 'skip' | Extra>
  /** After a block, before what follows is looked at: something more to run, until there is no more. */
  more?(block: Block, step: Step): Promise<Extra | undefined>
  commandEnded?(result: CommandResult, step: Step): Promise<void>
  /** After a check that did not pass: go on, try it `again`, or first run something else. */
  check?(result: CheckResult, item: CheckItem, step: Step): Promise<'go-on' | 'again' | Extra>
}

/** What can be seen from a place in a run. */
export interface Sight {
  readonly remembered: Remembered
  /** What a command line prints on the student's machine, trimmed. Rejects with ProbeError. */
  evaluate(command: string): Promise<string>
  network(): Promise<Network>
}

/** Something that the student typed and that is not in the lab. */
export interface Extra {
  readonly text: string
  readonly terminal: string
}

/** The run ends here because somebody wants it to. */
export class RunStopped extends Error {
  constructor() {
    super('stopped')
    this.name = 'RunStopped'
  }
}
