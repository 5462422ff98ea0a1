import type { Question, Step } from '../lab/lab.ts'
import { answerFits } from './answer.ts'
import type { Keeper } from './keeper.ts'
import type { GuideView } from './view.ts'

export interface Asking {
  readonly view: GuideView
  readonly keeper: Keeper
  /** Shows a prompt; resolves to the line. */
  ask(message: string): Promise<string>
  /** Whether something was asked for instead of answering, which is done then. */
  help(answer: string): Promise<boolean>
}

/**
 * Asks a question until the answer is among the right ones, or is left out. In a student's edition, which has no answers, it is
 * asked once; only what is none of its choices is asked for again.
 */
export async function askQuestion(
  question: Question,
  step: Step,
  findRight: () => Promise<readonly unknown[]>,
  { view, keeper, ask, help }: Asking,
): Promise<void> {
  view.question(question)
  const isHelped = async (given: string) =>
    (question.answer === undefined ? WORDS : WORDS_AND_LETTERS).test(given) &&
    !question.choices.map(String).includes(given) &&
    (await help(given))
  if (question.answer === undefined) {
    let given = await ask(PROMPT)
    for (; given !== ''; given = await ask(PROMPT)) {
      if (await isHelped(given)) continue
      if (question.choices.length === 0 || answerFits(question.choices, given)) break
      view.say('  That is none of the choices: type one of them as it stands there.')
    }
    keeper.answer(question, step, given, null)
    if (given !== '') view.say('  Noted: whether it is right, your instructor will see.')
    return
  }
  const right = await findRight()
  for (;;) {
    const answer = await ask(PROMPT)
    const fits = answer !== '' && answerFits(right, answer, question.tolerance)
    if (!fits && (await isHelped(answer))) continue
    keeper.answer(question, step, answer, answer === '' ? null : fits)
    if (answer === '') return
    view.answered(answer, fits, question)
    if (fits) return
  }
}

const PROMPT = 'your answer · Enter: skip · ?: help'

/** Letters may be answers, where nobody here knows what is right. */
const WORDS = /^(?:\?|help|hint|map)$/
const WORDS_AND_LETTERS = /^(?:\?|help|hint|h|map|m)$/
