import { readFileSync } from 'node:fs'
import { checks } from '../checks/index.ts'
import { LabNotFound, loadLab, stepsBefore } from '../commands/labs.ts'
import { Where } from '../commands/where.ts'
import { isStep, type Lab, type Step } from '../lab/lab.ts'
import { LabError } from '../lab/problem.ts'
import { Trouble } from '../machine/trouble.ts'
import { checksOf, type Early, isAfter, looksBefore } from '../verify/before.ts'
import { doubtAbout } from '../verify/doubts.ts'
import { type Footprint, footprint, whatIsLeft } from '../verify/footprint.ts'
import { doubt } from '../verify/messages.ts'
import { outputDoubts, stumbleDoubts, type VerifyChoices } from '../verify/verify-lab.ts'
import { blockFailures, doubtFailure, type Failure, stepFailures, thrown, troubled, unreadable } from './failures.ts'
import { Playback, type StepOutcome } from './playback.ts'

/** What a test is given by Vitest; the module of the lab brings Vitest itself. */
interface TestContext {
  readonly signal: AbortSignal
  readonly skip: (note?: string) => never
  readonly annotate: (message: string, type?: string) => Promise<unknown>
}

type TestFunction = (context: TestContext) => Promise<void>

/** The tests of one lab, for its module (see `module.ts`). */
export interface LabTests {
  /** Milliseconds: more than a lab can take, because everything in it has a limit of its own. */
  readonly options: { readonly timeout: number }
  step(id: string): TestFunction
  leavesNothing(): Promise<void>
  close(): Promise<void>
}

/** Reads a lab for its test module. Throws AggregateError with an error for each mistake. */
export function openLab({ file, verify }: { readonly file: string; readonly verify: boolean }): LabTests {
  const { lab, before } = read(file)
  const session = new Session(lab, before, verify)
  sessions.add(session)
  return {
    options: { timeout: mostTime([...before, ...lab.steps]) * (verify ? 3 : 1) },
    step: (id) => {
      const step = lab.steps.find((one) => one.id === id)!
      return async (context) => await session.test(step, context)
    },
    leavesNothing: async () => await session.leavesNothing(),
    close: async () => {
      sessions.delete(session)
      await session.close()
    },
  }
}

const sessions = new Set<Session>()

// A process that Vitest has forked lives on if Vitest is killed, and its worlds with it.
process.once('disconnect', () => {
  for (const session of sessions) session.abandon()
})

function read(file: string): { lab: Lab; before: Step[] } {
  try {
    const lab = loadLab(file, checks)
    return { lab, before: stepsBefore(lab, checks) }
  } catch (error) {
    if (!(error instanceof LabError || error instanceof LabNotFound)) throw error
    const from = readFileSync(file, 'utf8')
      .split('\n')
      .findIndex((line) => /^from\s*:/.test(line))
    throw thrown(unreadable(file, error, Math.max(1, from + 1)))
  }
}

/** Milliseconds. */
function mostTime(steps: readonly Step[]): number {
  const items = steps.flatMap((step) => step.items)
  const times = items.map((item) => {
    if (item.kind === 'block') return item.commands.length * (item.timeout + 5000)
    return item.kind === 'check' ? (item.within ?? 0) + 30_000 : 0
  })
  return times.reduce((sum, time) => sum + time, 60_000)
}

/** As `--on` and `--privileged` of the command line. */
const { LABRUN_ON: ON = 'auto', LABRUN_PRIVILEGED } = process.env
const PRIVILEGED = LABRUN_PRIVILEGED === '1'

/** The tests of one lab share a run, which goes on as they ask for their steps. */
class Session {
  readonly #lab: Lab
  readonly #before: readonly Step[]
  readonly #verify: boolean
  readonly #asked = new Set<Step>()
  readonly #where = new Where({ on: ON, privileged: PRIVILEGED }, new AbortController().signal)
  #stop = new AbortController()
  #playback: Playback | undefined
  #early: Promise<Early> | undefined
  #machine: Footprint | undefined

  constructor(lab: Lab, before: readonly Step[], verify: boolean) {
    this.#lab = lab
    this.#before = before
    this.#verify = verify
  }

  /** Passes if the step does. The steps before it are done in any case, whether they are tested or not. */
  async test(step: Step, { signal, skip, annotate }: TestContext): Promise<void> {
    if (!step.items.some(({ kind }) => kind === 'block' || kind === 'check'))
      skip('only a question: it is asked in the lesson')
    // No test starts a virtual machine that nobody has asked for.
    if (this.#lab.machine !== 'any' && ['auto', 'local'].includes(ON) && !PRIVILEGED)
      skip(`the lab says \`machine: ${this.#lab.machine}\`: LABRUN_ON=vagrant runs it`)
    const outcome = await this.#outcome(step, signal).catch((error: unknown) => {
      if (!(error instanceof Trouble)) throw error
      throw thrown([troubled(this.#lab.file, error)])
    })
    const blocker = step.needs.find((id) => this.#playback?.statusOf(id) !== 'passed')
    const failures = [
      ...stepFailures(this.#lab.file, outcome, blocker && this.#titleOf(blocker)),
      ...(this.#verify && outcome.status && outcome.status !== 'blocked' ? await this.#doubts(step, outcome) : []),
    ]
    const { followsFailure } = outcome.result
    const note =
      followsFailure &&
      outcome.status !== 'blocked' &&
      `this step follows the failure of "${this.#titleOf(followsFailure)}"`
    const [first, ...rest] = failures
    if (first) throw thrown([note ? { ...first, text: `${first.text.trimEnd()}\n${note}` } : first, ...rest])
    if (note) await annotate(note, 'warning')
  }

  async leavesNothing(): Promise<void> {
    await this.close()
    const left = this.#machine
      ? whatIsLeft(this.#machine, await footprint(await this.#where.machine(this.#lab.machine)))
      : []
    if (left.length > 0)
      throw thrown([doubtFailure(this.#lab.file, doubt('left', { line: 1 }, { what: left.join(', ') }))])
  }

  /** Ends the run. Only now background blocks that end with the lab have a verdict; throws if one did not pass. */
  async close(): Promise<void> {
    const result = await this.#playback?.close()
    this.#playback = undefined
    await this.#where.close()
    const late = this.#lab.steps.flatMap((step) => step.items).filter((item) => item.kind === 'block')
    const lines = new Set(late.filter(({ until }) => until === 'lab').map(({ line }) => line))
    const blocks = (result?.steps ?? []).flatMap((step) => step.blocks).filter(({ line }) => lines.has(line))
    const failures = blocks.flatMap((block) => blockFailures(this.#lab.file, block))
    if (failures.length > 0) throw thrown(failures)
  }

  /** Ends what is being done, and the run with it. */
  abandon(): void {
    this.#stop.abort()
  }

  async #outcome(step: Step, signal: AbortSignal): Promise<StepOutcome> {
    this.#machine ??= await footprint(await this.#where.machine(this.#lab.machine))
    if (this.#asked.has(step)) await this.#startAgain()
    this.#asked.add(step)
    const stop = this.#stop
    signal.addEventListener('abort', () => stop.abort(), { once: true })
    this.#playback ??= new Playback(this.#lab, this.#choices())
    return await this.#playback.outcome(step)
  }

  /** A step that is asked for again (`retry`) gets a new world. */
  async #startAgain(): Promise<void> {
    await this.#playback?.close()
    this.#playback = undefined
    if (!this.#stop.signal.aborted) return
    this.#stop = new AbortController()
    this.#early = undefined
  }

  #choices(): VerifyChoices {
    return {
      openWorld: this.#where.openWorld,
      machine: () => this.#where.machine(this.#lab.machine),
      kinds: checks,
      before: this.#before,
      signal: this.#stop.signal,
      emit: () => {},
    }
  }

  async #doubts(step: Step, { result }: StepOutcome): Promise<Failure[]> {
    const choices = this.#choices()
    this.#early ??= looksBefore(this.#lab, choices)
    const early = await this.#early
    const outputs = outputDoubts(this.#lab).filter(({ line }) => this.#stepAt(line) === step)
    const doubts = [...outputs, ...stumbleDoubts(early, [result])]
    for (const item of isAfter(this.#lab, step, early) ? [] : checksOf(step)) {
      const after = result.checks.find(({ line, column }) => line === item.line && column === item.column)
      const looks = { first: early.said.get(item), passed: after?.status === 'passed' }
      const found = await doubtAbout(item, looks, { lab: this.#lab, step, choices })
      if (found) doubts.push(found)
    }
    return doubts.map((one) => doubtFailure(this.#lab.file, one))
  }

  #stepAt(line: number): Step | undefined {
    const section = this.#lab.sections.findLast((one) => one.line <= line)
    return section && isStep(section) ? section : undefined
  }

  #titleOf(id: string): string {
    return this.#lab.steps.find((step) => step.id === id)?.title ?? id
  }
}
