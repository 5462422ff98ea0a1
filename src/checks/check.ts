import type { z } from 'zod'
import type { Remembered } from '../lab/expected.ts'
import type { ProbeOptions, ProbeResult } from '../world/probes.ts'

/**
 * A kind of check, in three parts that are kept apart: what may be written (`schema`), what is looked at in the world
 * (`observe`), and what follows from it (`judge`, pure).
 */
export interface Check<Schema extends z.ZodObject, Seen> {
  readonly kind: string
  /** The keys of the kind, its own name among them. */
  readonly schema: Schema
  /** A tool that it cannot do without; `labrun doctor` and `tools` know it by this. */
  readonly tools: readonly string[]
  /** Milliseconds for which it is tried again if nothing else is said: 0 for plain facts. */
  within(spec: z.output<Schema>): number
  /** Looks at the world, never changes it. Throws ProbeError where it could not look. */
  observe(spec: z.output<Schema>, probe: Probe): Promise<Seen>
  judge(spec: z.output<Schema>, seen: Seen, remembered: Remembered): Judgement
}

export interface Judgement {
  readonly holds: boolean
  readonly expected: string
  readonly actual: string
  readonly remembered?: Remembered
}

/** A check's eyes: runs programs in the world and keeps what they said as evidence. */
export interface Probe {
  run(place: string, command: readonly [string, ...string[]], options?: ProbeOptions): Promise<ProbeResult>
  namespaceId(place: string, other: string): Promise<number>
}

/** A check whose types are closed over, as the registry holds it. */
export interface AnyCheck {
  readonly kind: string
  readonly schema: z.ZodObject
  readonly tools: readonly string[]
  within(spec: unknown): number
  /** Observes and judges once. */
  look(spec: unknown, probe: Probe, remembered: Remembered): Promise<Judgement>
}

export function defineCheck<Schema extends z.ZodObject, Seen>(
  check: Check<Schema, Seen>,
): AnyCheck & Check<Schema, Seen> {
  return {
    ...check,
    within: (spec) => check.within(spec as z.output<Schema>),
    look: async (spec, probe, remembered) => {
      const typed = spec as z.output<Schema>
      return check.judge(typed, await check.observe(typed, probe), remembered)
    },
  }
}
