import { checks } from '../checks/index.ts'
import { countOfExtremes } from '../exam/extremes.ts'
import type { Lab } from '../lab/lab.ts'
import { LabError } from '../lab/problem.ts'
import { Trouble } from '../machine/trouble.ts'
import { packageVersion } from '../package.ts'
import { planned } from '../run/collect.ts'
import { exitCode, worst } from '../run/results.ts'
import { printableJson } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { Estimate, type Task } from '../verify/estimate.ts'
import { ProgressLine } from '../verify/progress.ts'
import { proofDigest, readProof, writeProof } from '../verify/record.ts'
import { verifyRepeatedly } from '../verify/repeat.ts'
import { type Variant, verifyForAll } from '../verify/students.ts'
import { annotateOutcome, describeOutcome, describeSummary, type Outcome, plainOutcome } from '../verify/text.ts'
import type { Verification } from '../verify/verify-lab.ts'
import { findLabs, type LabBefore, LabNotFound, labsBefore, loadLab } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { closeAll, openSink } from './sinks.ts'
import { describeTrouble, whyUnreadable } from './trouble.ts'
import { type ValueOptions, valuesFrom } from './values.ts'
import { Where } from './where.ts'

export interface VerifyOptions extends PlaceOptions, ValueOptions {
  readonly reporters: readonly { readonly name: VerifyReporter; readonly file?: string }[]
  /** Labs at the same time. */
  readonly jobs: number
  /** Only labs that are not what was proven last. */
  readonly changed: boolean
  /** How often each lab is proven. */
  readonly repeat: number
}

export type VerifyReporter = 'text' | 'json' | 'github'

/** A lab that can be proven, and what its proof depends on. */
interface Candidate extends Task {
  readonly file: string
  readonly lab: Lab
  /** The lab with the values of each student for whom it is proven. */
  readonly variants: readonly [Variant, ...Variant[]]
  readonly before: readonly LabBefore[]
  readonly digest: string
}

/** `labrun verify`: 0 if every lab is proven. */
export async function verify(
  paths: readonly string[],
  options: VerifyOptions,
  { signal }: Surroundings,
): Promise<number> {
  const start = performance.now()
  const files = [...new Set(findLabs(paths))]
  const output = openOutput(options.reporters, files.length, start)
  const outcomes = new Map<string, Outcome>()
  const queue: Candidate[] = []
  for (const file of files) {
    const found = prepare(file, options)
    if ('lab' in found) queue.push(found)
    else outcomes.set(file, found)
  }
  const estimate = new Estimate(queue, options.jobs)
  const progress = new ProgressLine(progressTerminal(), estimate, queue.length)
  const where = new Where(options, signal)
  let told = 0
  // Those that are ready early wait for those before them, so that the output is that of one lab after the other.
  const tell = () => {
    for (let next = outcomes.get(files[told]!); next; next = outcomes.get(files[++told] ?? '')) output.outcome(next)
  }
  progress.above(tell)
  const work = async () => {
    for (let one = queue.shift(); one && !signal.aborted; one = queue.shift()) {
      outcomes.set(one.file, await outcomeOf(one.file, () => prove(one, options, where, signal, estimate, progress)))
      progress.above(tell)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, queue.length) }, work))
  await where.close()
  progress.end()
  const done = files.flatMap((file) => outcomes.get(file) ?? [])
  output.end(done)
  return signal.aborted ? 2 : exitCode(worst(done.map(statusOf)))
}

function prepare(file: string, options: VerifyOptions): Candidate | Outcome {
  const { changed, repeat } = options
  try {
    const variants = variantsOf(file, options)
    const [{ lab }] = variants
    if (lab.edition) return { file, trouble: EDITION }
    const before = labsBefore(lab, checks)
    // What was proven for one student is not proven.
    const whom = options.ticket === undefined && options.student === undefined ? '' : JSON.stringify(lab.values)
    const digest = proofDigest([...before.map((one) => one.lab), lab], packageVersion() + whom)
    const record = readProof(lab)
    if (changed && record?.proven === digest && record.repetitions >= repeat) return { file, unchanged: lab.id }
    const size = (planned(lab) + 1) * variants.length
    const last = record && record.duration * repeat
    return { file, lab, variants, before, digest, name: lab.id, size, last }
  } catch (error) {
    if (!(error instanceof LabNotFound || error instanceof LabError)) throw error
    const { message, problems } = whyUnreadable(error)
    return { file, trouble: message, ...(problems ? { problems } : {}) }
  }
}

const EDITION = 'this is a student’s edition, without solutions: prove the lab that it was made of'

/** Without params there is one. Throws LabError or LabNotFound. */
function variantsOf(file: string, options: VerifyOptions): [Variant, ...Variant[]] {
  const variant = (student: string): Variant => ({ student, lab: loadLab(file, checks, valuesFrom({ student })) })
  const { ticket, student } = options
  const only = { student: student ?? 'anyone', lab: loadLab(file, checks, valuesFrom(options)) }
  if (only.lab.params.size === 0 || ticket !== undefined || student !== undefined) return [only]
  const extremes = Array.from({ length: countOfExtremes(only.lab.params) }, (_, index) => `extreme:${index + 1}`)
  return [only, ...['somebody', ...extremes].map(variant)]
}

/** That the machine cannot be reached is told of each lab. */
async function outcomeOf(file: string, act: () => Promise<Verification>): Promise<Outcome> {
  try {
    return { file, verification: await act() }
  } catch (error) {
    if (error instanceof Trouble) return { file, trouble: describeTrouble(error) }
    throw error
  }
}

async function prove(
  one: Candidate,
  { repeat, changed }: VerifyOptions,
  where: Where,
  signal: AbortSignal,
  estimate: Estimate,
  progress: ProgressLine,
) {
  const { lab, variants, digest } = one
  let steps = 0
  estimate.begin(one)
  progress.show()
  const choices = {
    openWorld: where.openWorld,
    machine: () => where.machine(lab.machine),
    kinds: checks,
    before: one.before.flatMap((before) => before.steps),
    signal,
    emit: () => {},
    onStep: () => estimate.advance(one, steps++ / (2 * repeat * variants.length * lab.steps.length)),
  }
  const proveOne = (variant: Lab) => verifyRepeatedly(variant, choices, repeat)
  const verification = await verifyForAll(variants, proveOne, signal)
  estimate.end(one)
  progress.labDone()
  const { status, repetitions, duration } = verification
  if (!signal.aborted) {
    const proven = status === 'passed' ? digest : null
    const trouble = writeProof(lab, { proven, repetitions, duration: duration / repetitions })
    if (trouble && changed)
      progress.above(() => process.stderr.write(`labrun: what was proven is not kept: ${trouble}\n`))
  }
  return verification
}

function openOutput(reporters: VerifyOptions['reporters'], planned: number, start: number) {
  const open: number[] = []
  const sinks = reporters.map(({ name, file }) => ({ name, sink: openSink(file, open) }))
  return {
    outcome: (outcome: Outcome) => {
      for (const { name, sink } of sinks) {
        if (name === 'text') sink.write(`${describeOutcome(outcome)}\n`)
        if (name === 'github') sink.write(annotateOutcome(outcome))
      }
    },
    end: (outcomes: readonly Outcome[]) => {
      for (const { name, sink } of sinks) {
        if (name === 'text') sink.write(`${describeSummary(outcomes, planned, performance.now() - start)}\n`)
        if (name === 'json') sink.write(`${printableJson(outcomes.map(plainOutcome))}\n`)
      }
      closeAll(open)
    },
  }
}

function statusOf(outcome: Outcome) {
  if ('verification' in outcome) return outcome.verification.status
  return 'unchanged' in outcome ? 'passed' : 'error'
}

function progressTerminal() {
  const { stderr, env } = process
  if (!stderr.isTTY || env.TERM === 'dumb') return undefined
  return { write: (text: string) => stderr.write(text), width: stderr.columns ?? 80 }
}
