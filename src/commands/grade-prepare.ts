import { readFileSync } from 'node:fs'
import { checks } from '../checks/index.ts'
import { labDigest } from '../exam/digest.ts'
import { type ExamKey, KeyError, readKey } from '../exam/key.ts'
import { type Roster, RosterError, readRoster } from '../exam/roster.ts'
import type { LoadedLab } from '../grade/grade-job.ts'
import { Intake } from '../grade/intake.ts'
import { Trouble } from '../machine/trouble.ts'
import { loadGradedLab } from './grading-labs.ts'
import { findLab } from './labs.ts'

export interface GradeChoices {
  /** Files. */
  readonly roster: string | undefined
  readonly key: string | undefined
  /** What a step is worth that is judged on the reference state; undefined: as the lab says, or 0.8. */
  readonly carry: number | undefined
  readonly deadline: Date | undefined
  /** The file that the class was given; undefined: the edition of the lab as it is now. */
  readonly edition: string | undefined
}

/** All that has to be right before the first submission is looked at. */
export interface Prepared {
  readonly labFile: string
  readonly loaded: LoadedLab
  readonly roster: Roster | null
  readonly key: ExamKey | null
  readonly intake: Intake
  readonly carry: number
}

/** Grading cannot begin, or cannot go on: the cause, and what can be done. */
export class GradeError extends Trouble {}

/** Throws LabError, LabNotFound or GradeError. */
export function prepareGrade(name: string, choices: GradeChoices): Prepared {
  const labFile = findLab(name)
  const loaded = loadGradedLab(labFile, null)
  const { lab } = loaded
  if (lab.edition) {
    throw new GradeError('edition', `${labFile} is the student’s edition: it has no hidden checks and no answers`, [
      'grade with the whole text of the lab, from which it was made',
    ])
  }
  const digest =
    choices.edition === undefined ? loaded.digest : labDigest(String(bytesOf(choices.edition)), labFile, checks)
  const roster = choices.roster === undefined ? null : rosterOf(choices.roster)
  const key = choices.key === undefined ? null : keyOf(choices.key)
  const hasParams = lab.params.size > 0
  if (hasParams && !key) {
    throw new GradeError('key-missing', `${lab.id} has params: without the key nobody knows whose values are genuine`, [
      'give the key that the tickets were made with: --key FILE',
    ])
  }
  const intake = new Intake({
    lab: { id: lab.id, digest, hasParams },
    roster,
    key,
    deadline: choices.deadline ?? null,
  })
  return { labFile, loaded, roster, key, intake, carry: choices.carry ?? lab.grading.carry }
}

function rosterOf(file: string): Roster {
  try {
    return readRoster(bytesOf(file))
  } catch (error) {
    if (!(error instanceof RosterError)) throw error
    throw new GradeError('roster', `${file}:${error.line}: ${error.message}`, [])
  }
}

function keyOf(file: string): ExamKey {
  try {
    return readKey(String(bytesOf(file)))
  } catch (error) {
    if (!(error instanceof KeyError)) throw error
    throw new GradeError('key', `${file}: ${error.message}`, [])
  }
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new GradeError('unreadable', `cannot read ${file}: ${(error as Error).message}`, [])
  }
}
