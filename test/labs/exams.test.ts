import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { loadLab, shippedExams } from '../../src/commands/labs.ts'
import { valuesFrom } from '../../src/commands/values.ts'
import { practiceValues } from '../../src/exam/draw.ts'
import { countOfExtremes } from '../../src/exam/extremes.ts'
import { prove, shortcomings } from './prove.ts'

const exams = shippedExams()

describe.each(exams)('%s', (file) => {
  const { id, params, steps } = loadLab(file, checks)
  const students = Array.from({ length: countOfExtremes(params) }, (_, index) => `extreme:${index + 1}`)

  it.each([...students, 'somebody'])('is proven for %s', { timeout: 300_000 }, async (student) => {
    const verification = await prove(file, valuesFrom({ student }))
    expect(shortcomings(verification)).toEqual([])
    expect(verification.proven + verification.guards).toBe(verification.checks)
  })

  it('has points, tasks, questions and hidden checks', () => {
    const items = steps.flatMap((step) => step.items)
    expect(steps.filter(({ points }) => points === undefined)).toEqual([])
    expect(items.some((item) => item.kind === 'block' && item.role === 'solution')).toBe(true)
    expect(items.some((item) => item.kind === 'question')).toBe(true)
    expect(items.some((item) => item.kind === 'check' && item.hidden)).toBe(true)
    expect(items.some((item) => item.kind === 'check' && !item.hidden)).toBe(true)
  })

  it('is another one for each of a hundred students', () => {
    const all = Array.from({ length: 100 }, (_, index) =>
      JSON.stringify(practiceValues(params, id, `student ${index}`)),
    )
    expect(new Set(all).size).toBe(100)
  })
})

it('the exams are found', () => {
  expect(exams.map((file) => file.replace(/^.*\/labs\//, ''))).toEqual(['exams/build-a-bridge.md', 'exams/repair.md'])
})

it('faults are drawn from a catalogue of at least twelve, two for each student', () => {
  const { params } = loadLab(exams.find((file) => file.endsWith('repair.md'))!, checks)
  const faults = [...params.values()].filter((param) => param.hidden)
  expect(faults.map((param) => param.kind === 'pick' && param.count)).toEqual([1, 1])
  expect(faults.reduce((sum, param) => sum + (param.kind === 'pick' ? param.pick.length : 0), 0)).toBe(16)
})
