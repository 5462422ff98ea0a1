import type { Lead } from '../grade/model.ts'

/** One line of a table of leads. */
export interface LeadRow {
  readonly pseudonym: string
  readonly kind: string
  readonly reason: string
  /** Pseudonyms. */
  readonly others: readonly string[]
}

/** The leads of a class as rows, in the order of the students that is asked for, then of the others. */
export function* leadRows(
  found: ReadonlyMap<string, readonly Lead[]>,
  order: Iterable<string> = [],
): Generator<LeadRow> {
  const seen = new Set<string>()
  for (const pseudonym of [...order, ...found.keys()]) {
    if (seen.has(pseudonym)) continue
    seen.add(pseudonym)
    for (const { kind, reason, others } of found.get(pseudonym) ?? []) yield { pseudonym, kind, reason, others }
  }
}
