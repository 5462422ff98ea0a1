import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { findLab } from '../../../src/commands/labs.ts'

it.each(['05-masquerade', '05-masquerade.md', '05', '5'])('finds a lab that comes with labrun: %s', (name) => {
  expect(basename(findLab(name))).toBe('05-masquerade.md')
})

it.each(['0', '05-', '99', 'masquerade'])('does not guess: %s', (name) => {
  expect(() => findLab(name)).toThrow(`there is no lab ${name}`)
})
