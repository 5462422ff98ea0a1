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

it.each(['four', 'Four', ' four. ', 'four packets', '4', '4.'])('takes a number in words: %s', (given) => {
  expect(answerFits([4], given)).toBe(true)
})

it.each([
  ['zero', 0],
  ['thirteen', 13],
  ['twenty', 20],
  ['twenty one', 21],
  ['sixty-three', 63],
  ['Sixty three bytes', 63],
  ['ninety-nine', 99],
])('knows the words up to ninety-nine: %s', (given, number) => {
  expect(answerFits([number], given)).toBe(true)
})

it.each(['four or five', 'fourteen', 'twenty four', 'the four', 'fourth', 'four hundred', 'four thirds', '4 dozen'])(
  'and nothing like them: %s',
  (given) => {
    expect(answerFits([4], given)).toBe(false)
    expect(answerFits([20], given)).toBe(false)
  },
)

it.each(['yes', 'Yes.', 'y', 'true', 'yes, it can', 'yes it can.'])('takes for a yes: %s', (given) => {
  expect(answerFits([true], given)).toBe(true)
  expect(answerFits([false], given)).toBe(false)
})

it.each(['yes or no', 'no idea', 'yesterday', 'it can, yes'])('and neither for a yes nor for a no: %s', (given) => {
  expect(answerFits([true], given)).toBe(false)
  expect(answerFits([false], given)).toBe(false)
})

it('a text that is asked for is no number', () => {
  expect(answerFits(['four'], '4')).toBe(false)
})

it.each(['veth pair', 'a veth pair', 'The  veth pair.', 'An VETH pair'])(
  'takes a text with an article before it and without: %s',
  (given) => {
    expect(answerFits(['veth pair'], given)).toBe(true)
    expect(answerFits(['the veth pair'], given)).toBe(true)
    expect(answerFits(['pair'], given)).toBe(false)
  },
)

it('an article alone is a letter, as of a list of choices', () => {
  expect(answerFits(['a'], 'A')).toBe(true)
  expect(answerFits(['b'], 'a b')).toBe(false)
  expect(answerFits(['pair'], 'a')).toBe(false)
})

it.each(['thepair', 'apair', 'a the pair'])('no article is: %s', (given) => {
  expect(answerFits(['pair'], given)).toBe(false)
})
