import type { Question } from '../lab/lab.ts'

/** Whether a student's answer is right: numbers within the tolerance, words without regard to case and blanks. */
export function answerFits({ answer, tolerance = 0 }: Question, given: string): boolean {
  const accepted = Array.isArray(answer) ? answer : [answer]
  return accepted.some((one: unknown) => {
    if (typeof one === 'number') return given.trim() !== '' && Math.abs(Number(given) - one) <= tolerance
    if (typeof one === 'boolean') return (one ? ['yes', 'true', 'y'] : ['no', 'false', 'n']).includes(normal(given))
    return typeof one === 'string' && normal(one) === normal(given)
  })
}

function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ')
}
