import { expect, it } from 'vitest'
import { answerFits } from '../../../src/guide/answer.ts'

it.each(['1042', ' 1042 ', '1042 bytes', '1042.0 B'])('takes a number with its unit and without: %s', (given) => {
  expect(answerFits([1042], given)).toBe(true)
})

it.each(['', ' ', 'bytes', '1042x', '10 or 1042', '1042 or 10', '1042 bytes each'])(
  'takes nothing else for it: %s',
  (given) => {
    expect(answerFits([1042], given)).toBe(false)
    expect(answerFits([0], given)).toBe(false)
  },
)

it('takes what is as near as the tolerance', () => {
  expect(answerFits([20], '21 ms', 1)).toBe(true)
  expect(answerFits([20], '22 ms', 1)).toBe(false)
})
