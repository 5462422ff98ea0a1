import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Lab } from '../lab/lab.ts'
import { putAside, replaceFile } from './durable.ts'
import { Numbers } from './numbers.ts'
import { allProgressFiles, filesBefore, isBefore, moveToOwnPlace, workFile } from './work-files.ts'

const placeSchema = z.object({ line: z.int(), column: z.int() })

const typedSchema = z.object({
  step: z.string(),
  /** Before the lab's command of that number (see Numbers). */
  before: z.int(),
  /** Where a check did not hold, or a question was asked, and more was typed: which one. */
  at: placeSchema.optional(),
  terminal: z.string(),
  text: z.string(),
  /** Null: it was interrupted or did not end; undefined: nobody has written it down. */
  exit: z.int().nullable().optional(),
  /** Milliseconds. */
  took: z.number().optional(),
  /** It took the whole screen, as editors do: it cannot be done again. */
  fullScreen: z.boolean().optional(),
})

const schema = z.object({
  version: z.literal(2),
  /** The lab's text when this was written: another one may need other commands. */
  digest: z.string(),
  /** The step that the student is at. */
  step: z.string(),
  /** How many of the lab's commands were decided on, in order; those in `left` were not run. */
  done: z.int().nonnegative(),
  left: z.array(z.int()),
  /** The background blocks that the student has started in another window, by their line. */
  elsewhere: z.array(z.object({ step: z.string(), line: z.int() })).optional(),
  /** How the lab's commands that were run ended, by their number. */
  ends: z.record(z.string(), z.object({ exit: z.int().nullable(), took: z.number() })),
  /** What the student typed beside them. */
  typed: z.array(typedSchema),
  checks: z.array(
    placeSchema.extend({
      step: z.string(),
      status: z.enum(['passed', 'failed', 'blocked', 'error', 'skipped']),
      /** It did not pass, and the student has gone on all the same. */
      left: z.boolean(),
      /** It held only when one below it was made. */
      later: z.literal(true).optional(),
    }),
  ),
  /** The last one to each question; an empty text: left out. */
  answers: z.array(
    z.object({
      step: z.string(),
      line: z.int(),
      ask: z.string(),
      text: z.string(),
      right: z.boolean().nullable(),
    }),
  ),
  /** How many hints of each step were shown. */
  hints: z.record(z.string(), z.int()),
  /** The steps whose solution was shown. */
  solutions: z.array(z.string()),
  /** The student is in a shell of their own, and does not follow command by command. */
  ownWay: z.boolean().optional(),
  finished: z.boolean(),
})

/** How far a student is in a lab. The world is gone when labrun ends; it is built again from this. */
export type Progress = Readonly<Omit<z.infer<typeof schema>, 'version'>>
export type Typed = z.infer<typeof typedSchema>

/** As the first labruns wrote it. */
const firstSchema = z.object({
  version: z.literal(1),
  digest: z.string(),
  step: z.string(),
  done: z.int().nonnegative(),
  left: z.array(z.int()),
  typed: z.array(z.object({ before: z.int(), terminal: z.string(), text: z.string() })),
  finished: z.boolean(),
})

/** What is kept of a lab; `aside` where that cannot be understood: the file's new name, and why. */
export interface Kept {
  readonly progress: Progress | undefined
  readonly aside?: { readonly file: string; readonly why: string }
}

/** Other values are another lab: what was typed for these does not fit those. */
export function digestOf({ source, values }: Lab): string {
  const filled = Object.keys(values).length > 0 ? JSON.stringify(values) : ''
  return createHash('sha256').update(source.join('\n')).update(filled).digest('hex')
}

/** Where a lab is begun. */
export function noProgress(lab: Lab): Progress {
  return {
    digest: digestOf(lab),
    step: lab.steps[0]?.id ?? '',
    done: 0,
    left: [],
    ends: {},
    typed: [],
    checks: [],
    answers: [],
    hints: {},
    solutions: [],
    finished: false,
  }
}

/** Whether anything was done. */
export function isBegun({ done, typed, checks, answers, finished }: Progress): boolean {
  return finished || done + typed.length + checks.length + answers.length > 0
}

/** The progress kept for a lab with these values. A file that cannot be understood is put aside; throws where that is not possible. */
export function readProgress(lab: Lab): Kept {
  const file = workFile('progress', lab)
  if (
    !existsSync(file) &&
    readFile(workFile('progress', { id: lab.id, file: lab.file }), lab).progress?.digest === digestOf(lab)
  )
    moveToOwnPlace(lab)
  const { progress, why } = readFile(file, lab)
  return why === undefined ? { progress } : { progress, aside: { file: putAside(file, 'unreadable'), why } }
}

/** How far a student is in a lab, whatever its values are; touches nothing. `why`: the file is there and cannot be understood. */
export function lookUpProgress(lab: Lab): LookedUp {
  const all = allProgressFiles(lab).map((file) => ({ file, ...readFile(file, lab) }))
  const current = all.filter(
    ({ file, progress, why }) => !isBefore(file) && (why !== undefined || (progress && isBegun(progress))),
  )
  return all.find(({ progress }) => progress?.finished) ?? current.at(-1) ?? { progress: undefined }
}

/** Of what was put aside because this very lab was begun anew, the last that was finished. */
export function finishedBefore(lab: Lab): Progress | undefined {
  const all = filesBefore(lab).flatMap((file) => readFile(file, lab).progress ?? [])
  return all.findLast(({ finished, digest }) => finished && digest === digestOf(lab))
}

/** Whether something was done in this lab with other values, and is kept for these. */
export function hasOtherValues(lab: Lab): boolean {
  const own = workFile('progress', lab)
  return allProgressFiles(lab).some((file) => {
    const { progress } = file.startsWith(own) ? {} : readFile(file, lab)
    return progress !== undefined && isBegun(progress)
  })
}

interface LookedUp {
  readonly progress: Progress | undefined
  readonly why?: string
}

function readFile(file: string, lab: Lab): LookedUp {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { progress: undefined } : { progress: undefined, why: message }
  }
  const value = parseJson(text)
  const now = schema.safeParse(value)
  if (now.success) return { progress: { ...now.data, typed: inOrder(now.data.typed) } }
  const first = firstSchema.safeParse(value)
  if (first.success) return { progress: fromFirst(first.data, lab) }
  const version = z.object({ version: z.int().min(3) }).safeParse(value)
  return { progress: undefined, why: version.success ? 'a newer labrun has written it' : 'it is damaged' }
}

/** Written as a whole or not at all; resolves to what kept it from being written, if anything. */
export function writeProgress(lab: Lab, progress: Progress): string | undefined {
  try {
    replaceFile(workFile('progress', lab), `${JSON.stringify({ version: 2, ...progress }, null, 2)}\n`)
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** Gives way to a new beginning: what was done is kept under another name. Resolves to what kept it from that, if anything. */
export function setProgressAside(lab: Lab): string | undefined {
  const file = workFile('progress', lab)
  try {
    const { progress } = readFile(file, lab)
    if (progress && isBegun(progress)) putAside(file, 'before')
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

/** What was typed later does not stand before: labruns up to 0.1.0 wrote so of what was typed at a check after a new start. */
function inOrder(typed: readonly Typed[]): Typed[] {
  let last = 0
  return typed.map((one) => {
    last = Math.max(last, one.before)
    return { ...one, before: last }
  })
}

/** The step of what was typed was not written down then: it is that of the command before which it was typed. */
function fromFirst({ version: _, typed, ...first }: z.infer<typeof firstSchema>, lab: Lab): Progress {
  const numbers = new Numbers(lab)
  const withStep = typed.map((one) => ({ ...one, step: numbers.stepAt(one.before)?.id ?? first.step }))
  return { ...noProgress(lab), ...first, typed: withStep }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
