import { setTimeout as delay } from 'node:timers/promises'
import type { AnyCheck, Judgement, Probe } from '../checks/check.ts'
import { runShell } from '../checks/shell.ts'
import { fillRemembered, type Remembered } from '../lab/expected.ts'
import type { CheckItem } from '../lab/lab.ts'
import { ProbeError, type ProbeTrouble } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import { diagnosisOf } from './diagnosis.ts'
import { type Looking, recordingProbe } from './recording-probe.ts'
import type { CheckResult, Evidence, Status } from './results.ts'

export interface CheckRun extends Looking {
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly remembered: Remembered
  /** Stands for a value that is not remembered: its placeholder, by its name. */
  readonly unseen?: Remembered
  readonly signal: AbortSignal
  /** Milliseconds for which the reason of a failure is looked for; undefined: as long as a person waits. */
  readonly patience?: number | undefined
  /** Look once, whatever `within` says. */
  readonly once?: boolean
  /**
   * For the proof that it does not hold yet: wait only for as long as the check itself says with `within`, because what
   * an earlier step has begun may come late. As after looking once, nobody asks why it does not hold.
   */
  readonly early?: boolean
}

/** Milliseconds between two tries. */
const PAUSE = 50

/** A watch that is on, or why it could not be. */
export type Watch =
  | { readonly armed: unknown; readonly ended?: unknown; readonly evidence: readonly Evidence[] }
  | { readonly trouble: ProbeError; readonly evidence: readonly Evidence[] }

/** Whether a check watches the command before it, and so must be armed before that is run. */
export function watchesBlock({ check, spec }: CheckItem, kinds: CheckRun['kinds']): boolean {
  const kind = kinds.get(check)!
  return kind.watches && !kind.isFact(spec) && !hasDuring(spec)
}

/** Begins to watch. */
export async function armCheck(item: CheckItem, run: CheckRun): Promise<Watch> {
  const { probe, evidence } = recordingProbe(run)
  try {
    return { armed: await run.kinds.get(item.check)!.arm(specOf(item, run), probe), evidence }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error
    return { trouble: error, evidence }
  }
}

/** Ends to count, where a watch has no end of its own. */
export async function endWatch(item: CheckItem, watch: Watch, run: CheckRun): Promise<Watch> {
  if ('trouble' in watch) return watch
  const { probe, evidence } = recordingProbe(run)
  const all = [...watch.evidence]
  try {
    const ended = await run.kinds.get(item.check)!.end(specOf(item, run), probe, watch.armed)
    return { ...watch, ended, evidence: [...all, ...evidence] }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error
    return { trouble: error, evidence: [...all, ...evidence] }
  }
}

/** The same watch, going on. */
export function goingOn(watch: Watch | undefined): Watch | undefined {
  return watch && 'armed' in watch ? { ...watch, ended: undefined } : watch
}

/** Of two watches, the second of which has begun after the first: what both of them see. */
export function joined(item: CheckItem, earlier: Watch, later: Watch, { kinds }: CheckRun): Watch {
  const { join } = kinds.get(item.check)!
  if ('trouble' in earlier || !join) return goingOn(earlier)!
  return 'trouble' in later ? later : { ...later, armed: join(earlier.armed, later.armed) }
}

/**
 * Makes a check: looks until it holds or its time is over. Trouble with looking is `error`, and is tried again too. A
 * check that watches and was not armed is armed here, and watches its `during` command, or nothing.
 */
export async function runCheck(
  item: CheckItem,
  run: CheckRun,
  watch?: Watch,
): Promise<{ result: CheckResult; remembered: Remembered }> {
  const done = new AbortController()
  try {
    return await tryUntilOver(item, run, watch, interruption(run.signal, done.signal))
  } finally {
    done.abort()
  }
}

async function tryUntilOver(
  item: CheckItem,
  run: CheckRun,
  watch: Watch | undefined,
  interrupted: Promise<Outcome>,
): Promise<{ result: CheckResult; remembered: Remembered }> {
  const kind = run.kinds.get(item.check)!
  const spec = specOf(item, run)
  const start = performance.now()
  const within = howLong(item, kind.within(spec), run)
  for (let tries = 1; ; tries++) {
    const { probe, evidence } = recordingProbe(run)
    // What comes late is waited for.
    const current = tries === 1 ? watch : goingOn(watch)
    const outcome = await Promise.race([look(item, kind, spec, probe, run, current), interrupted])
    evidence.unshift(...(watch?.evidence ?? []))
    const duration = Math.round(performance.now() - start)
    const over = duration + PAUSE > within || run.signal.aborted
    if (outcome.status === 'passed' || over) {
      const { expected, actual, remembered } = outcome
      const status = outcome.status !== 'passed' && run.signal.aborted ? 'skipped' : outcome.status
      const { check, line, column, label, why } = item
      const diagnosis =
        status === 'failed' && !run.once && !run.early ? await diagnosisOf(() => kind.question(spec), run) : null
      const result = {
        kind: check,
        line,
        column,
        label,
        status,
        expected,
        actual,
        evidence,
        why: why ?? null,
        diagnosis,
        ...(status === 'error' && outcome.cause ? { cause: outcome.cause } : {}),
        tries,
        duration,
      }
      return { result, remembered: remembered ?? run.remembered }
    }
    await delay(PAUSE)
  }
}

/** Milliseconds for which a check is tried again. */
function howLong({ within }: CheckItem, usual: number, { once, early }: CheckRun): number {
  if (once) return 0
  return within ?? (early ? 0 : usual)
}

/** Resolves when the run is interrupted: what a probe would have said is not waited for. */
async function interruption(signal: AbortSignal, done: AbortSignal): Promise<Outcome> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { signal: done }))
  return { status: 'skipped', expected: '', actual: 'interrupted', remembered: undefined }
}

interface Outcome {
  readonly status: Status
  readonly expected: string
  readonly actual: string
  readonly remembered: Remembered | undefined
  readonly cause?: ProbeTrouble
}

async function look(
  item: CheckItem,
  kind: AnyCheck,
  spec: unknown,
  probe: Probe,
  run: CheckRun,
  watch?: Watch,
): Promise<Outcome> {
  try {
    if (watch && 'trouble' in watch) throw watch.trouble
    const armed = watch ? (watch.ended ?? watch.armed) : await kind.arm(spec, probe)
    if (!watch && hasDuring(item.spec))
      await runShell(probe, 'host', fillRemembered(item.spec.during, run.remembered), 60_000)
    const judgement: Judgement = await kind.look(spec, probe, run.remembered, armed)
    const { holds, expected, actual } = judgement
    return {
      status: holds ? 'passed' : 'failed',
      expected,
      actual,
      remembered: holds ? judgement.remembered : undefined,
    }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error
    const advice = run.once || run.early ? '' : await adviceOn(error, run.world)
    return {
      status: 'error',
      expected: 'to find out',
      actual: `could not find out: ${error.message}${advice}`,
      remembered: undefined,
      cause: error.code,
    }
  }
}

async function adviceOn({ code }: ProbeError, world: World): Promise<string> {
  if (code === 'missing-tool') return ' (`labrun doctor` says how to install it)'
  if (code !== 'missing-namespace') return ''
  // NAME (id: N)
  const { stdout } = await world.probe('host', ['ip', 'netns', 'list']).catch(() => ({ stdout: '' }))
  const names = stdout.split('\n').flatMap((line) => line.split(' ')[0] || [])
  return names.length > 0 ? ` (there are: ${names.toSorted().join(', ')})` : ' (there are none)'
}

function hasDuring(spec: unknown): spec is { during: string } {
  return typeof (spec as { during?: unknown }).during === 'string'
}

function specOf({ spec }: CheckItem, { unseen, remembered }: CheckRun): unknown {
  return fillSpec(spec, new Map([...(unseen ?? []), ...remembered]))
}

/** Puts remembered values for `{{name}}` into every text of a spec. */
function fillSpec(spec: unknown, remembered: Remembered): unknown {
  if (remembered.size === 0) return spec
  if (typeof spec === 'string') return fillRemembered(spec, remembered)
  if (Array.isArray(spec)) return spec.map((part) => fillSpec(part, remembered))
  if (typeof spec !== 'object' || spec === null) return spec
  return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, fillSpec(part, remembered)]))
}
