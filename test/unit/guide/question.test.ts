import { expect, it } from 'vitest'
import type { Keeper } from '../../../src/guide/keeper.ts'
import { askQuestion } from '../../../src/guide/question.ts'
import type { GuideView } from '../../../src/guide/view.ts'
import type { Question, Step } from '../../../src/lab/lab.ts'

/** What is kept of the answers to a question of a student's edition, and what was said. */
async function answerEdition(choices: Question['choices'], typed: readonly string[]) {
  const kept: string[] = []
  const said: string[] = []
  const left = [...typed]
  const view = { prose: () => {}, say: (text: string) => said.push(text) } as unknown as GuideView
  const keeper = { answer: (_: Question, __: Step, given: string) => kept.push(given) } as unknown as Keeper
  const ask = async () => left.shift()!
  const question = { choices, answer: undefined } as unknown as Question
  await askQuestion(question, {} as Step, async () => [], {
    view,
    keeper,
    ask,
    help: async () => false,
    lookAround: async () => {},
  })
  return { kept, said }
}

it('takes one of the choices in an edition, and asks again for anything else', async () => {
  const choices = ['a rule was missing', 'a device was down']
  const { kept, said } = await answerEdition(choices, ['a rule was wrong', 'A rule  was missing'])
  expect(kept).toEqual(['A rule  was missing'])
  expect(said.at(-2)).toContain('none of the choices')
  expect((await answerEdition(choices, ['nothing', ''])).kept).toEqual([''])
  expect((await answerEdition([], ['anything'])).kept).toEqual(['anything'])
})
