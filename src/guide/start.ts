import type { Lab } from '../lab/lab.ts'
import { type Holder, isSure, whoHolds } from '../lock.ts'
import { sanitize } from '../sanitize.ts'
import { askLine, askOrQuit } from './ask.ts'
import { digestOf, hasOtherValues, isBegun, noProgress, type Progress, readProgress } from './progress.ts'
import type { GuideView } from './view.ts'

/** How a student begins with a lab. */
export interface Start {
  readonly progress: Progress
  /** False: the lab is open in another window, which keeps the place. */
  readonly keeping: boolean
  /** False: it is gone on with where it was left. */
  readonly isNew: boolean
}

interface Choices {
  /** Begin anew without asking. */
  readonly restart: boolean
  /** Who else has the lab open. */
  readonly holder: Holder | undefined
  /** It is begun with values for practice. */
  readonly practises: boolean
  /** Takes it from them. */
  readonly takeOver: () => void
  /** What ends labrun. */
  readonly signal: AbortSignal
}

/** Tells the student's place and asks how to go on; undefined: not at all. Rejects with AskingEnded. */
export async function welcome(
  lab: Lab,
  view: GuideView,
  { restart, practises, holder, takeOver, signal }: Choices,
): Promise<Start | undefined> {
  if (practises && lab.edition && lab.params.size > 0 && !(await wantsPractice(lab, view, signal))) return undefined
  const anew = { progress: noProgress(lab), keeping: true, isNew: true }
  if (holder) {
    view.say(
      `  ! This lab is open in another window (${whoHolds(holder)}). Two cannot keep one place: what is done here too is not kept.`,
    )
    const over = isSure(holder) ? '' : ' · t: nobody is there, take it over'
    const answer = (await askLine(`Enter: leave it there · g: go on here${over}`, signal)).trim().toLowerCase()
    if (answer === 'g') return { ...anew, keeping: false }
    if (answer !== 't' || over === '') return undefined
    takeOver()
  }
  const { progress, aside } = readProgress(lab)
  if (aside) view.say(`  ! Your place in this lab could not be read: ${aside.why}. It was put aside as ${aside.file}`)
  if (restart) return anew
  if (!progress || !isBegun(progress)) {
    if (hasOtherValues(lab))
      view.say(
        '  What you have done in this lab was with other values (a ticket, or --student NAME). It is kept for these.',
      )
    return anew
  }
  const index = lab.steps.findIndex((step) => step.id === progress.step)
  const place = progress.finished
    ? 'You have finished this lab before'
    : `You were at step ${index + 1} of ${lab.steps.length}: ${sanitize(lab.steps[index]?.title ?? progress.step)}`
  view.say(`  ${place}${/[.?!]$/.test(place) ? '' : '.'}`)
  const hasChanged = progress.digest !== digestOf(lab)
  if (hasChanged || progress.finished) {
    const why = hasChanged ? 'The lab has changed since then, so it begins anew' : 'It begins anew'
    view.say(`  ${why}; what you did then stays as it is.`)
    return anew
  }
  const answer = await askLine('Enter: go on there · n: begin anew', signal)
  return /^n(?:ew)?$/i.test(answer.trim()) ? anew : { progress, keeping: true, isNew: false }
}

/** Who forgets the ticket would find out after an hour, when the work is handed in. */
async function wantsPractice({ file }: Lab, view: GuideView, signal: AbortSignal): Promise<boolean> {
  view.say('  ! This exam has values of its own for each student, and yours are in your ticket.')
  view.say('    Without it you get values for practice, and work with them is not accepted. Begin with your ticket:')
  view.say(`      labrun ${sanitize(file)} --ticket YOURS.ticket`)
  return (await askOrQuit('Enter: practise · q: leave', true, signal)) !== undefined
}
