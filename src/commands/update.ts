import { readFileSync } from 'node:fs'
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff'
import writeFileAtomic from 'write-file-atomic'
import { type Update, updateLab } from '../author/update.ts'
import { checks } from '../checks/index.ts'
import { formatProblem, LabError } from '../lab/problem.ts'
import { painter } from '../paint.ts'
import { findings } from '../reporters/describe.ts'
import type { LabResult } from '../run/results.ts'
import type { OpenWorld } from '../run/run-lab.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { findLabs, LabNotFound, loadLab, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { OutputError, standardSink } from './sinks.ts'
import { Where } from './where.ts'

export interface UpdateOptions extends PlaceOptions {
  /** Write nothing; it is a failure if something would be written. */
  readonly check: boolean
}

/** `labrun update`: 0 if every lab is up to date now and passes, 1 if one is not, 2 if one could not be run. */
export async function update(
  names: readonly string[],
  options: UpdateOptions,
  { signal }: Surroundings,
): Promise<number> {
  const statuses: number[] = []
  const where = new Where(options, signal)
  for (const file of findLabs(names)) {
    if (signal.aborted) break
    statuses.push(await updateFile(file, options, where.openWorld, signal))
  }
  await where.close()
  return Math.max(0, ...statuses)
}

async function updateFile(
  file: string,
  { check }: UpdateOptions,
  openWorld: OpenWorld,
  signal: AbortSignal,
): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  try {
    const before = stepsBefore(loadLab(file, checks), checks)
    const bytes = readFileSync(file)
    progress(`… ${file}`)
    const updated = await updateLab(file, bytes, { openWorld, kinds: checks, before, signal })
    progress('')
    if (signal.aborted) return 2
    if ('refusals' in updated) {
      say(`✗ ${file}: not rewritten`)
      for (const { line, what, advice } of updated.refusals)
        say(`  ${file}:${line}: ${sanitize(what)}\n    → ${advice}`)
      return 1
    }
    return finish(file, bytes, updated, check)
  } catch (error) {
    if (!(error instanceof LabError || error instanceof LabNotFound)) throw error
    const text =
      error instanceof LabError
        ? error.problems.map((problem) => formatProblem(problem, error.source)).join('\n\n')
        : error.message
    say(`✗ ${file}: not rewritten\n${text}`)
    return 2
  }
}

function finish(
  file: string,
  before: Buffer,
  { bytes, run }: Extract<Update, { bytes: Buffer }>,
  check: boolean,
): number {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  const isSame = bytes.equals(before)
  if (isSame) say(`✓ ${file}: up to date`)
  else {
    say(difference(file, before, bytes))
    if (!check) writeUnlessChanged(file, before, bytes)
    say(check ? `✗ ${file}: out of date (nothing was written)` : `✓ ${file}: rewritten`)
  }
  const failed = failedChecks(run)
  for (const line of failed) say(`  ${file}:${line}`)
  return (check && !isSame) || failed.length > 0 ? 1 : 0
}

/** What is being done, on a terminal only; an empty text takes it away. */
function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

/** What of the lab does not hold although its output is right now: that is not for this command to repair. */
function failedChecks(run: LabResult): string[] {
  return findings(run).map(({ line, title }) => `${line}: ${title} does not hold: \`labrun verify\` shows why`)
}

/** The runs have taken their time, and the author may have gone on writing. */
function writeUnlessChanged(file: string, before: Buffer, bytes: Buffer): void {
  if (!readFileSync(file).equals(before))
    throw new OutputError(`${file} was changed meanwhile, so nothing was written: try again`)
  try {
    writeFileAtomic.sync(file, bytes)
  } catch (error) {
    throw new OutputError(`cannot write ${file}: ${(error as Error).message}`)
  }
}

function difference(file: string, before: Buffer, after: Buffer): string {
  const { colour } = standardSink()
  const paint = painter(colour)
  const headerOptions = FILE_HEADERS_ONLY
  const patch = createTwoFilesPatch(file, file, before.toString(), after.toString(), '', '', {
    context: 2,
    headerOptions,
  })
  const lines = patch.trimEnd().split(/\r\n|\n/)
  return lines
    .map((line) => {
      const text = sanitize(line)
      if (line.startsWith('-')) return paint.bad(text)
      return line.startsWith('+') ? paint.good(text) : paint.dim(text)
    })
    .join('\n')
}
