import { csvLine } from './csv.ts'
import type { Table } from './table.ts'

/** Reasons for a person to look; nothing of it has changed any points. */
export const integrity: Table = {
  file: 'integrity.csv',
  start: () => csvLine(['id', 'name', 'pseudonym', 'lead', 'reason', 'others']),
  row: ({ id, name, pseudonym, graded }) =>
    (graded?.leads ?? [])
      .map(({ kind, reason, others }) => csvLine([id, name, pseudonym, kind, reason, others.join(' ')]))
      .join(''),
  end: () => '',
}
