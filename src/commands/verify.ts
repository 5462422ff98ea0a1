import { checks } from '../checks/index.ts'
import { formatProblem, LabError } from '../lab/problem.ts'
import { Trouble } from '../machine/trouble.ts'
import type { Surroundings } from '../main.ts'
import { findings } from '../reporters/describe.ts'
import { exitCode, worst } from '../run/results.ts'
import { type Verification, verifyLab } from '../verify/verify-lab.ts'
import { findLabs, LabNotFound, loadLab, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { describeTrouble } from './trouble.ts'
import { Where } from './where.ts'

export interface VerifyOptions extends PlaceOptions {
  readonly json?: boolean
  readonly jobs: number
}

type Outcome = { readonly file: string } & ({ readonly verification: Verification } | { readonly trouble: string })

/** `labrun verify`: 0 if every lab is proven. */
export async function verify(
  paths: readonly string[],
  options: VerifyOptions,
  { signal }: Surroundings,
): Promise<number> {
  const files = findLabs(paths)
  const say = (text: string) => options.json || process.stdout.write(`${text}\n`)
  const outcomes: Outcome[] = []
  const where = new Where(options, signal)
  const queue = [...files]
  const work = async () => {
    for (let file = queue.shift(); file && !signal.aborted; file = queue.shift()) {
      progress(options, `… ${file}`)
      const outcome = await verifyFile(file, where, signal)
      outcomes.push(outcome)
      progress(options, '')
      say(describe(outcome))
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, files.length) }, work))
  await where.close()
  outcomes.sort((a, b) => files.indexOf(a.file) - files.indexOf(b.file))
  if (options.json) process.stdout.write(`${JSON.stringify(outcomes.map(flat), null, 2)}\n`)
  const statuses = outcomes.map((outcome) => ('verification' in outcome ? outcome.verification.status : 'error'))
  const proven = statuses.filter((status) => status === 'passed').length
  const able = outcomes.reduce((sum, outcome) => sum + ('verification' in outcome ? outcome.verification.proven : 0), 0)
  say(`${proven} of ${files.length} labs proven, ${able} checks proven able to fail`)
  return signal.aborted ? 2 : exitCode(worst(statuses))
}

async function verifyFile(file: string, where: Where, signal: AbortSignal): Promise<Outcome> {
  try {
    const lab = loadLab(file, checks)
    const before = stepsBefore(lab, checks)
    const { openWorld } = where
    const machine = () => where.machine(lab.machine)
    const choices = { openWorld, machine, kinds: checks, before, signal, emit: () => {} }
    return { file, verification: await verifyLab(lab, choices) }
  } catch (error) {
    if (error instanceof Trouble) return { file, trouble: describeTrouble(error) }
    if (error instanceof LabNotFound) return { file, trouble: error.message }
    if (!(error instanceof LabError)) throw error
    return { file, trouble: error.problems.map((problem) => formatProblem(problem, error.source)).join('\n\n') }
  }
}

function describe(outcome: Outcome): string {
  if ('trouble' in outcome) return `✗ ${outcome.file}\n${outcome.trouble}`
  const { lab, file, status, steps, checks: count, proven, guards, doubts, run, duration } = outcome.verification
  const guarding = guards > 0 ? `, ${guards} guard` : ''
  const head = `${status === 'passed' ? '✓' : '✗'} ${lab}: ${steps} steps, ${count} checks: ${proven} fail before and pass after${guarding} (${(duration / 1000).toFixed(1)} s)`
  const failures = findings(run).map(({ line, title, details }) => `${file}:${line}: ${title}\n${indent(details)}`)
  const trouble = run.trouble ? [run.trouble] : []
  const said = doubts.map(({ line, what, advice }) => `${file}:${line}: ${what}\n    → ${advice}`)
  return [head, ...trouble, ...failures, ...said].join('\n  ')
}

function flat(outcome: Outcome): unknown {
  return 'trouble' in outcome ? { file: outcome.file, status: 'error', trouble: outcome.trouble } : outcome.verification
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}

/** What is being done, on a terminal only; an empty text takes it away. */
function progress({ json }: VerifyOptions, text: string): void {
  if (!json && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}
