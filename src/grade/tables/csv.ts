import { stringify } from 'csv-stringify/sync'

/**
 * A line of a CSV file. What a spreadsheet would take for a formula gets an apostrophe before it, also within a cell: where semicolons
 * or tabs are taken for the ends of cells.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return stringify([cells.map((cell) => (cell === null ? '' : harmless(String(cell))))])
}

function harmless(text: string): string {
  return (
    text
      // Some read a quoted line break as the end of the row.
      .replace(/\s*[\r\n]+\s*/g, ' ')
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
      .replace(FORMULA, "'")
  )
}

/** The places before a formula; some take the wide signs for the same. */
const FORMULA = /^(?=[=+\-@\t＝＋－＠])|(?<=[;\t])(?="*[=+\-@＝＋－＠])/g
