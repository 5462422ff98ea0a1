import { join } from 'node:path'
import { type ClassResults, classRows } from '../grade/class-rows.ts'
import { mostPoints } from '../grade/grade-job.ts'
import { writeResults } from '../grade/write-results.ts'
import { describeClass, printClass } from './grade-summary.ts'

/** The file that says which submission of each student counts, and what its result is called. */
export function classFile(folder: string): string {
  return join(folder, 'class.jsonl')
}

export interface Finish {
  /** As it is found, and as people have named it. */
  readonly folder: string
  readonly out: string
  readonly json: boolean
  /** What can be had at most; default: all that the lab is worth. */
  readonly max?: number
}

/** Writes what is made of the results, and says what became of each student; the exit status. */
export async function finishClass(results: ClassResults, { folder, out, json, max }: Finish): Promise<number> {
  const { lab } = results.loaded
  results.counted.write(classFile(folder))
  const rows = () => classRows(results)
  await writeResults(folder, { lab, max: max ?? mostPoints(lab) }, rows)
  const write = (line: string) => process.stdout.write(line)
  const counts = (json ? printClass : describeClass)(rows(), { lab, folder: out, write })
  if (counts['not-graded'] > 0) return 2
  return counts['needs-staff'] + counts.refused > 0 ? 1 : 0
}
