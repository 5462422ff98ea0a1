import type { Evidence, Status } from '../run/results.ts'
import type { Network } from '../topology/network.ts'

/** What grading found out about one submission: one file, written whole. Everything that the results show is made of it. */
export interface Graded {
  readonly labrun: 'grade'
  readonly version: 1
  /** SHA-256 of what decides it: the bundle, the lab's whole text, the values, the options. It names the result. */
  readonly digest: string
  readonly bundle: { readonly file: string; readonly sha256: string }
  readonly lab: { readonly id: string; readonly title: string; readonly digest: string; readonly fullDigest: string }
  /** `id` and `name` only from the roster. */
  readonly student: { readonly pseudonym: string; readonly id: string | null; readonly name: string | null }
  /** `needs-staff`: it could not be found out; `refused`: the bundle was not accepted. Neither is zero points. */
  readonly status: 'graded' | 'needs-staff' | 'refused'
  /** Why it was not graded, in plain words. */
  readonly reason: string | null
  readonly points: number | null
  readonly max: number
  readonly late: boolean | null
  readonly steps: readonly GradedStep[]
  /** Limits of the world that were hit, in words. */
  readonly limits: readonly string[]
  readonly leads: readonly Lead[]
  /** At the end of the replay. */
  readonly network: Network | null
  /** ISO 8601. */
  readonly gradedAt: string
  /** Milliseconds. */
  readonly duration: number
  readonly attempts: number
}

export interface GradedStep {
  readonly id: string
  readonly title: string
  readonly line: number
  readonly points: number | null
  readonly max: number
  readonly status: Status
  /** Judged on the reference state, because an earlier step failed. */
  readonly carried: boolean
  /** The student's, as replayed; the output is bounded. */
  readonly commands: readonly GradedCommand[]
  readonly items: readonly GradedItem[]
}

export interface GradedCommand {
  readonly terminal: string
  readonly text: string
  readonly exit: number | null
  readonly output: string
}

/** A check or a question. */
export interface GradedItem {
  /** Stable: `step/id`, or `step/kind-N`. A column of items.csv. */
  readonly key: string
  /** A check's kind, or `question`. */
  readonly kind: string
  readonly label: string
  readonly hidden: boolean
  readonly status: Status
  readonly points: number | null
  readonly max: number
  readonly expected: string
  readonly actual: string
  readonly why: string | null
  readonly diagnosis: string | null
  readonly evidence: readonly Evidence[]
}

/** A reason for a person to look; never a penalty. */
export interface Lead {
  readonly kind: string
  readonly reason: string
  /** Pseudonyms of others that it is about. */
  readonly others: readonly string[]
}
