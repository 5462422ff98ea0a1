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

/** Asks a question until the answer is among the right ones, or is left out. */
export async function askQuestion(
  question: Question,
  step: Step,
  right: readonly unknown[],
  { view, keeper, ask }: Asking,
): Promise<void> {
  view.question(question)
  for (;;) {
    const answer = await ask('your answer (Enter: leave it out)')
    const fits = answer !== '' && answerFits(right, answer, question.tolerance)
    keeper.answer(question, step, answer, answer === '' ? null : fits)
    if (answer === '') return
    view.answered(fits, question)
    if (fits) return
  }
}
