import type { Lab } from '../../lab/lab.ts'
import type { Graded } from '../model.ts'
import type { Sender } from '../sender.ts'

/** A line of the class: a student of the roster, or somebody else who has handed something in. */
export interface Row {
  readonly pseudonym: string
  /** Of the roster; empty where it knows nobody. */
  readonly id: string
  readonly name: string
  readonly email: string
  /** All columns of the roster. */
  readonly fields: Readonly<Record<string, string>>
  readonly sender: Sender | null
  /** ISO 8601, as the student's machine says it. */
  readonly created: string | null
  readonly late: boolean | null
  /** Where it was found. */
  readonly file: string | null
  /** Where the student's other submissions are, which do not count. */
  readonly others: readonly string[]
  /** What counts; null: nothing was handed in, or nothing is known of it (`trouble`). */
  readonly graded: Graded | null
  /** Why it could not be graded here. */
  readonly trouble: string | null
}

/** What all rows have in common. */
export interface ClassInfo {
  readonly lab: Lab
  readonly max: number
}

/** One file about the class, made of one row after the other, so that no more than one is in memory. */
export interface Table {
  /** Below the folder of the results. */
  readonly file: string
  /** What comes before the first row. */
  start(info: ClassInfo): string
  row(row: Row, info: ClassInfo): string
  end(): string
}

/** In one word, for tables: how far somebody is. */
export function standing({ graded, trouble }: Row): Graded['status'] | 'missing' | 'not-graded' {
  return graded?.status ?? (trouble === null ? 'missing' : 'not-graded')
}
