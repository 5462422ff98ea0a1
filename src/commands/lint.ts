import { checks } from '../checks/index.ts'
import { adviceOnOutput, anyOutputs } from '../lab/any-output.ts'
import type { ParseResult } from '../lab/parse.ts'
import { formatProblem, LabError, ProblemList } from '../lab/problem.ts'
import { printableJson } from '../sanitize.ts'
import { findLabs, LabNotFound, readLab, stepsBefore } from './labs.ts'
import { type ValueOptions, valuesFrom } from './values.ts'

export interface LintOptions extends ValueOptions {
  readonly json?: boolean
}

/** `labrun lint`: all mistakes of all files; 0 if there are none, otherwise 1. */
export async function lint(paths: readonly string[], { json, ...values }: LintOptions): Promise<number> {
  const files = findLabs(paths)
  const results = files.map((file) => lintFile(file, values))
  const problems = results.flatMap((result) => result.problems)
  if (json) process.stdout.write(`${printableJson({ files, problems })}\n`)
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

/** The problems of one file, whether the lab that it starts from is there, and what can never be found wrong. */
function lintFile(file: string, values: ValueOptions): ParseResult {
  const { lab, problems, source } = readLab(file, checks, valuesFrom(values))
  if (!lab || problems.length > 0) return { lab, problems, source }
  const found = new ProblemList(file, source)
  try {
    stepsBefore(lab, checks)
  } catch (error) {
    if (!(error instanceof LabNotFound || error instanceof LabError)) throw error
    const line = source.findIndex((text) => /^from\s*:/.test(text)) + 1
    const reason = error instanceof LabNotFound ? error.message.split('\n')[0]! : 'that lab has problems of its own'
    found.add({ line }, 'bad-from', { reason })
  }
  for (const output of anyOutputs(lab)) found.add(output, 'any-output', {}, adviceOnOutput(output))
  return { lab, problems: found.sorted(), source }
}
