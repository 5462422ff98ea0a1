import type { Question } from '../lab/lab.ts'
import type { Sight } from '../run/pace.ts'

/** The accepted answers of a question; `from: COMMAND` is asked of the world. Rejects with ProbeError. */
export async function rightAnswer({ answer }: Question, sight: Sight): Promise<readonly unknown[]> {
  if (Array.isArray(answer)) return answer
  if (typeof answer !== 'object' || answer === null) return [answer]
  const text = await sight.evaluate((answer as { from: string }).from)
  return [text !== '' && Number.isFinite(Number(text)) ? Number(text) : text]
}

/** The accepted answers, to be read. */
export function answerText(accepted: readonly unknown[], tolerance = 0): string {
  const texts = accepted.map((one) => (typeof one === 'boolean' ? (one ? 'yes' : 'no') : String(one)))
  return `${texts.join(' or ')}${tolerance ? ` ± ${tolerance}` : ''}`
}

/**
 * Whether a student's answer is right: numbers, as words up to twenty too, with a unit or without, within the tolerance; texts without
 * regard to case, blanks, an article before them and a full stop at the end.
 */
export function answerFits(accepted: readonly unknown[], given: string, tolerance = 0): boolean {
  return accepted.some((one) => {
    if (typeof one === 'number') return Math.abs(numberIn(given) - one) <= tolerance
    if (typeof one === 'boolean') return (one ? ['yes', 'true', 'y'] : ['no', 'false', 'n']).includes(normal(given))
    return typeof one === 'string' && bare(one) === bare(given)
  })
}

/** `1042 bytes` is a number too, and so is `four`; NaN where there is none. */
function numberIn(text: string): number {
  const [, number = '', unit = ''] = /^(.*?)(?: (\p{L}+))?$/u.exec(normal(text)) ?? []
  if (WORDS.includes(unit) || MORE_WORDS.test(unit)) return NaN
  const word = WORDS.indexOf(number)
  if (word >= 0) return word
  return number === '' ? NaN : Number(number)
}

const WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )

/** What makes another number of one. */
const MORE_WORDS =
  /^(?:hundred|thousand|million|billion|dozen|half|halves|thirds?|quarters?|(?:thir|four|fif|six|seven|eigh|nine)?ty|forty)s?$/

/** Without an article; before a letter it is none, as in a list of choices. */
function bare(text: string): string {
  return normal(text).replace(/^(?:a|an|the) (?=.{2})/, '')
}

function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').replace(/ ?\.$/, '')
}
