import { checks } from '../checks/index.ts'
import { formatProblem } from '../lab/problem.ts'
import { findLabs, readLab } from './labs.ts'

/** `labrun lint`: all mistakes of all files; 0 if there are none, otherwise 1. */
export async function lint(paths: readonly string[], { json }: { json?: boolean }): Promise<number> {
  const files = findLabs(paths)
  const results = files.map((file) => ({ file, ...readLab(file, checks) }))
  const problems = results.flatMap((result) => result.problems)
  if (json) process.stdout.write(`${JSON.stringify({ files, problems }, null, 2)}\n`)
  else {
    for (const { problems: found, source } of results) {
      for (const problem of found) process.stdout.write(`${formatProblem(problem, source)}\n\n`)
    }
    const labs = files.length === 1 ? '1 lab' : `${files.length} labs`
    process.stdout.write(
      problems.length === 0
        ? `${labs}, no problems\n`
        : `${labs}, ${problems.length} problem${problems.length === 1 ? '' : 's'}\n`,
    )
  }
  return problems.length === 0 ? 0 : 1
}
