import { type CheckItem, type Item, isStep, type Lab, type Step } from '../lab/lab.ts'
import type { RunEvent } from './events.ts'
import { countedBlocks } from './left-out.ts'
import type { BlockResult, CheckResult, LabResult, Ledger, Status, StepResult } from './results.ts'
import { worst } from './results.ts'

/** Adds up the events of one lab's run. What was planned and got no verdict is `skipped`. */
export class LabCollector {
  readonly #lab: Lab
  readonly #blocks = new Map<number, BlockResult>()
  readonly #checks = new Map<string, CheckResult>()
  readonly #statuses = new Map<string, Status>()
  readonly #followed = new Map<string, string | null>()
  #trouble: string | null = null

  constructor(lab: Lab) {
    this.#lab = lab
  }

  take(event: RunEvent): void {
    if (event.type === 'block-end') this.#blocks.set(event.result.line, event.result)
    else if (event.type === 'check-end') this.#checks.set(placeOf(event.result), event.result)
    else if (event.type === 'step-start') this.#followed.set(event.step, event.followsFailure)
    else if (event.type === 'step-end') this.#statuses.set(event.step, event.status)
    else if (event.type === 'lab-trouble') this.#trouble = event.message
  }

  result(duration: number): LabResult {
    const { id, file, title } = this.#lab
    const steps = this.#lab.sections.filter(isStep).map((step) => this.#step(step))
    const ledger = ledgerOf(steps)
    const status = this.#trouble ? 'error' : worst(steps.map((step) => step.status))
    return { lab: id, file, title, status, trouble: this.#trouble, steps, ledger, duration: Math.round(duration) }
  }

  #step(step: Step): StepResult {
    const decided = this.#statuses.get(step.id)
    const missing: Status = decided === 'blocked' ? 'blocked' : 'skipped'
    const blocks = step.items.flatMap((item) =>
      item.kind === 'block' ? (this.#blocks.get(item.line) ?? notRun(item, missing)) : [],
    )
    const checks = step.items.flatMap((item) =>
      item.kind === 'check' ? (this.#checks.get(placeOf(item)) ?? notLooked(item, missing)) : [],
    )
    const counted = countedBlocks(blocks, checks)
    const status = decided === 'blocked' ? decided : worst([...counted, ...checks].map((part) => part.status))
    return {
      id: step.id,
      title: step.title,
      line: step.line,
      status,
      followsFailure: this.#followed.get(step.id) ?? null,
      blocks: counted,
      checks,
    }
  }
}

function placeOf({ line, column }: { readonly line: number; readonly column: number }): string {
  return `${line}:${column}`
}

/** How many commands, expected outputs and checks a lab plans. */
export function planned(lab: Lab): number {
  const count = (item: Item) => {
    if (item.kind === 'check') return 1
    if (item.kind !== 'block') return 0
    return (item.background ? 1 : item.commands.length) + (item.expected ? 1 : 0)
  }
  return lab.steps.flatMap((step) => step.items).reduce((sum, item) => sum + count(item), 0)
}

export function ledgerOf(steps: readonly StepResult[]): Ledger {
  const ledger = { planned: 0, passed: 0, failed: 0, blocked: 0, error: 0, skipped: 0 }
  const count = (status: Status) => {
    ledger.planned++
    ledger[status]++
  }
  for (const { blocks, checks } of steps) {
    for (const check of checks) count(check.status)
    for (const block of blocks) {
      for (const command of block.commands) count(command.status)
      if (block.outputStatus) count(block.outputStatus)
    }
  }
  return ledger
}

function notRun(block: Item & { kind: 'block' }, status: Status): BlockResult {
  const texts = block.background
    ? [{ text: block.commands.map(({ text }) => text).join('\n'), line: block.commands[0]!.line }]
    : block.commands
  return {
    line: block.line,
    terminal: block.terminal,
    commands: texts.map(({ text, line }) => ({
      text,
      line,
      exit: null,
      status,
      output: '',
      reason: null,
      diff: null,
      compared: false,
      duration: 0,
    })),
    exit: null,
    status,
    output: '',
    reason: null,
    diff: null,
    outputStatus: block.expected ? status : null,
    outputLine: block.expected?.line ?? null,
    ...(block.sealed ? { sealed: true } : {}),
  }
}

/** The result of a check for which nobody has looked. */
export function notLooked(item: CheckItem, status: Status): CheckResult {
  const { check, line, column, label, why } = item
  return {
    kind: check,
    line,
    column,
    label,
    status,
    expected: '',
    actual: '',
    evidence: [],
    why: why ?? null,
    diagnosis: null,
    tries: 0,
    duration: 0,
  }
}
