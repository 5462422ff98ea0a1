import type { Question, Step } from '../lab/lab.ts'
import { sanitize } from '../sanitize.ts'
import { answerFits, answerText } from './answer.ts'
import type { Keeper } from './keeper.ts'
import type { GuideView } from './view.ts'
import { wanted } from './words.ts'

export interface Asking {
  readonly view: GuideView
  readonly keeper: Keeper
  /** Shows a prompt; resolves to the line. */
  ask(message: string): Promise<string>
  /** Whether something was asked for instead of answering, which is done then. */
  help(answer: string): Promise<boolean>
  /** The student looks around in a shell, until it is time to answer. */
  lookAround(): Promise<void>
}

/**
 * Asks a question until the answer is among the right ones, or is left out, or is shown to a student who gives up. In a student's edition, which has no answers, it is
 * asked once; only what is none of its choices is asked for again.
 */
export async function askQuestion(
  question: Question,
  step: Step,
  findRight: () => Promise<readonly unknown[]>,
  asking: Asking,
): Promise<void> {
  const { view, keeper } = asking
  const isEdition = question.answer === undefined
  const right = isEdition ? question.choices : await findRight()
  const isTaken = (answer: string) => answerFits(right, answer, isEdition ? undefined : question.tolerance)
  show(question, view)
  for (;;) {
    const answer = await nextAnswer(question, isTaken, asking)
    if (answer === undefined) {
      keeper.solution(step)
      keeper.answer(question, step, '', null)
      view.answer(answerText(right, question.tolerance), question)
      return
    }
    if (isEdition && answer !== '' && question.choices.length > 0 && !isTaken(answer)) {
      view.say('  That is none of the choices: type one of them as it stands there.')
      continue
    }
    const isRight = isEdition || answer === '' ? null : isTaken(answer)
    keeper.answer(question, step, answer, isRight)
    if (answer === '') return
    if (isRight === null) {
      view.say('  Noted: whether it is right, your instructor will see.')
      return
    }
    view.answered(answer, isRight, question)
    if (isRight) return
  }
}

/** A question that was answered, or left out, before the world was built again. */
export function showAnswered(question: Question, answer: string, view: GuideView): void {
  show(question, view)
  view.say(answer === '' ? '  (You have not answered it.)' : `  Your answer: ${sanitize(answer)}`)
}

function show({ ask, choices }: Question, view: GuideView): void {
  view.prose(`**Question.** ${ask}`)
  for (const choice of choices) view.say(`    ${sanitize(String(choice))}`)
}

/**
 * The next line that is an answer; what is asked for before it is done. Empty: the question is left out; undefined: the student
 * wants to be shown the answer.
 */
async function nextAnswer(
  question: Question,
  isTaken: (answer: string) => boolean,
  { view, ask, help, lookAround }: Asking,
): Promise<string | undefined> {
  for (;;) {
    const line = await ask('your answer · Enter: skip · ?: help')
    const answer = line.trim()
    const asked = isTaken(answer) || answerFits(question.choices, answer) ? undefined : wanted(line)
    // Where nobody here knows what is right, a letter may be.
    const mayBeAnswer = asked?.isLetter && question.answer === undefined && question.choices.length === 0
    if (!asked || mayBeAnswer) return answer
    if (asked.word === 'next') return ''
    if (asked.word === 'solution' && question.answer !== undefined) return undefined
    if (asked.word === 'do') {
      await lookAround()
      show(question, view)
    } else await help(line)
  }
}
