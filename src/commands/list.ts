import { checks } from '../checks/index.ts'
import { readLab, shippedExams, shippedLabs } from './labs.ts'

/** `labrun list`: the labs and the exams that come with the package. */
export function list({ json }: { json?: boolean }): number {
  const rows = [...rowsOf(shippedLabs(), false), ...rowsOf(shippedExams(), true)]
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else {
    tell(rows.filter(({ exam }) => !exam))
    process.stdout.write('\nExams, with values of their own for each student:\n')
    tell(rows.filter(({ exam }) => exam))
    process.stdout.write('\nBegin with `labrun 01-netns`.\n')
  }
  return 0
}

function rowsOf(files: readonly string[], exam: boolean) {
  const labs = files.flatMap((file) => readLab(file, checks).lab ?? [])
  return labs.map(({ id, title, summary, minutes, steps }) => ({
    id,
    title,
    summary,
    minutes,
    steps: steps.length,
    exam,
  }))
}

function tell(rows: ReturnType<typeof rowsOf>): void {
  for (const { id, title, summary, minutes, steps } of rows) {
    process.stdout.write(`${id.padEnd(16)} ${title} (${steps} steps${minutes ? `, ${minutes} minutes` : ''})\n`)
    if (summary) process.stdout.write(`${' '.repeat(16)} ${summary}\n`)
  }
}
