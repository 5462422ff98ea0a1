import type { DiffLine } from '../lab/expected.ts'
import type { ProbeTrouble } from '../world/probes.ts'

/**
 * `passed` and `failed` are judgements; `blocked`: something that it needs failed; `error`: it could not be found out;
 * `skipped`: never reached.
 */
export type Status = 'passed' | 'failed' | 'blocked' | 'error' | 'skipped'

export interface CommandResult {
  readonly text: string
  readonly line: number
  /** The exit status; null if it has none, because it was not run or did not come to its end. */
  readonly exit: number | null
  readonly status: Status
  readonly output: string
  /** Why it did not pass, in one line. */
  readonly reason: string | null
  readonly diff: readonly DiffLine[] | null
  /** Its output was compared with what is expected of it alone. */
  readonly compared: boolean
  /** Only there where its shell ended with it. */
  readonly shellEnded?: true
  /** Only there where it was not run because whoever sets the pace does without it. */
  readonly leftOut?: true
  /** Milliseconds. */
  readonly duration: number
}

export interface BlockResult {
  readonly line: number
  readonly terminal: string
  readonly commands: readonly CommandResult[]
  /** Of the last command that was run. */
  readonly exit: number | null
  readonly status: Status
  readonly output: string
  readonly reason: string | null
  readonly diff: readonly DiffLine[] | null
  /** The verdict on the `output` block; null if there is none. */
  readonly outputStatus: Status | null
  /** Of the first expected line; null if there is no `output` block. */
  readonly outputLine: number | null
  /** Only there where its text is sealed in the file, so nobody is to read it by accident. */
  readonly sealed?: true
}

/** What was looked at: the command that a person would type, and what it said. */
export interface Evidence {
  readonly command: string
  readonly status: number | null
  readonly output: string
}

export interface CheckResult {
  readonly kind: string
  readonly line: number
  /** Several checks may be on one line. */
  readonly column: number
  readonly label: string
  readonly status: Status
  readonly expected: string
  readonly actual: string
  readonly evidence: readonly Evidence[]
  readonly why: string | null
  readonly diagnosis: string | null
  /** Only there where it is an `error`. */
  readonly cause?: ProbeTrouble
  /** How often it was tried, and for how many milliseconds. */
  readonly tries: number
  readonly duration: number
}

/** Whether what a check looks at is not there: nothing could be found out of it, but that it is still to be made is known. */
export function isAbsent({ status, cause }: CheckResult): boolean {
  return status === 'error' && (cause === 'missing-namespace' || cause === 'missing-device')
}

export interface StepResult {
  readonly id: string
  readonly title: string
  readonly line: number
  readonly status: Status
  /** The first step that failed before this one. */
  readonly followsFailure: string | null
  readonly blocks: readonly BlockResult[]
  readonly checks: readonly CheckResult[]
}

export interface LabResult {
  readonly lab: string
  readonly file: string
  readonly title: string
  readonly status: Status
  /** Why the lab as a whole could not be run. */
  readonly trouble: string | null
  readonly steps: readonly StepResult[]
  readonly ledger: Ledger
  readonly duration: number
}

export interface RunResult {
  readonly status: Status
  readonly labs: readonly LabResult[]
}

/** Commands, expected outputs and checks: every planned one has exactly one verdict. */
export type Ledger = Readonly<Record<'planned' | Status, number>>

/** The worst of several: a failure is worse than not knowing, and both are worse than not having looked. */
export function worst(statuses: Iterable<Status>): Status {
  const all = new Set(statuses)
  return (['failed', 'error', 'blocked', 'skipped'] as const).find((status) => all.has(status)) ?? 'passed'
}

/** 0 all passed, 1 something failed, 2 something could not be run. */
export function exitCode(status: Status): 0 | 1 | 2 {
  if (status === 'passed') return 0
  return status === 'failed' ? 1 : 2
}
