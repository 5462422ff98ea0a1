import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Machine } from '../../src/machine/machine.ts'
import { connectVm, type VmChoices } from '../../src/machine/virtual-machine.ts'

export const LABRUN: string = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** What tests want of the virtual machine's progress: nothing. */
export const quietly: VmChoices = { signal: new AbortController().signal, onStage: () => {} }

/** The machine, which runs already. */
export async function virtualMachine(): Promise<Machine> {
  return await connectVm(quietly)
}

/** Starts it before all tests. It is kept for the next time, unless LABRUN_VM_KEEP is 0. */
export default function setup(): () => void {
  labrun('vm', 'up')
  return () => {
    if (process.env.LABRUN_VM_KEEP === '0') labrun('vm', 'destroy')
  }
}

function labrun(...parameters: string[]): void {
  const { status } = spawnSync(process.execPath, [LABRUN, ...parameters], { stdio: 'inherit' })
  if (status !== 0) throw new Error(`labrun ${parameters.join(' ')}: status ${status}`)
}
