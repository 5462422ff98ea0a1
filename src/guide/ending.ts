import type { Lab, Question } from '../lab/lab.ts'
import { painter } from '../paint.ts'
import { notPassed, type Part } from '../reporters/not-passed.ts'
import type { Sink } from '../reporters/reporter.ts'
import type { LabResult } from '../run/results.ts'
import { sanitize } from '../sanitize.ts'
import type { Progress } from './progress.ts'

/** What a student reads at the end of a lab: how it ended, and what did not pass or has no right answer. */
export function endText(lab: Lab, result: LabResult, answers: Progress['answers'], sink: Sink): string {
  const { status, ledger } = result
  const { good, warn, bold } = painter(sink.colour)
  const isPassed = status === 'passed'
  const mark = sink.plain ? '' : isPassed ? `${good('✓')} ` : `${warn('!')} `
  const title = sink.plain ? sanitize(lab.title) : bold(sanitize(lab.title))
  const count = `${ledger.passed} of ${ledger.planned} passed.`
  const first = `\n${mark}${isPassed ? 'You have finished' : 'The end of'} ${title}: ${count}`
  const questions = lab.steps.flatMap(({ items }) => items).filter((item) => item.kind === 'question')
  return [first, ...notPassed(result, sink, openQuestions(questions, answers))].join('\n')
}

/** Of an exam nobody here knows which answers are right. */
function openQuestions(questions: readonly Question[], answers: Progress['answers']): Part[] {
  return questions.flatMap(({ line, ask }): Part[] => {
    const { text = '', right = null } = answers.find((one) => one.line === line) ?? {}
    if (text !== '' && right !== false) return []
    return [
      {
        status: text === '' ? 'skipped' : 'failed',
        line,
        what: `question ${text === '' ? 'not answered' : 'answered wrongly'}: ${ask}`,
      },
    ]
  })
}
