import type { WorldLimits } from '../../src/world/limits.ts'

/** Something that a student types instead of doing the task; none of the task's checks may pass. */
export interface Attack {
  readonly name: string
  /** Commands as they are typed, one after the other. What must not be possible prints `BREACH`. */
  readonly types: readonly string[]
  /** Other limits than those of the tests. */
  readonly limits?: WorldLimits
  /** Parts of the sentences about the limits that are hit. */
  readonly hits?: readonly string[]
  /** What is printed all the same. */
  readonly prints?: RegExp
  /** The world is gone afterwards, and that is told. */
  readonly ends?: boolean
  /** Who starts labrun where it matters; without it, root. */
  readonly users?: readonly User[]
}

export type User = 'root' | 'an ordinary user'

/** For attacks whose defence depends on who starts labrun. */
export const everybody: readonly User[] = ['root', 'an ordinary user']

/** A program for Perl, which every world has, as one word of a command. */
export function perl(program: string): string {
  return `perl -e '${program.replaceAll('BREACH', 'BR@{[]}EACH').replaceAll("'", `'\\''`)}'`
}
