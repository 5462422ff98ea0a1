import type { Socket } from 'node:net'
import { execa } from 'execa'
import type { Machine, MachineProcess } from './machine.ts'

/** The Linux machine that labrun runs on. */
export const localMachine: Machine = {
  name: 'this machine',
  isForLabs: false,
  isLost: () => false,
  start,
  close: async () => {},
}

function start([file, ...parameters]: readonly [string, ...string[]]): MachineProcess {
  const child = execa(file, parameters, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    buffer: { stdout: false, stderr: true },
    maxBuffer: 65_536,
    reject: false,
    // A group of its own: Ctrl-C is for labrun, which then closes the world in order.
    detached: true,
    cleanup: true,
  })
  // Writing to a world that has died is no error of its own: `ended` tells of it.
  child.stdin.on('error', () => {})
  const ended = child.then((result) => ({
    status: result.exitCode,
    stderr: result.stderr ?? '',
    trouble: result.exitCode === undefined && result.signal === undefined ? result.shortMessage : undefined,
  }))
  const unref = () => {
    child.unref()
    for (const stream of [child.stdin, child.stdout, child.stderr]) (stream as Partial<Socket>).unref?.()
  }
  return { stdin: child.stdin, stdout: child.stdout, ended, kill: () => child.kill('SIGKILL'), unref }
}
