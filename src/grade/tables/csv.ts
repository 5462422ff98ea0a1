import { stringify } from 'csv-stringify/sync'

/** A line of a CSV file. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function csvLine(cells: readonly (string | number | null)[]): string {
  // Some read a quoted line break as the end of the row.
  const texts = cells.map((cell) => (cell === null ? '' : String(cell).replace(/\s*[\r\n]+\s*/g, ' ')))
  return stringify([texts.map((text) => text.replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '\ufffd'))], {
    escape_formulas: true,
  })
}
