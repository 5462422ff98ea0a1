import { pointsText } from '../score.ts'
import { canvasIdOf } from '../sender.ts'
import { csvLine } from './csv.ts'
import { type Row, standing, type Table } from './table.ts'

/**
 * Moodle's grading worksheet of an assignment, to be uploaded there. What is not graded has no grade in it. Here and in Canvas' table
 * the roster knows better than a sender's name who somebody is.
 */
export const moodle: Table = {
  file: 'moodle.csv',
  start: () => csvLine(['Identifier', 'Full name', 'Email address', 'Grade', 'Maximum Grade', 'Feedback comments']),
  row: (row, { max }) => {
    const { sender, fields, name, email, graded } = row
    const participant = fields.Identifier || (sender?.platform === 'moodle' ? `Participant ${sender.id}` : '')
    const grade = pointsText(graded?.points ?? null)
    return csvLine([participant, name || (sender?.name ?? ''), email, grade, pointsText(max), comment(row)])
  },
  end: () => '',
}

/** Canvas' gradebook; the name of the last column is that of the assignment. */
export const canvas: Table = {
  file: 'canvas.csv',
  start: ({ lab, max }) =>
    csvLine(['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section', lab.title]) +
    csvLine(['    Points Possible', '', '', '', '', pointsText(max)]),
  row: (row) => {
    const { sender, fields, id, name, email, graded } = row
    const user = canvasIdOf(row) ?? (sender?.platform === 'canvas' ? sender.id : '')
    const sis = fields['SIS User ID'] ?? fields.sis_user_id ?? id
    const login = fields['SIS Login ID'] ?? fields.sis_login_id ?? email
    const section = fields.Section ?? fields.section ?? ''
    return csvLine([name || (sender?.name ?? ''), user, sis, login, section, pointsText(graded?.points ?? null)])
  },
  end: () => '',
}

function comment(row: Row): string {
  const { graded } = row
  const words = {
    graded: `graded by labrun; see the feedback page ${row.pseudonym}`,
    'needs-staff': 'a person has to look at this',
    refused: `not accepted: ${graded?.reason ?? ''}`,
    missing: '',
    'not-graded': '',
  }
  return words[standing(row)]
}
