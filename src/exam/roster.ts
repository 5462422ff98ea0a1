import { CsvError, parse } from 'csv-parse/sync'

/** The class, in the order of its file. */
export interface Roster {
  /** As in the file; without the case, `id`, `name` and `email` are known. */
  readonly columns: readonly string[]
  readonly students: readonly Student[]
}

export interface Student {
  readonly id: string
  /** The empty text where the roster says nothing. */
  readonly name: string
  readonly email: string
  /** All columns, by their name in the file. */
  readonly fields: Readonly<Record<string, string>>
  /** Of the file, from 1. */
  readonly line: number
}

/** The roster cannot be used; `line` counts from 1. */
export class RosterError extends Error {
  readonly line: number

  constructor(line: number, message: string) {
    super(message)
    this.name = 'RosterError'
    this.line = line
  }
}

/** Reads a CSV file: comma, semicolon or tab, with or without BOM and quotes, any line end. Throws RosterError. */
export function readRoster(bytes: Uint8Array): Roster {
  const text = decode(bytes)
  const rows = readRows(text)
  const [header, ...rest] = rows
  if (!header) throw new RosterError(1, 'the roster is empty: its first line names the columns, one of them `id`')
  const columns = header.cells
  const known = columns.map((name) => name.toLowerCase())
  const twice = columns.find((name, index) => name !== '' && known.indexOf(name.toLowerCase()) < index)
  if (twice !== undefined) throw new RosterError(header.line, `the column ${twice} is there twice`)
  const at = (name: string) => known.indexOf(name)
  if (at('id') < 0) throw new RosterError(header.line, `there is no column \`id\`; there are: ${columns.join(', ')}`)
  const lines = new Map<string, number>()
  const students = rest.map(({ cells, line }): Student => {
    const id = cells[at('id')]!
    if (id === '') throw new RosterError(line, 'this student has no id')
    if (/\p{Cc}/u.test(id)) throw new RosterError(line, 'this id has a control character in it')
    const first = lines.get(id)
    if (first !== undefined) throw new RosterError(line, `the id ${id} is there already, in line ${first}`)
    lines.set(id, line)
    const fields = Object.fromEntries(columns.map((name, index) => [name, cells[index]!]))
    return { id, name: cells[at('name')] ?? '', email: cells[at('email')] ?? '', fields, line }
  })
  if (students.length === 0) throw new RosterError(header.line, 'there is no student in the roster')
  return { columns, students }
}

interface Row {
  readonly cells: readonly string[]
  readonly line: number
}

function readRows(text: string): Row[] {
  try {
    const rows: Row[] = []
    // Of a row that goes over several lines, what is told is the last one.
    parse(text, {
      delimiter: delimiterOf(text),
      record_delimiter: ['\r\n', '\n', '\r'],
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      on_record: (cells: string[], { lines }) => {
        rows.push({ cells, line: lines })
        return null
      },
    })
    return rows
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : 1
    throw new RosterError(line, describe(error))
  }
}

function describe({ code, message }: CsvError): string {
  if (code === 'CSV_RECORD_INCONSISTENT_FIELDS_LENGTH')
    return 'this row has another number of columns than the first one'
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'a quotation mark is never closed'
  return message
}

/** What separates the columns of the first line. */
function delimiterOf(text: string): string {
  const header = text.split(/[\r\n]/, 1)[0]!.replace(/"[^"]*"/g, '')
  const count = (mark: string) => header.split(mark).length
  return [',', ';', '\t'].toSorted((a, b) => count(b) - count(a))[0]!
}

/** UTF-8, or the UTF-16 that spreadsheets write as "Unicode text". */
function decode(bytes: Uint8Array): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    throw new RosterError(1, 'the roster is not in UTF-8: save it as "CSV UTF-8"')
  }
}
