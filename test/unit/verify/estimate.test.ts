import { describe, expect, it } from 'vitest'
import { Estimate, inTime, type Task } from '../../../src/verify/estimate.ts'

/** An estimate with a clock that is set by hand, in milliseconds. */
function estimateOf(jobs: number, ...tasks: readonly Task[]) {
  const clock = { now: 0 }
  return { estimate: new Estimate(tasks, jobs, () => clock.now), clock }
}

const task = (name: string, size: number, last?: number): Task => ({ name, size, last })

describe('how long it still takes', () => {
  it('is what it took the last time, less what has gone by', () => {
    const [one, two] = [task('one', 1, 3000), task('two', 1, 5000)]
    const { estimate, clock } = estimateOf(1, one, two)
    expect(estimate.left()).toBe(8000)
    estimate.begin(one)
    clock.now = 1000
    expect(estimate.left()).toBe(7000)
    estimate.end(one)
    expect(estimate.left()).toBe(5000)
  })

  it('is unknown as long as nothing was done', () => {
    const one = task('one', 10)
    const { estimate } = estimateOf(1, one)
    expect(estimate.left()).toBeUndefined()
    estimate.begin(one)
    expect(estimate.left()).toBeUndefined()
  })

  it('follows from the share that is done of what runs', () => {
    const [one, two] = [task('one', 10), task('two', 30)]
    const { estimate, clock } = estimateOf(1, one, two)
    estimate.begin(one)
    clock.now = 2000
    estimate.advance(one, 0.5)
    expect(estimate.left()).toBe(2000 + 12_000)
  })

  it('follows from those that are done, by their size', () => {
    const [one, two] = [task('one', 10, 1000), task('two', 30)]
    const { estimate, clock } = estimateOf(1, one, two)
    expect(estimate.left()).toBe(4000)
    estimate.begin(one)
    clock.now = 5000
    estimate.end(one)
    // Slower than it was: both times count.
    expect(estimate.left()).toBe(9000)
  })

  it('is shared by those that work at the same time, but is at least that of the longest', () => {
    const tasks = [task('a', 1, 4000), task('b', 1, 4000), task('c', 1, 4000)]
    expect(estimateOf(2, ...tasks).estimate.left()).toBe(6000)
    expect(estimateOf(8, ...tasks, task('d', 1, 9000)).estimate.left()).toBe(9000)
  })

  it('is never less than nothing where it takes longer than the last time', () => {
    const one = task('one', 1, 1000)
    const { estimate, clock } = estimateOf(1, one)
    estimate.begin(one)
    clock.now = 3000
    expect(estimate.left()).toBe(0)
    estimate.advance(one, 0.75)
    expect(estimate.left()).toBe(1000)
    estimate.end(one)
    expect(estimate.left()).toBe(0)
  })
})

it('is said in seconds, or in minutes where there are many', () => {
  expect([0, 999, 40_000, 150_000].map(inTime)).toEqual([
    'about 1 s left',
    'about 1 s left',
    'about 40 s left',
    'about 3 min left',
  ])
})
