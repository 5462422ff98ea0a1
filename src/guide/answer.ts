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
 * Whether a student's answer is right: numbers, as words up to ninety-nine too, with a unit or without, within the tolerance; texts without
 * regard to case, blanks, an article before them and a full stop at the end.
 */
export function answerFits(accepted: readonly unknown[], given: string, tolerance = 0): boolean {
  return accepted.some((one) => {
    if (typeof one === 'number') return Math.abs(numberIn(given) - one) <= tolerance
    if (typeof one === 'boolean') return (one ? ['yes', 'true', 'y'] : ['no', 'false', 'n']).includes(yesOrNo(given))
    return typeof one === 'string' && bare(one) === bare(given)
  })
}

/** `1042 bytes` is a number too, and so is `four`; NaN where there is none. */
function numberIn(text: string): number {
  const [, number = '', unit = ''] = /^(.*?)(?: (\p{L}+))?$/u.exec(normal(text).replace(TENS_AND_ONES, '$1-$2')) ?? []
  if (NUMBERS.has(unit) || MORE_WORDS.test(unit)) return NaN
  return NUMBERS.get(number) ?? (number === '' ? NaN : Number(number))
}

const ONES =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'

const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...ONES.split(' ').map((word, index) => [word, index] as const),
  ...TENS.split(' ').flatMap((ten, index) =>
    ONES.split(' ')
      .slice(0, 10)
      .map((one, more) => [more === 0 ? ten : `${ten}-${one}`, (index + 2) * 10 + more] as const),
  ),
])

const TENS_AND_ONES = new RegExp(`^(${TENS.replaceAll(' ', '|')}) (one|two|three|four|five|six|seven|eight|nine)\\b`)

/** What makes another number of one. */
const MORE_WORDS = /^(?:hundred|thousand|million|billion|dozen|half|halves|third|quarter)s?$/

/** `Yes, it can` is a yes; what is no sentence with a comma or an `it` is left as it is. */
function yesOrNo(text: string): string {
  return normal(text).replace(/^(yes|no)(?:,.*| (?:it|they|there) .*)$/, '$1')
}

/** Without an article; before a letter it is none, as in a list of choices. */
function bare(text: string): string {
  return normal(text).replace(/^(?:a|an|the) (?=.{2})/, '')
}

function normal(text: string): string {
  return text.trim().toLowerCase().replace(/\s+/g, ' ').replace(/ ?\.$/, '')
}
