import type { Status } from '../../run/results.ts'
import type { Graded, GradedItem, GradedStep } from '../model.ts'
import { pointsText, rounded } from '../score.ts'

/**
 * One student's results in Gradescope's schema (`results.json`); what it has no place for is in `extra_data`. Without a grade there is
 * no score in it, because a missing score is not zero: neither of the whole nor of a test, because Gradescope would add those up.
 */
export function resultsJson(graded: Graded): object {
  const { points, status, reason, lab, student, late, limits, duration } = graded
  return {
    ...(points === null ? {} : { score: points }),
    execution_time: Math.round(duration / 1000),
    output: outputOf(graded),
    output_format: 'text',
    visibility: 'after_published',
    stdout_visibility: 'hidden',
    tests:
      status === 'refused'
        ? []
        : graded.steps.flatMap((step) => step.items.map((item) => testOf(step, item, status === 'graded'))),
    extra_data: {
      labrun: { lab, pseudonym: student.pseudonym, status, reason, points, max: graded.max, late, limits },
      digest: graded.digest,
      steps: graded.steps.map(({ id, title, points: given, max, status: how, carried }) => ({
        ...{ id, title, points: given, max, status: how, carried },
      })),
    },
  }
}

function testOf(step: GradedStep, item: GradedItem, isGraded: boolean): object {
  const { key, label, kind, hidden, status, points, max } = item
  return {
    name: hidden ? `${step.title}: a further check` : `${step.title}: ${label}`,
    name_format: 'text',
    number: key,
    ...(points === null || !isGraded ? {} : { score: rounded(points) }),
    max_score: rounded(max),
    ...verdictOf(status),
    output: hidden ? '' : detailsOf(item),
    output_format: 'text',
    tags: [step.id, kind],
    visibility: hidden ? 'hidden' : 'visible',
    extra_data: {
      key,
      kind,
      verdict: status,
      carried: step.carried,
      ...(hidden ? { label, details: detailsOf(item) } : {}),
    },
  }
}

/** Gradescope knows two verdicts; what could not be found out is neither. */
function verdictOf(status: Status): { readonly status?: 'passed' | 'failed' } {
  if (status === 'passed') return { status }
  return status === 'failed' || status === 'blocked' ? { status: 'failed' } : {}
}

function detailsOf({ status, expected, actual, why, diagnosis, evidence }: GradedItem): string {
  if (status === 'passed') return actual
  return [
    `expected  ${expected}`,
    `seen      ${actual}`,
    ...(why ? [`why       ${why}`] : []),
    ...(diagnosis ? [`because   ${diagnosis}`] : []),
    ...evidence.slice(0, 3).map(({ command, output }) => `\n# ${command}\n${output}`),
  ].join('\n')
}

function outputOf({ status, reason, points, max, steps }: Graded): string {
  if (status === 'refused') return `This submission was not accepted: ${reason}`
  if (status === 'needs-staff') return `This could not be graded by itself, a person will look at it: ${reason}`
  const lines = steps.map(
    (step) =>
      `${pointsText(step.points)} of ${pointsText(step.max)}  ${step.title}${step.carried ? ' (judged by itself, because an earlier step had failed)' : ''}`,
  )
  return [`${pointsText(points)} of ${pointsText(max)} points`, ...lines].join('\n')
}
