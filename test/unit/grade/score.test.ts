import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mostPoints } from '../../../src/grade/grade-job.ts'
import { isJudgedLive } from '../../../src/grade/live.ts'
import { pointsFor, pointsText, sharesOf, sumOf } from '../../../src/grade/score.ts'
import { EXAM } from '../../grade/replay.ts'
import { fence, frontMatter, lab } from '../../support/lab-text.ts'

const step = (directive: string, ...checks: readonly string[]) => {
  const text = `${frontMatter()}## It\n\n<!-- step: it${directive} -->\n${fence('yaml check', ...checks)}`
  return lab(text).steps[0]!
}
const maxima = (directive: string, ...checks: readonly string[]) =>
  sharesOf(step(directive, ...checks)).map(({ key, max }) => [key, max])

describe('what an item is worth', () => {
  test('1, where nothing is said', () => {
    expect(maxima('', '- netns: a', '- netns: b', '- link: lo')).toEqual([
      ['it/netns-1', 1],
      ['it/netns-2', 1],
      ['it/link-1', 1],
    ])
  })

  test('its own points; what is left of the step’s is shared by the others', () => {
    expect(maxima(' points: 10', '- netns: a', '- netns: b', '  points: 4', '- link: lo')).toEqual([
      ['it/netns-1', 3],
      ['it/netns-2', 4],
      ['it/link-1', 3],
    ])
    expect(maxima('', '- netns: a', '  points: 0.5', '- netns: b')).toEqual([
      ['it/netns-1', 0.5],
      ['it/netns-2', 1],
    ])
  })

  test('nothing is left: the others are worth nothing', () => {
    expect(maxima(' points: 3', '- netns: a', '  points: 3', '- netns: b').map(([, max]) => max)).toEqual([3, 0])
  })

  test('a guard holds before anything is done, so it is worth only what the author says', () => {
    const guard = ['- netns: g', '  absent: true', '  holds: before']
    expect(maxima(' points: 4', '- netns: a', ...guard).map(([, max]) => max)).toEqual([4, 0])
    expect(maxima(' points: 4', '- netns: a', ...guard, '  points: 1').map(([, max]) => max)).toEqual([3, 1])
  })

  test('an id is its name, and names never meet', () => {
    expect(maxima('', '- netns: a', '  id: first', '- netns: b').map(([key]) => key)).toEqual([
      'it/first',
      'it/netns-2',
    ])
  })
})

test('a lab is worth what is judged of it: on a live machine not the question', () => {
  const exam = lab(EXAM)
  expect([mostPoints(exam), mostPoints(exam, (item) => isJudgedLive(item, exam))]).toEqual([10, 9])
})

describe('points', () => {
  test('only what was found out gives or costs any', () => {
    expect(pointsFor('passed', 3)).toBe(3)
    expect(pointsFor('passed', 3, 0.8)).toBeCloseTo(2.4)
    expect(pointsFor('failed', 3)).toBe(0)
    expect(pointsFor('blocked', 3)).toBe(0)
    expect(pointsFor('error', 3)).toBeNull()
    expect(pointsFor('skipped', 3)).toBeNull()
  })

  test('an error anywhere makes the sum unknown, never smaller', () => {
    expect(sumOf([1, null, 2])).toBeNull()
    expect(sumOf([])).toBe(0)
  })

  test('shares add up to the whole', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 12 }), (points, count) => {
        const checks = Array.from({ length: count }, (_, number) => `- netns: n${number}`)
        expect(sumOf(sharesOf(step(` points: ${points}`, ...checks)).map(({ max }) => max))).toBe(points)
      }),
    )
  })

  test('as people read them', () => {
    expect([10 / 3, 2.005, 4, 0, null].map(pointsText)).toEqual(['3.33', '2.01', '4', '0', ''])
  })
})
