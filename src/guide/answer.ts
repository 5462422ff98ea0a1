import type { Question } from '../lab/lab.ts'
import type { Sight } from '../run/pace.ts'

/** The accepted answers of a question; `from: COMMAND` is asked of the world. Rejects with ProbeError. */
export async function rightAnswer({ answer }: Question, sight: Sight): Promise<readonly unknown[]> {
  if (Array.isArray(answer)) return answer
  if (typeof answer !== 'object' || answer === null) return [answer]
  const text = await sight.evaluate((answer as { from: string }).from)
  return [text !== '' && Number.isFinite(Number(text)) ? Number(text) : text]
}

/**
 * Whether a student's answer is right: numbers, with a unit or without, within the tolerance; words without regard to case, blanks
 * and a full stop at the end.
 */
export function answerFits(accepted: readonly unknown[], given: string, tolerance = 0): boolean {
  return accepted.some((one) => {
    if (typeof one === 'number') return Math.abs(numberIn(given) - one) <= tolerance
    if (typeof one === 'boolean') return (one ? ['yes', 'true', 'y'] : ['no', 'false', 'n']).includes(normal(given))
    return typeof one === 'string' && normal(one) === normal(given)
  })
}

/** `1042 bytes` is a number too; NaN where there is none. */
function numberIn(text: string): number {
  const number = text.trim().replace(/\s+\p{L}+\.?$/u, '')
  return number === '' ? NaN : Number(number)
}

function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').replace(/ ?\.$/, '')
}
