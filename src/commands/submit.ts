import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { checks } from '../checks/index.ts'
import { labDigest } from '../exam/digest.ts'
import { type Ticket, TicketError } from '../exam/ticket.ts'
import { adviceOf, differencesOf } from '../grade/advice.ts'
import { NoWorld, replayWork } from '../grade/grade-submission.ts'
import { askLine } from '../guide/ask.ts'
import { AskingEnded, canAsk } from '../guide/can-ask.ts'
import { type Journal, journalFile, readJournal } from '../guide/journal.ts'
import { digestOf, finishedBefore, hasOtherValues, isBegun, readProgress } from '../guide/progress.ts'
import type { Lab } from '../lab/lab.ts'
import { Trouble } from '../machine/trouble.ts'
import { packageVersion } from '../package.ts'
import { sanitize } from '../sanitize.ts'
import { brokenAt, describeWork } from '../submission/describe.ts'
import { gatherWork, workOfJournal } from '../submission/gather.ts'
import { freeName, writeWhole } from '../submission/output.ts'
import { readSubmission } from '../submission/read.ts'
import { SubmissionRefused } from '../submission/refusal.ts'
import type { Advice } from '../submission/schema.ts'
import type { Work } from '../submission/work.ts'
import { type Parts, SubmissionTooLarge, writeSubmission } from '../submission/write.ts'
import type { Surroundings } from '../surroundings.ts'
import { findLab, loadLab, readText, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { OutputError } from './sinks.ts'
import { readTicketFile, type ValueOptions, valuesFrom } from './values.ts'
import { Waiting } from './waiting.ts'
import { Where } from './where.ts'

export interface SubmitOptions extends PlaceOptions, ValueOptions {
  /** Undefined: named after the lab and the student, in this folder. */
  readonly output: string | undefined
  /** Write it without asking. */
  readonly yes: boolean
}

/** There is nothing to hand in, or it is not what it should be. */
class SubmitError extends Trouble {}

/** `labrun submit LAB`: 0 if the submission is written, 2 if not. */
export async function submit(name: string, options: SubmitOptions, { signal }: Surroundings): Promise<number> {
  const file = findLab(name)
  const lab = loadLab(file, checks, valuesFrom(options))
  const ticket = ticketFor(lab, options)
  const output = outputFor(lab, ticket, options)
  const journal = readJournal(lab)
  const work = await workFor(lab, journal, options)
  const advice = await replay(lab, work, options, signal)
  if (signal.aborted) return 2
  say(`\nThis is what your instructor will see.\n`)
  for (const line of describeWork(work.steps, advice)) say(`  ${line}`)
  warn(lab, ticket, advice, journal)
  if (!(await mayWrite(output, options.yes))) {
    say('\nNothing was written; all that you have done is still there.')
    return 2
  }
  const about = {
    lab: lab.id,
    digest: labDigest(readText(file), file, checks),
    created: new Date().toISOString(),
    by: `labrun ${packageVersion()}`,
  }
  await write(output, { about, ticket: ticket?.text ?? null, work, advice, journal: journalText(lab) })
  say(`\n✓ ${output} is written: hand in this file.`)
  say(`  Look at all that is in it:\n    labrun submission show ${output}`)
  return 0
}

/** The ticket that goes into the submission: only that of this lab. */
function ticketFor(lab: Lab, { ticket: file }: ValueOptions): Ticket | null {
  const ticket = file === undefined ? null : readTicketFile(file)
  if (ticket === null || ticket.lab === lab.id) return ticket
  throw new TicketError('wrong-lab', `it is for the lab ${ticket.lab}, and this is ${lab.id}`)
}

function outputFor(lab: Lab, ticket: Ticket | null, { output }: SubmitOptions): string {
  if (output === undefined) return freeName(ticket ? `${lab.id}-${ticket.pseudonym}` : lab.id)
  if (!existsSync(output)) return output
  throw new OutputError(`${output} is there already, and is not overwritten\n  choose another name`)
}

/** Throws SubmitError. */
async function workFor(lab: Lab, { entries }: Journal, { yes }: SubmitOptions): Promise<Work> {
  const { progress } = readProgress(lab)
  const own = progress?.digest === digestOf(lab) ? progress : undefined
  const before = own?.finished ? undefined : finishedBefore(lab)
  if (before && !(own && isBegun(own) && (await wantsUnfinished(lab, yes))))
    return gatherWork(lab, before, entries.slice(0, entries.findLastIndex(({ type }) => type === 'finish') + 1))
  // The journal has all of it too, where the progress is lost.
  const work = own ? gatherWork(lab, own, entries) : progress ? NO_WORK : workOfJournal(lab, entries)
  if (work.steps.length > 0) return work
  if ((progress && !own) || hasOtherValues(lab)) {
    const cause = `what you have done of ${lab.id} was for another text of the lab, or for other values`
    throw new SubmitError('other-lab', cause, [
      'use the file and the ticket that you have worked with; what you have done is still there',
    ])
  }
  throw new SubmitError('nothing-done', `there is nothing to hand in of ${lab.id}: nothing was done in it yet`, [
    `do the lab first: labrun ${lab.id}`,
  ])
}

const NO_WORK: Work = { steps: [] }

/** Of a lab that was finished, and then begun anew: whether what is not finished is to be handed in. */
async function wantsUnfinished({ id }: Lab, yes: boolean): Promise<boolean> {
  say(`You have finished ${id}, and begun it anew since. What you had finished is handed in.`)
  if (yes || !canAsk()) return false
  return /^n/i.test((await answerTo('Enter: hand that in · n: what you have begun since')) ?? '')
}

/** Without a world there is no advice, and the work is handed in all the same. */
async function replay(lab: Lab, work: Work, options: SubmitOptions, signal: AbortSignal): Promise<Advice> {
  const where = new Where(options, signal)
  const waiting = new Waiting()
  say(`${lab.id}: doing all that you have done again, in a fresh world`)
  try {
    const { steps, trouble } = await replayWork({
      lab,
      before: stepsBefore(lab, checks),
      work,
      carry: 1,
      openWorld: where.openWorld,
      signal,
      onEvent: (event) => {
        if (event.type !== 'step-start') return
        const what = `step ${event.index + 1} of ${lab.steps.length}: ${event.title}`
        waiting.show({ what, seconds: undefined })
      },
    })
    return adviceOf(lab, steps, trouble)
  } catch (error) {
    if (signal.aborted) return adviceOf(lab, null, 'interrupted')
    if (!(error instanceof NoWorld)) throw error
    return adviceOf(lab, null, error.message)
  } finally {
    waiting.end()
    await where.close()
  }
}

/** What a student should know before handing in. */
function warn(lab: Lab, ticket: Ticket | null, advice: Advice, { entries, intact, trouble }: Journal): void {
  const warnings: string[] = []
  if (advice.trouble !== null)
    warnings.push(`It could not be replayed here: ${advice.trouble}\nYour instructor replays it all the same.`)
  for (const { step, checks: seen } of differencesOf(lab, advice, entries)) {
    const what = seen.map(({ label, actual }) => `\n  ${label}: ${actual}`).join('')
    warnings.push(
      `The step "${step.title}" passed while you worked, and does not in the replay:${what}\n` +
        'Perhaps a command depends on time, or on something that is not in your commands. `labrun` goes on in this lab.',
    )
  }
  if (lab.params.size > 0 && !ticket)
    warnings.push('Without your ticket (--ticket FILE) these are practice values. Your instructor will not accept it.')
  if (!intact) warnings.push(`The journal of what you have done is damaged: ${trouble}\nIt is handed in as it is.`)
  for (const warning of warnings) say(`\n! ${warning.replaceAll('\n', '\n  ')}`)
}

async function mayWrite(output: string, yes: boolean): Promise<boolean> {
  if (yes || !canAsk()) return true
  const answer = await answerTo(`Enter: write ${basename(output)} · n: do not`)
  return answer === '' || (answer !== undefined && /^y(es)?$/i.test(answer))
}

/** Undefined where nobody can be asked any more. */
async function answerTo(message: string): Promise<string | undefined> {
  try {
    return (await askLine(message)).trim()
  } catch (error) {
    if (error instanceof AskingEnded) return undefined
    throw error
  }
}

async function write(output: string, parts: Parts): Promise<void> {
  const bytes = await acceptable(parts)
  try {
    writeWhole(output, bytes)
  } catch (error) {
    throw new OutputError(`cannot write ${output}: ${(error as Error).message}`)
  }
}

/** A submission that a grader accepts; what counts is the work, so it goes without a journal that does not fit in. */
async function acceptable(parts: Parts): Promise<Buffer> {
  const without = [parts, { ...parts, journal: null }, { ...parts, journal: null, advice: null }]
  let reason = ''
  for (const [index, some] of without.entries()) {
    try {
      const bytes = await writeSubmission(some)
      await readSubmission(bytes)
      if (index > 0) say(`\n! ${reason}: handed in without it.`)
      return bytes
    } catch (error) {
      if (!(error instanceof SubmissionTooLarge || error instanceof SubmissionRefused)) throw error
      reason ||= error.message
    }
  }
  throw new SubmitError('unacceptable', `what you have done cannot be handed in: ${reason}`, ['ask your instructor'])
}

function journalText(lab: Lab): string | null {
  try {
    return readFileSync(journalFile(lab), 'utf8')
  } catch {
    return null
  }
}

function say(text: string): void {
  process.stdout.write(`${brokenAt(process.stdout.columns, sanitize(text))}\n`)
}
