import { checks } from '../checks/index.ts'
import { fullDigest, labDigest } from '../exam/digest.ts'
import { TicketError } from '../exam/ticket.ts'
import type { GradeContext, LoadedLab } from '../grade/grade-job.ts'
import { whyNotValues } from '../lab/fill.ts'
import type { Params, Values } from '../lab/params.ts'
import type { OpenWorld } from '../run/run-lab.ts'
import { readSubmission } from '../submission/read.ts'
import { labsBefore, loadLab, readText } from './labs.ts'
import { valuesFrom } from './values.ts'

/** A lab with one student's values in it; null: values for practice. Throws LabError, LabNotFound, or TicketError where the values do not fit. */
export function loadGradedLab(file: string, values: Values | null): LoadedLab {
  const choose = valuesFrom()
  const lab = loadLab(file, checks, (text) => (values === null ? choose(text) : (params) => fitting(params, values)))
  const before = labsBefore(lab, checks)
  const texts = [...before.map((one) => readText(one.lab.file)), readText(file)]
  return {
    lab,
    before: before.flatMap(({ steps }) => steps),
    digest: labDigest(texts.at(-1)!, file, checks),
    fullDigest: fullDigest(texts.map(fullDigest).join('\n')),
  }
}

/** What grades a submission in this process, and in that of a worker elsewhere. */
export function gradeContext(openWorld: OpenWorld): Omit<GradeContext, 'signal'> {
  return {
    openWorld,
    loadLab: loadGradedLab,
    readWork: async (bytes) => (await readSubmission(Buffer.from(bytes))).work,
  }
}

function fitting(params: Params, values: Values): Values {
  const reason = whyNotValues(params, values)
  if (reason) throw new TicketError('malformed', reason)
  return values
}
