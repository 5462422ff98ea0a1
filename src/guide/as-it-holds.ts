import { ledgerOf } from '../run/collect.ts'
import { type BlockResult, type LabResult, type StepResult, worst } from '../run/results.ts'
import type { Progress } from './progress.ts'

/**
 * The result of a student who has typed commands of their own: these may have made a command of the lab fail, or print something else,
 * and have perhaps repaired what it should have done. From the first of them on, where all checks of a step hold, what did not pass
 * of its commands is not counted, as what is left out is not; and where they do not, the checks say so, and not what was left out.
 */
export function asItHolds(lab: LabResult, { typed }: Pick<Progress, 'typed'>): LabResult {
  const first = lab.steps.findIndex(({ id }) => typed.some(({ step }) => step === id))
  if (first < 0) return lab
  const steps = lab.steps.map((step, index) => (index < first ? step : stepAsItHolds(step)))
  const status = lab.trouble === null ? worst(steps.map((step) => step.status)) : lab.status
  return { ...lab, status, steps, ledger: ledgerOf(steps) }
}

function stepAsItHolds(step: StepResult): StepResult {
  const { checks, blocks } = step
  if (checks.length === 0) return step
  if (checks.some(({ status }) => status !== 'passed'))
    return { ...step, blocks: blocks.filter(({ status }) => status !== 'skipped') }
  return { ...step, status: 'passed', blocks: blocks.flatMap(whatPassed) }
}

function whatPassed(block: BlockResult): BlockResult[] {
  if (block.status === 'passed') return [block]
  const commands = block.commands.filter(({ status }) => status === 'passed')
  // What is left of the output was compared with nothing.
  return commands.length > 0 ? [{ ...block, commands, outputStatus: null, status: 'passed' }] : []
}
