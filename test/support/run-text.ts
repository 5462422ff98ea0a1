import { expect } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { localMachine } from '../../src/machine/local.ts'
import type { RunEvent } from '../../src/run/events.ts'
import type { BlockResult, CheckResult, LabResult, StepResult } from '../../src/run/results.ts'
import { type LabRun, runLab } from '../../src/run/run-lab.ts'
import { World } from '../../src/world/world.ts'
import { lab } from './lab-text.ts'

export interface Ran {
  readonly result: LabResult
  readonly events: readonly RunEvent[]
  readonly steps: readonly StepResult[]
  readonly blocks: readonly BlockResult[]
  readonly checks: readonly CheckResult[]
}

type Choices = Partial<Omit<LabRun, 'emit'>> & { readonly onEvent?: (event: RunEvent) => void }

/** Runs a lab in a real world on this machine; whatever comes of it, each planned part must have one verdict, but what a pace leaves out. */
export async function runText(
  text: string,
  { onEvent, ...choices }: Choices = {},
  { leavesOut = false }: { readonly leavesOut?: boolean } = {},
): Promise<Ran> {
  const events: RunEvent[] = []
  const result = await runLab(lab(text), {
    openWorld: (spec) => World.open(localMachine, spec),
    kinds: checks,
    signal: new AbortController().signal,
    emit: (event) => {
      events.push(event)
      onEvent?.(event)
    },
    ...choices,
  })
  const { planned, ...verdicts } = result.ledger
  expect(Object.values(verdicts).reduce((sum, count) => sum + count)).toBe(planned)
  if (leavesOut) expect(events[0]).toMatchObject({ type: 'lab-start' })
  else expect(events[0]).toMatchObject({ type: 'lab-start', planned })
  expect(events.at(-1)).toEqual({ type: 'lab-end', result })
  const { steps } = result
  return {
    result,
    events,
    steps,
    blocks: steps.flatMap((step) => step.blocks),
    checks: steps.flatMap((step) => step.checks),
  }
}
