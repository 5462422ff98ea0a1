import { describe, expect, it } from 'vitest'
import { graphemes, padTo, textWidth } from '../../../src/prose/text-width.ts'

describe('textWidth', () => {
  it.each([
    ['', 0],
    ['ip link', 7],
    ['网桥', 4],
    ['（）', 4],
    ['ｱ', 1],
    ['한국어', 6],
    ['e\u0301', 1],
    ['─│►', 3],
    ['\u{1f600}', 2],
    ['\u{1f44d}\u{1f3fd}', 2],
    ['\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', 2],
    ['\u2764\ufe0f', 2],
    ['\u{1f1e9}\u{1f1ea}', 2],
    ['\u{1f1e9}', 1],
    ['\u{20000}', 2],
  ])('of %j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width)
  })
})

it('graphemes keeps together what a reader sees as one', () => {
  expect(graphemes('ae\u0301网\u{1f44d}\u{1f3fd}\n1')).toEqual(['a', 'e\u0301', '网', '\u{1f44d}\u{1f3fd}', '\n', '1'])
  expect(graphemes('网'.repeat(1201))).toHaveLength(1201)
  expect(graphemes('')).toEqual([])
})

it('padTo counts columns', () => {
  expect(padTo('网', 4)).toBe('网  ')
  expect(padTo('abcde', 4)).toBe('abcde')
})
