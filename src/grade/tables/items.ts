import { pointsText, sharesOf } from '../score.ts'
import { csvLine } from './csv.ts'
import { standing, type Table } from './table.ts'

/** A column a check or question: the points for it, or the status where nothing is known. */
export const items: Table = {
  file: 'items.csv',
  start: ({ lab }) => csvLine(['id', 'pseudonym', 'status', ...lab.steps.flatMap(sharesOf).map(({ key }) => key)]),
  row: (row, { lab }) => {
    const found = new Map(row.graded?.steps.flatMap((step) => step.items).map((item) => [item.key, item]))
    const cells = lab.steps.flatMap(sharesOf).map(({ key }) => {
      const item = found.get(key)
      return item ? pointsText(item.points) || item.status : ''
    })
    return csvLine([row.id, row.pseudonym, standing(row), ...cells])
  },
  end: () => '',
}
