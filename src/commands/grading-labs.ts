import { readFileSync } from 'node:fs'
import { checks } from '../checks/index.ts'
import type { GradeContext, LoadedLab } from '../grade/grade-job.ts'
import { sha256 } from '../grade/job-digest.ts'
import type { OpenWorld } from '../run/run-lab.ts'
import { readSubmission } from '../submission/read.ts'
import { labsBefore, loadLab } from './labs.ts'

/** A lab with one student's values in it; null: values for practice. Throws LabError or LabNotFound. */
export function loadGradedLab(file: string, _values: Readonly<Record<string, string>> | null): LoadedLab {
  const lab = loadLab(file, checks)
  const before = labsBefore(lab, checks)
  const texts = [...before.map((one) => readFileSync(one.lab.file)), readFileSync(file)]
  return {
    lab,
    before: before.flatMap(({ steps }) => steps),
    digest: editionDigest(readFileSync(file, 'utf8')),
    fullDigest: sha256(texts.map(sha256).join('\n')),
  }
}

/** The digest of the student's edition of a lab's text; an edition is its own. */
export function editionDigest(text: string): string {
  return sha256(text)
}

/** What grades a submission in this process, and in that of a worker elsewhere. */
export function gradeContext(openWorld: OpenWorld): Omit<GradeContext, 'signal'> {
  return {
    openWorld,
    loadLab: loadGradedLab,
    readWork: async (bytes) => (await readSubmission(Buffer.from(bytes))).work,
  }
}
