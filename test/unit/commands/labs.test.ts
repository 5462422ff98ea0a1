import { basename } from 'node:path'
import { expect, it } from 'vitest'
import { findLab } from '../../../src/commands/labs.ts'
import { describeTrouble } from '../../../src/commands/trouble.ts'

it.each(['05-masquerade', '05-masquerade.md', '05', '5'])('finds a lab that comes with labrun: %s', (name) => {
  expect(basename(findLab(name))).toBe('05-masquerade.md')
})

it.each(['0', '05-', '99', 'masquerade'])('does not guess: %s', (name) => {
  expect(() => findLab(name)).toThrow(`there is no lab ${name}`)
})

it('tells in columns of whole names which labs there are', () => {
  try {
    findLab('nothing-like-it')
    expect.unreachable()
  } catch (error) {
    const [first, , ...lines] = describeTrouble(error).split('\n')
    expect(first).toBe('labrun: there is no lab nothing-like-it')
    expect(lines.length).toBeGreaterThan(2)
    expect(lines[0]).toMatch(/^ {2}01-netns +0\d-/)
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
    // Below each other, in the order of the labs.
    expect(lines[1]).toMatch(/^ {2}02-veth/)
  }
})
