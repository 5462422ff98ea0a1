import { checks } from '../../src/checks/index.ts'
import { loadLab, stepsBefore } from '../../src/commands/labs.ts'
import { valuesFrom } from '../../src/commands/values.ts'
import { localMachine } from '../../src/machine/local.ts'
import { findings } from '../../src/reporters/describe.ts'
import { type Verification, verifyLab } from '../../src/verify/verify-lab.ts'
import { World } from '../../src/world/world.ts'

/** Proves the lab of a file as `labrun verify` does. Rejects with LabError where the file has mistakes. */
export async function prove(file: string, choose = valuesFrom()): Promise<Verification> {
  const lab = loadLab(file, checks, choose)
  return await verifyLab(lab, {
    machine: async () => localMachine,
    openWorld: (spec) => World.open(localMachine, spec),
    kinds: checks,
    before: stepsBefore(lab, checks),
    signal: new AbortController().signal,
    emit: () => {},
  })
}

/** Everything that keeps a lab from being proven, as lines to read in a failed test; empty if it is proven. */
export function shortcomings({ status, run, doubts }: Verification): string[] {
  const failures = findings(run).map(({ line, title, details }) => `line ${line}: ${title}\n${details}`)
  const doubted = doubts.map(({ line, what }) => `line ${line}: ${what}`)
  const all = [...(run.trouble ? [run.trouble] : []), ...failures, ...doubted]
  return status === 'passed' || all.length > 0 ? all : [`the status is ${status}`]
}
