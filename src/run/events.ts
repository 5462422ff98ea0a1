import type { Problem } from '../lab/problem.ts'
import type { Network } from '../topology/network.ts'
import type { WorldInfo } from '../world/boot.ts'
import type { BlockResult, CheckResult, CommandResult, LabResult, RunResult, Status } from './results.ts'

/** What a run tells, in order. Nothing else comes out of it: reporters, the guide and results all listen to this. */
export type RunEvent =
  | { readonly type: 'run-start'; readonly labrun: string; readonly labs: readonly string[] }
  | {
      readonly type: 'lab-start'
      readonly lab: string
      readonly file: string
      readonly title: string
      readonly steps: number
      readonly planned: number
    }
  | { readonly type: 'world-open'; readonly info: WorldInfo; readonly duration: number }
  | {
      readonly type: 'step-start'
      readonly step: string
      readonly title: string
      readonly line: number
      readonly index: number
      readonly followsFailure: string | null
    }
  | {
      readonly type: 'block-start'
      readonly line: number
      readonly terminal: string
      readonly role: string
      readonly background: boolean
    }
  | {
      readonly type: 'command-start'
      readonly line: number
      readonly terminal: string
      readonly text: string
      readonly extra: boolean
    }
  | { readonly type: 'output'; readonly terminal: string; readonly text: string }
  | { readonly type: 'command-end'; readonly terminal: string; readonly extra: boolean; readonly result: CommandResult }
  | { readonly type: 'block-end'; readonly result: BlockResult }
  | { readonly type: 'check-start'; readonly kind: string; readonly line: number; readonly label: string }
  | { readonly type: 'check-end'; readonly result: CheckResult }
  | { readonly type: 'step-end'; readonly step: string; readonly status: Status }
  | { readonly type: 'network'; readonly step: string; readonly network: Network }
  | {
      readonly type: 'lab-trouble'
      readonly lab: string
      readonly file: string
      readonly message: string
      readonly remedies: readonly string[]
      /** Where the trouble is with the file: each mistake by itself. */
      readonly problems?: readonly Problem[]
    }
  | { readonly type: 'lab-end'; readonly result: LabResult }
  | {
      readonly type: 'artefacts'
      readonly lab: string
      readonly folder: string
      readonly files: readonly string[]
    }
  | { readonly type: 'run-end'; readonly result: RunResult }

export type Emit = (event: RunEvent) => void

/** An event with its number (from 1) and its time (milliseconds since the run began). */
export type NumberedEvent = RunEvent & { readonly number: number; readonly time: number }

/** Passes each event on to all listeners, numbered. */
export function numbered(listeners: readonly ((event: NumberedEvent) => void)[]): Emit {
  const start = performance.now()
  let number = 0
  return (event) => {
    const full = { number: ++number, time: Math.round((performance.now() - start) * 10) / 10, ...event }
    for (const listener of listeners) listener(full)
  }
}
