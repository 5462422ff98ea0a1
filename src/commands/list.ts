import { checks } from '../checks/index.ts'
import { readLab, shippedLabs } from './labs.ts'

/** `labrun list`: the labs that come with the package. */
export function list({ json }: { json?: boolean }): number {
  const labs = shippedLabs().flatMap((file) => readLab(file, checks).lab ?? [])
  const rows = labs.map(({ id, title, summary, minutes, steps }) => ({
    id,
    title,
    summary,
    minutes,
    steps: steps.length,
  }))
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`)
  else {
    for (const { id, title, summary, minutes, steps } of rows) {
      process.stdout.write(`${id.padEnd(16)} ${title} (${steps} steps${minutes ? `, ${minutes} minutes` : ''})\n`)
      if (summary) process.stdout.write(`${' '.repeat(16)} ${summary}\n`)
    }
    process.stdout.write('\nBegin with `labrun 01-netns`.\n')
  }
  return 0
}
