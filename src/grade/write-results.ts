import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { feedbackPage } from '../pages/feedback.ts'
import { reportPage } from '../pages/report.ts'
import type { Graded } from './model.ts'
import { grades } from './tables/grades.ts'
import { integrity } from './tables/integrity.ts'
import { items } from './tables/items.ts'
import { junit } from './tables/junit.ts'
import { canvas, moodle } from './tables/platforms.ts'
import { resultsJson } from './tables/results-json.ts'
import type { ClassInfo, Row, Table } from './tables/table.ts'
import { openWhole } from './whole-file.ts'

/** Every file about the class as a whole. */
const TABLES: readonly Table[] = [grades, items, junit, moodle, canvas, integrity]

/**
 * Writes all that is made of the results: the tables of the class, and for each student `results.json` and the pages. `rows` is
 * gone through several times, and no more than one result is in memory.
 */
export async function writeResults(folder: string, info: ClassInfo, rows: () => Iterable<Row>): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const tables = TABLES.map((table) => ({ table, sink: openWhole(join(folder, table.file)) }))
  for (const { table, sink } of tables) sink.write(table.start(info))
  for (const row of rows()) {
    for (const { table, sink } of tables) sink.write(table.row(row, info))
    if (row.graded) writeStudent(folder, row.pseudonym, row.graded)
    await breathe()
  }
  for (const { table, sink } of tables) {
    sink.write(table.end())
    sink.close()
  }
  await writeReport(folder, info, rows)
}

function writeStudent(folder: string, pseudonym: string, graded: Graded): void {
  const own = join(folder, 'students', pseudonym)
  write(join(own, 'results.json'), `${JSON.stringify(resultsJson(graded), null, 2)}\n`)
  write(join(own, 'feedback.html'), feedbackPage(graded, 'student'))
  write(join(folder, staffPage(pseudonym)), feedbackPage(graded, 'staff'))
}

async function writeReport(folder: string, { lab }: ClassInfo, rows: () => Iterable<Row>): Promise<void> {
  const missing: Graded['student'][] = []
  for (const { graded, trouble, pseudonym, id, name } of rows())
    if (!graded && trouble === null) missing.push({ pseudonym, id, name: name || null })
  const results = async function* () {
    for (const { graded } of rows()) if (graded) yield graded
  }
  const sink = openWhole(join(folder, 'report.html'))
  const page = reportPage({
    title: lab.title,
    results,
    missing,
    feedback: ({ student }) => staffPage(student.pseudonym),
    made: new Date().toISOString(),
  })
  for await (const piece of page) sink.write(piece)
  sink.close()
}

function staffPage(pseudonym: string): string {
  return `staff/${pseudonym}.html`
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileAtomic.sync(file, text, { fsync: false })
}

/** Lets Ctrl-C and timers come in between. */
async function breathe(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
