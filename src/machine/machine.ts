import type { Readable, Writable } from 'node:stream'
import { MachineError } from './trouble.ts'

/** Where worlds are: all that it can do is to start a program with streams. */
export interface Machine {
  /** For people: `this machine`. */
  readonly name: string
  /** It belongs to labs alone, so they may have all of it: its kernel, its root. */
  readonly isForLabs: boolean
  /** The way to it is gone: nothing can be started there any more. */
  isLost(): boolean
  /** Starts a program; it ends at the latest when its standard input is closed or labrun dies. */
  start(command: readonly [string, ...string[]]): MachineProcess
  /** Lets go of it. What was started there must have ended before. */
  close(): Promise<void>
}

export interface MachineProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  /** Settles when the process has ended; never rejects. */
  readonly ended: Promise<ProcessEnd>
  kill(): void
  /** From now on it does not keep labrun from ending. */
  unref(): void
}

export interface ProcessEnd {
  /** Undefined when it could not be started or was ended by a signal. */
  readonly status: number | undefined
  /** What it wrote to standard error, at most 64 KiB. */
  readonly stderr: string
  /** Why it could not be started, or why nothing is known of it any more. */
  readonly trouble: string | undefined
  /** What can be done about that; undefined where the machine does not know. */
  readonly remedies?: readonly string[]
}

/** Runs a program to its end; what it printed. Rejects where it did not end with status 0, with MachineError where the machine is lost. */
export async function outputOf(machine: Machine, command: readonly [string, ...string[]]): Promise<string> {
  const { stdin, stdout, ended } = machine.start(command)
  stdin.end()
  const parts: Buffer[] = []
  for await (const bytes of stdout) parts.push(bytes as Buffer)
  const { status, stderr, trouble, remedies } = await ended
  if (trouble !== undefined && remedies) throw new MachineError('machine-lost', trouble, remedies)
  if (status !== 0)
    throw new Error(`${command[0]} on ${machine.name}: ${trouble ?? (stderr.trim() || `status ${status}`)}`)
  return Buffer.concat(parts).toString()
}
