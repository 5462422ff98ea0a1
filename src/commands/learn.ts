import { checks } from '../checks/index.ts'
import { asItHolds } from '../guide/as-it-holds.ts'
import { AskingEnded, canAsk } from '../guide/can-ask.ts'
import { Keeper } from '../guide/keeper.ts'
import { holdLab, takeOverLab } from '../guide/lock.ts'
import { Joint } from '../guide/own/joint.ts'
import { OwnWindow } from '../guide/own/window.ts'
import { readSettings } from '../guide/settings.ts'
import { welcome } from '../guide/start.ts'
import { StudentPace } from '../guide/student.ts'
import { GuideView } from '../guide/view.ts'
import { isStep, type Lab, type Section } from '../lab/lab.ts'
import { isPlain } from '../plain.ts'
import { numbered } from '../run/events.ts'
import type { LabResult } from '../run/results.ts'
import { runLab } from '../run/run-lab.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { chooseLab, nextLab } from './choose.ts'
import { interruptible } from './interruptible.ts'
import { findLab, loadLab, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { run } from './run.ts'
import { standardSink } from './sinks.ts'
import { readTicketFile, type ValueOptions, valuesFrom } from './values.ts'
import { Where } from './where.ts'

export interface LearnOptions extends PlaceOptions, ValueOptions {
  readonly restart: boolean
}

/** `labrun LAB`: the guided lesson; without a terminal the same as `labrun run`. */
export async function learn(
  name: string | undefined,
  options: LearnOptions,
  surroundings: Surroundings,
): Promise<number> {
  if (!canAsk()) {
    if (name) return await run([name], { ...options, reporters: [], bail: false }, surroundings)
    const { list } = await import('./list.ts')
    return list({})
  }
  try {
    const file = name === undefined ? await chooseLab(surroundings.signal) : findLab(name)
    return await open(loadLab(file, checks, valuesFrom(options)), options, surroundings)
  } catch (error) {
    if (error instanceof AskingEnded) return 130
    throw error
  }
}

/** Holds the lab while the student is in it. */
async function open(lab: Lab, options: LearnOptions, surroundings: Surroundings): Promise<number> {
  const view = new GuideView(standardSink())
  let held = await holdLab(lab)
  try {
    const start = await welcome(lab, view, {
      restart: options.restart,
      practises: options.ticket === undefined && options.student === undefined,
      holder: 'holder' in held ? held.holder : undefined,
      takeOver: () => {
        held = takeOverLab(lab)
      },
      signal: surroundings.signal,
    })
    if (!start) return 0
    const keeper = new Keeper(lab, start.progress, start.keeping, (line) => view.say(`  ${line}`))
    if (start.isNew) {
      const ticket = options.ticket === undefined ? null : readTicketFile(options.ticket)
      keeper.begin(ticket?.lab === lab.id ? ticket.pseudonym : null)
      showProse(lab.sections.slice(0, lab.sections.findIndex(isStep)), view)
    } else keeper.resume()
    return await guide(lab, view, keeper, options, surroundings)
  } finally {
    if ('release' in held) held.release()
  }
}

async function guide(
  lab: Lab,
  view: GuideView,
  keeper: Keeper,
  options: LearnOptions,
  surroundings: Surroundings,
): Promise<number> {
  const { signal } = surroundings
  const interrupts = interruptible(surroundings)
  const where = new Where(options, signal)
  const before = stepsBefore(lab, checks)
  const emit = numbered([(event) => view.take(event)])
  const joint = new Joint(lab)
  const window = new OwnWindow(signal)
  // Other windows are those of the one that has the lab.
  const alone = keeper.isKeeping ? await joint.open() : 'they join the window that has it open'
  if (alone) view.say(`  ! Other windows cannot join this lab: ${alone}`)
  let pace: StudentPace
  let result: LabResult
  try {
    // A step back is a new world, in which everything before it is done again.
    do {
      pace = new StudentPace(lab, view, keeper, { signal, interruptible: interrupts, plain: isPlain(), joint, window })
      const withNetwork = () => !view.muted && readSettings().map
      const choices = {
        openWorld: where.openWorld,
        kinds: checks,
        emit,
        signal,
        interruptible: interrupts,
        pace,
        before,
        withNetwork,
      }
      result = await runLab(lab, choices)
    } while (pace.ended === 'again' && !signal.aborted)
  } finally {
    joint.close()
    await where.close()
  }
  if (result.trouble) return 2
  if (signal.aborted || pace.ended) {
    view.muted = false
    view.say(`\n  ${keeper.whereKept()}`)
    return 0
  }
  const held = asItHolds(result, keeper.progress)
  view.end(lab, held, keeper.progress.answers)
  if (lab.edition)
    view.say(`  Hand in what you have done: \`labrun submit ${sanitize(lab.file)}${ticketOption(options)}\``)
  const next = nextLab(lab)
  if (next) view.say(`  Next: \`labrun ${next}\``)
  // What the student left out was left out on purpose.
  return held.status === 'failed' ? 1 : held.status === 'error' ? 2 : 0
}

function ticketOption({ ticket }: LearnOptions): string {
  return ticket === undefined ? '' : ` --ticket ${sanitize(ticket)}`
}

function showProse(sections: readonly Section[], view: GuideView): void {
  for (const { items } of sections) {
    for (const item of items) if (item.kind === 'prose') view.prose(item.markdown)
  }
}
