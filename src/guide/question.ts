import type { Question, Step } from '../lab/lab.ts'
import { answerFits } from './answer.ts'
import type { Keeper } from './keeper.ts'
import type { GuideView } from './view.ts'

export interface Asking {
  readonly view: GuideView
  readonly keeper: Keeper
  /** Shows a prompt; resolves to the line. */
  ask(message: string): Promise<string>
}

/**
 * Asks a question until the answer is among the right ones, or is left out. In a student's edition, which has no answers, it is
 * asked once; only what is none of its choices is asked for again.
 */
export async function askQuestion(
  question: Question,
  step: Step,
  findRight: () => Promise<readonly unknown[]>,
  { view, keeper, ask }: Asking,
): Promise<void> {
  view.question(question)
  if (question.answer === undefined) {
    let given = await ask('your answer (Enter: leave it out)')
    while (given !== '' && question.choices.length > 0 && !answerFits(question.choices, given)) {
      view.say('  That is none of the choices: type one of them as it stands there.')
      given = await ask('your answer (Enter: leave it out)')
    }
    keeper.answer(question, step, given, null)
    if (given !== '') view.say('  Noted: whether it is right, your instructor will see.')
    return
  }
  const right = await findRight()
  for (;;) {
    const answer = await ask('your answer (Enter: leave it out)')
    const fits = answer !== '' && answerFits(right, answer, question.tolerance)
    keeper.answer(question, step, answer, answer === '' ? null : fits)
    if (answer === '') return
    view.answered(fits, question)
    if (fits) return
  }
}
