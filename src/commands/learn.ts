import { checks } from '../checks/index.ts'
import { AskingEnded, askChoice, askLine, canAsk } from '../guide/ask.ts'
import { digestOf, dropProgress, type Progress, readProgress } from '../guide/progress.ts'
import { StudentPace } from '../guide/student.ts'
import { GuideView } from '../guide/view.ts'
import { isStep, type Lab } from '../lab/lab.ts'
import type { Surroundings } from '../main.ts'
import { numbered } from '../run/events.ts'
import { exitCode } from '../run/results.ts'
import { runLab } from '../run/run-lab.ts'
import { findLab, loadLab, readLab, shippedLabs, stepsBefore } from './labs.ts'
import type { PlaceOptions } from './place.ts'
import { run } from './run.ts'
import { standardSink } from './sinks.ts'
import { type ValueOptions, valuesFrom } from './values.ts'
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
    const file = name === undefined ? await chooseLab() : findLab(name)
    return await guide(loadLab(file, checks, valuesFrom(options)), options, surroundings)
  } catch (error) {
    if (error instanceof AskingEnded) return 130
    throw error
  }
}

async function chooseLab(): Promise<string> {
  const choices = shippedLabs().map((file) => ({ name: file, message: readLab(file, checks).lab?.title ?? file }))
  return await askChoice('Which lab?', choices)
}

async function guide(lab: Lab, options: LearnOptions, { signal, onInterrupt }: Surroundings): Promise<number> {
  const view = new GuideView(standardSink())
  const progress = options.restart ? undefined : await progressToGoOnFrom(lab, view)
  if (!progress) {
    dropProgress(lab)
    for (const section of lab.sections) {
      if (isStep(section)) break
      for (const item of section.items) if (item.kind === 'prose') view.prose(item.markdown)
    }
  } else view.dim(`  Building your world again: ${progress.done} commands …`)
  const pace = new StudentPace(lab, view, progress)
  let current = new AbortController()
  // While a command runs, Ctrl-C is for the command, as in any terminal; at a prompt it quits.
  const release = onInterrupt(() => current.abort())
  const commandSignal = () => {
    current = new AbortController()
    return AbortSignal.any([signal, current.signal])
  }
  const where = new Where(options, signal)
  const before = stepsBefore(lab, checks)
  const emit = numbered([(event) => view.take(event)])
  const result = await runLab(lab, {
    openWorld: where.openWorld,
    kinds: checks,
    emit,
    signal,
    commandSignal,
    pace,
    before,
  })
  release()
  await where.close()
  const reachedEnd = !signal.aborted && result.trouble === null && !pace.stopped
  pace.save(reachedEnd)
  if (result.trouble) return 2
  if (!reachedEnd) {
    view.say(`\n  Your place is kept. \`labrun ${lab.id}\` goes on from here.`)
    return 0
  }
  for (const section of lab.sections.slice(lab.sections.findLastIndex(isStep) + 1)) {
    for (const item of section.items) if (item.kind === 'prose') view.prose(item.markdown)
  }
  view.end(lab, result)
  suggestNext(lab, view)
  return exitCode(result.status)
}

async function progressToGoOnFrom(lab: Lab, view: GuideView): Promise<Progress | undefined> {
  const { progress, putAside } = readProgress(lab)
  if (putAside) view.say(`  ! What was kept of this lab could not be read; it was put aside as ${putAside}`)
  if (!progress || (progress.done === 0 && progress.typed.length === 0)) return undefined
  const index = lab.steps.findIndex((step) => step.id === progress.step)
  const place = progress.finished
    ? 'You have finished this lab before'
    : `You were at step ${index + 1} of ${lab.steps.length}: ${lab.steps[index]?.title ?? progress.step}`
  view.say(`  ${place}.`)
  if (progress.digest !== digestOf(lab)) {
    view.say('  The lab has changed since then, so it begins anew.')
    return undefined
  }
  if (progress.finished) return undefined
  const answer = await askLine('Enter: go on there · n: begin anew')
  return answer.trim().toLowerCase() === 'n' ? undefined : progress
}

function suggestNext(lab: Lab, view: GuideView): void {
  const shipped = shippedLabs()
  const next = shipped[shipped.findIndex((file) => file.endsWith(`/${lab.id}.md`)) + 1]
  if (next && shipped.some((file) => file.endsWith(`/${lab.id}.md`))) {
    view.say(`  Next: \`labrun ${next.replace(/^.*\/|\.md$/g, '')}\``)
  }
}
