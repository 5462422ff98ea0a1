import { basename, resolve } from 'node:path'
import { checks } from '../checks/index.ts'
import { askChoice } from '../guide/ask.ts'
import { isBegun, lookUpProgress, type Progress } from '../guide/progress.ts'
import type { Lab } from '../lab/lab.ts'
import { readLab, shippedLabs } from './labs.ts'

/** A lab that comes with labrun, and how far the student is in it. */
export interface Standing {
  readonly lab: Lab
  readonly state: 'new' | 'begun' | 'finished'
  /** The step that the student is at, from 1; undefined if the lab is not begun or was finished. */
  readonly step: number | undefined
  /** The file of the progress cannot be understood: why. */
  readonly trouble: string | undefined
}

/** All labs that come with labrun, or its exams, in their order. Looks only. */
export function standings(files: readonly string[] = shippedLabs()): Standing[] {
  return files
    .flatMap((file) => readLab(file, checks).lab ?? [])
    .map((lab) => {
      const { progress, why: trouble } = lookUpProgress(lab)
      return { lab, trouble, ...standing(lab, progress) }
    })
}

/** What comes next: what was begun, the last of it; else the first that was not finished after those that were. */
export function whatIsNext(all: readonly Standing[]): Standing | undefined {
  const begun = all.findLast(({ state }) => state === 'begun')
  if (begun) return begun
  const last = all.findLastIndex(({ state }) => state === 'finished')
  return all.slice(last + 1).find(({ state }) => state === 'new') ?? all.find(({ state }) => state === 'new')
}

/** Asks which lab; suggests what comes next. Resolves to its file. Rejects with AskingEnded. */
export async function chooseLab(signal: AbortSignal): Promise<string> {
  const all = standings()
  const choices = all.map((one) => ({ name: one.lab.file, message: `${one.lab.title}${howFar(one)}` }))
  return await askChoice('Which lab?', choices, Math.max(0, all.indexOf(whatIsNext(all) ?? all[0]!)), signal)
}

/** The name of the lab that follows one of those that come with labrun. */
export function nextLab({ file }: Lab): string | undefined {
  const shipped = shippedLabs().map((one) => resolve(one))
  const index = shipped.indexOf(resolve(file))
  const next = index < 0 ? undefined : shipped[index + 1]
  return next && basename(next, '.md')
}

/** ` (finished)` and the like; empty for a lab that is not begun. */
function howFar({ state, step, lab }: Standing): string {
  if (state === 'new') return ''
  return state === 'finished' ? ' (finished)' : ` (you are at step ${step} of ${lab.steps.length})`
}

function standing(lab: Lab, progress: Progress | undefined): Pick<Standing, 'state' | 'step'> {
  if (!progress || !isBegun(progress)) return { state: 'new', step: undefined }
  if (progress.finished) return { state: 'finished', step: undefined }
  return { state: 'begun', step: lab.steps.findIndex(({ id }) => id === progress.step) + 1 || 1 }
}
