import { z } from 'zod'
import type { Remembered } from '../lab/expected.ts'
import type { LiveProbe, ProbeOptions, ProbeResult } from '../world/probes.ts'

/**
 * A kind of check, in parts that are kept apart: what may be written (`schema`), what is looked at in the world (`arm`,
 * `observe`), and what follows from it (`judge`, pure).
 */
export interface Check<Schema extends z.ZodObject, Seen, Armed = undefined> {
  readonly kind: string
  /** The keys of the kind, its own name among them; a watching kind has `during` too (see `duringKey`). */
  readonly schema: Schema
  /** Programs that it cannot do without; `labrun doctor` and `tools` know them by this. */
  readonly tools: readonly string[]
  /** Milliseconds for which it is tried again if nothing else is said: 0 for plain facts and for what is watched. */
  within(spec: z.output<Schema>): number
  /**
   * For a kind that watches a command: called right before the command starts, so that nothing of it is missed;
   * resolves when the watch is really on. Throws ProbeError where it cannot be.
   */
  arm?(spec: z.output<Schema>, probe: Probe): Promise<Armed>
  /**
   * For a kind whose watch has no end of its own, such as a counter: called right after the command, before anything else
   * is looked at, because a check may send packets too. Resolves to what `observe` gets instead. Throws ProbeError.
   */
  end?(spec: z.output<Schema>, probe: Probe, armed: Armed): Promise<Armed>
  /**
   * For a kind whose watch is over when it was looked at: one watch of two, of which the second has begun after the first.
   * Another watch goes on when it is looked at.
   */
  join?(earlier: Armed, later: Armed): Armed
  /** For a kind that watches: whether what is asked is there or not, whatever a command does meanwhile. Default: no. */
  isFact?(spec: z.output<Schema>): boolean
  /** Looks at the world, never changes it. Throws ProbeError where it could not look. */
  observe(spec: z.output<Schema>, probe: Probe, armed: Armed): Promise<Seen>
  judge(spec: z.output<Schema>, seen: Seen, remembered: Remembered): Judgement
  /** Whether it asks that something is not there, which holds also where nothing was built. Default: no. */
  isNegative?(spec: z.output<Schema>): boolean
  /** Whether looking sends packets, which the student would see. Default: no; where it runs a `during` command, yes. */
  sends?(spec: z.output<Schema>): boolean
  /** Whether it runs a command of the lab's, which may do anything. Default: no; where there is a `during` command, yes. */
  acts?(spec: z.output<Schema>): boolean
  /** Which packet should have got through: where it ended is found out when the check has failed. */
  question?(spec: z.output<Schema>): DiagnosisQuestion | undefined
}

/** A packet that did not get through, or whose answer did not. */
export interface DiagnosisQuestion {
  readonly from: string
  /** An address or a name. */
  readonly to: string
  readonly protocol: 'icmp' | 'tcp'
  /** Of TCP. */
  readonly port?: number
  /** Bytes of data of a ping that must not be cut into fragments. */
  readonly size?: number
}

export interface Judgement {
  readonly holds: boolean
  readonly expected: string
  readonly actual: string
  readonly remembered?: Remembered
}

/** A check's eyes: runs programs in the world and keeps what they said as evidence. */
export interface Probe {
  /** Runs a program to its end, in the network namespace of a place. */
  run(place: string, command: readonly [string, ...string[]], options?: ProbeOptions): Promise<ProbeResult>
  /** Starts a program whose output is wanted as it comes, such as tcpdump. */
  start(place: string, command: readonly [string, ...string[]]): Promise<LiveProbe>
  namespaceId(place: string, other: string): Promise<number>
  /** The names of the machines around the student's: empty in an `isolated` world. */
  readonly outside: readonly string[]
  /** Something that lives as long as the world and is shared by its checks; made on first use. */
  shared<T>(key: string, make: () => T): T
  /** Adds to the evidence: what a person would type, and what it says. */
  note(command: string, output: string): void
  /** Keeps a file with the run's artefacts; returns its path, or undefined where none are kept. */
  keep(name: string, bytes: Uint8Array): string | undefined
}

/** The key of every watching kind: the command to watch instead of the block before, run by the check itself. */
export const duringKey = {
  during: z.string().min(1).optional().describe('a command line to watch, instead of the block before the check'),
}

/** A check whose types are closed over, as the registry holds it. */
export interface AnyCheck {
  readonly kind: string
  readonly schema: z.ZodObject
  readonly tools: readonly string[]
  readonly watches: boolean
  within(spec: unknown): number
  arm(spec: unknown, probe: Probe): Promise<unknown>
  end(spec: unknown, probe: Probe, armed: unknown): Promise<unknown>
  /** Undefined: the earlier one goes on. */
  readonly join: ((earlier: unknown, later: unknown) => unknown) | undefined
  isFact(spec: unknown): boolean
  /** Observes and judges once. */
  look(spec: unknown, probe: Probe, remembered: Remembered, armed: unknown): Promise<Judgement>
  isNegative(spec: unknown): boolean
  sends(spec: unknown): boolean
  acts(spec: unknown): boolean
  question(spec: unknown): DiagnosisQuestion | undefined
}

export function defineCheck<Schema extends z.ZodObject, Seen, Armed = undefined>(
  check: Check<Schema, Seen, Armed>,
): AnyCheck & Pick<Check<Schema, Seen, Armed>, 'observe' | 'judge'> {
  type Spec = z.output<Schema>
  return {
    kind: check.kind,
    schema: check.schema,
    tools: check.tools,
    watches: check.arm !== undefined,
    within: (spec) => check.within(spec as Spec),
    arm: async (spec, probe) => await check.arm?.(spec as Spec, probe),
    end: async (spec, probe, armed) => (await check.end?.(spec as Spec, probe, armed as Armed)) ?? armed,
    join: check.join && ((earlier, later) => check.join!(earlier as Armed, later as Armed)),
    isFact: (spec) => check.isFact?.(spec as Spec) ?? false,
    observe: check.observe,
    judge: check.judge,
    look: async (spec, probe, remembered, armed) =>
      check.judge(spec as Spec, await check.observe(spec as Spec, probe, armed as Armed), remembered),
    isNegative: (spec) => check.isNegative?.(spec as Spec) ?? false,
    sends: (spec) => (check.sends?.(spec as Spec) ?? false) || 'during' in (spec as object),
    acts: (spec) => (check.acts?.(spec as Spec) ?? false) || 'during' in (spec as object),
    question: (spec) => check.question?.(spec as Spec),
  }
}
