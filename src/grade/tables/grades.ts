import { pointsText } from '../score.ts'
import { csvLine } from './csv.ts'
import { standing, type Table } from './table.ts'

/** The class in the order of its roster, those who have handed in nothing among them; a column a step. */
export const grades: Table = {
  file: 'grades.csv',
  start: ({ lab }) =>
    csvLine([
      ...['id', 'name', 'email', 'pseudonym', 'status', 'points', 'max', 'late', 'submitted', 'file', 'reason'],
      ...lab.steps.map(({ id }) => `step: ${id}`),
    ]),
  row: (row, { lab, max }) => {
    const { id, name, email, pseudonym, graded, created, trouble } = row
    const steps = lab.steps.map((step) => graded?.steps.find((one) => one.id === step.id))
    return csvLine([
      ...[
        id,
        name,
        email,
        pseudonym,
        standing(row),
        pointsText(graded?.points ?? null),
        pointsText(graded?.max ?? max),
      ],
      graded?.late === undefined || graded.late === null ? '' : graded.late ? 'yes' : 'no',
      created,
      graded?.bundle.file ?? '',
      graded?.reason ?? trouble,
      ...steps.map((step) => pointsText(step?.points ?? null)),
    ])
  },
  end: () => '',
}
