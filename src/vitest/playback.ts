import type { Lab, Step } from '../lab/lab.ts'
import { LabCollector } from '../run/collect.ts'
import { RunStopped } from '../run/pace.ts'
import type { LabResult, Status, StepResult } from '../run/results.ts'
import { type LabRun, runLab } from '../run/run-lab.ts'

/** What a run has found out about one step. */
export interface StepOutcome {
  /** Undefined where the run ended before the step did. */
  readonly status: Status | undefined
  readonly result: StepResult
  /** Why the lab as a whole could not be run, with the ways out. */
  readonly trouble: string | undefined
}

/** One run of a lab in one world that goes on only as far as somebody wants to know. */
export class Playback {
  readonly #lab: Lab
  readonly #collector: LabCollector
  readonly #statuses = new Map<string, Status>()
  readonly #ended: Promise<LabResult>
  #goal = -1
  #closed = false
  #trouble: string | undefined
  #changed: () => void = () => {}
  #change: Promise<void> = Promise.resolve()

  constructor(lab: Lab, run: Omit<LabRun, 'emit' | 'pace'>) {
    this.#lab = lab
    this.#collector = new LabCollector(lab)
    this.#renew()
    this.#ended = runLab(lab, {
      ...run,
      pace: { step: async (step) => await this.#wait(step) },
      emit: (event) => {
        this.#collector.take(event)
        if (event.type === 'step-end') this.#statuses.set(event.step, event.status)
        else if (event.type === 'lab-trouble')
          this.#trouble = [event.message, ...event.remedies.map((one) => `→ ${one}`)].join('\n')
        this.#tell()
      },
    })
    this.#ended.catch(() => {})
  }

  /** Goes on to the end of a step; whoever asks for a step that is behind gets what was found then. */
  async outcome(step: Step): Promise<StepOutcome> {
    this.#goal = Math.max(this.#goal, this.#lab.steps.indexOf(step))
    this.#tell()
    let over = false
    const end = this.#ended.then(() => {
      over = true
    })
    while (!over && !this.#statuses.has(step.id)) await Promise.race([this.#change, end])
    const result = this.#collector.result(0).steps.find(({ id }) => id === step.id)!
    return { status: this.#statuses.get(step.id), result, trouble: this.#trouble }
  }

  /** How another step ended; undefined if it has not. */
  statusOf(id: string): Status | undefined {
    return this.#statuses.get(id)
  }

  /** Ends the run and its world; what was not asked for is not done. */
  async close(): Promise<LabResult> {
    this.#closed = true
    this.#tell()
    return await this.#ended
  }

  async #wait(step: Step): Promise<void> {
    const index = this.#lab.steps.indexOf(step)
    while (!this.#closed && index > this.#goal) await this.#change
    if (index > this.#goal) throw new RunStopped()
  }

  #tell(): void {
    const changed = this.#changed
    this.#renew()
    changed()
  }

  #renew(): void {
    this.#change = new Promise((resolve) => {
      this.#changed = resolve
    })
  }
}
