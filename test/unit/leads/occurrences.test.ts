import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Occurrences } from '../../../src/leads/occurrences.ts'

test('who has which number in common is what a comparison of all with all finds', () => {
  // 48 bits, as hashes have, and few different ones.
  const number = fc.integer({ min: 0, max: 12 }).map((one) => one * 2 ** 44)
  const ofClass = fc.array(fc.array(number, { maxLength: 8 }), { maxLength: 12 })
  fc.assert(
    fc.property(ofClass, (students) => {
      const all = new Occurrences()
      for (const numbers of students) all.add(numbers)
      all.sort()
      for (const [student, numbers] of students.entries()) {
        const found = [...all.of(student)].map((one) => ({ ...one, who: [...all.holdersAt(one.place)] }))
        const due = [...new Set(numbers)].map((one) => {
          const who = students.flatMap((others, at) => (others.includes(one) ? [at] : []))
          return { number: one, holders: who.length, place: expect.any(Number), who }
        })
        expect(found).toEqual(due)
      }
    }),
  )
})

test('there may be more of them than there was room for in the beginning', () => {
  const all = new Occurrences()
  const numbers = Array.from({ length: 5000 }, (_, at) => at)
  for (const student of [0, 1]) all.add(numbers.map((one) => one + student))
  all.sort()
  const shared = [...all.of(0)].filter(({ holders }) => holders === 2)
  expect(shared.map(({ number }) => number)).toEqual(numbers.slice(1))
  expect([...all.of(1)].at(-1)).toMatchObject({ number: 5000, holders: 1 })
})
