import type { Readable, Writable } from 'node:stream'

/** Where worlds are: all that it can do is to start a program with streams. */
export interface Machine {
  /** For people: `this machine`. */
  readonly name: string
  /** Starts a program; it ends at the latest when its standard input is closed or labrun dies. */
  start(command: readonly [string, ...string[]]): MachineProcess
}

export interface MachineProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<ProcessEnd>
  kill(): void
}

export interface ProcessEnd {
  /** Undefined when it could not be started or was ended by a signal. */
  readonly status: number | undefined
  /** What it wrote to standard error, at most 64 KiB. */
  readonly stderr: string
  /** Why it could not be started. */
  readonly trouble: string | undefined
}
