import { setTimeout as delay } from 'node:timers/promises'
import type { AnyCheck, Judgement, Probe } from '../checks/check.ts'
import { fillRemembered, type Remembered } from '../lab/expected.ts'
import type { CheckItem } from '../lab/lab.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import type { CheckResult, Evidence, Status } from './results.ts'

export interface CheckRun {
  readonly world: World
  readonly kinds: ReadonlyMap<string, AnyCheck>
  readonly remembered: Remembered
  readonly signal: AbortSignal
  /** Look once, whatever `within` says: for the proof that it does not hold yet. */
  readonly once?: boolean
}

/** Milliseconds between two tries. */
const PAUSE = 50

/** Makes a check: looks until it holds or its time is over. Trouble with looking is `error`, and is tried again too. */
export async function runCheck(
  item: CheckItem,
  run: CheckRun,
): Promise<{ result: CheckResult; remembered: Remembered }> {
  const kind = run.kinds.get(item.check)!
  const spec = fillSpec(item.spec, run.remembered)
  const start = performance.now()
  const within = run.once ? 0 : (item.within ?? kind.within(spec))
  for (let tries = 1; ; tries++) {
    const { probe, evidence } = recordingProbe(run.world)
    const outcome = await look(kind, spec, probe, run.remembered)
    const duration = Math.round(performance.now() - start)
    const over = duration + PAUSE > within || run.signal.aborted
    if (outcome.status === 'passed' || over) {
      const { status, expected, actual, remembered } = outcome
      const { check, line, label, why } = item
      const result = {
        kind: check,
        line,
        label,
        status,
        expected,
        actual,
        evidence,
        why: why ?? null,
        diagnosis: null,
        tries,
        duration,
      }
      return { result, remembered: remembered ?? run.remembered }
    }
    await delay(PAUSE)
  }
}

interface Outcome {
  readonly status: Status
  readonly expected: string
  readonly actual: string
  readonly remembered: Remembered | undefined
}

async function look(kind: AnyCheck, spec: unknown, probe: Probe, remembered: Remembered): Promise<Outcome> {
  try {
    const judgement: Judgement = await kind.look(spec, probe, remembered)
    const { holds, expected, actual } = judgement
    return {
      status: holds ? 'passed' : 'failed',
      expected,
      actual,
      remembered: holds ? judgement.remembered : undefined,
    }
  } catch (error) {
    if (!(error instanceof ProbeError)) throw error
    const advice = error.code === 'missing-tool' ? ' (`labrun doctor` says how to install it)' : ''
    return {
      status: 'error',
      expected: 'to find out',
      actual: `could not find out: ${error.message}${advice}`,
      remembered: undefined,
    }
  }
}

function recordingProbe(world: World): { probe: Probe; evidence: Evidence[] } {
  const evidence: Evidence[] = []
  const probe: Probe = {
    async run(place, command, options) {
      const typed = asTyped(world, place, command)
      try {
        const result = await world.probe(place, command, options)
        evidence.push({ command: typed, status: result.status, output: `${result.stdout}${result.stderr}` })
        return result
      } catch (error) {
        if (error instanceof ProbeError) evidence.push({ command: typed, status: null, output: error.message })
        throw error
      }
    },
    namespaceId: (place, other) => world.namespaceId(place, other),
  }
  return { probe, evidence }
}

/** As a person would type it: on the host, in a namespace, or on another machine. */
function asTyped(world: World, place: string, command: readonly string[]): string {
  const words = command.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
  const shown = (
    command[0] === 'bash' && command[1] === '-c' ? command[2]!.replace(/^exec 2>&1\n/, '') : words.join(' ')
  ).trim()
  if (place === 'host') return shown
  if (world.isOutside(place)) return `(on ${place}) ${shown}`
  return command[0] === 'bash'
    ? `ip netns exec ${place} ${words.join(' ').replace('exec 2>&1\n', '')}`
    : `ip netns exec ${place} ${shown}`
}

/** Puts remembered values for `{{name}}` into every text of a spec. */
function fillSpec(spec: unknown, remembered: Remembered): unknown {
  if (remembered.size === 0) return spec
  if (typeof spec === 'string') return fillRemembered(spec, remembered)
  if (Array.isArray(spec)) return spec.map((part) => fillSpec(part, remembered))
  if (typeof spec !== 'object' || spec === null) return spec
  return Object.fromEntries(Object.entries(spec).map(([key, part]) => [key, fillSpec(part, remembered)]))
}
