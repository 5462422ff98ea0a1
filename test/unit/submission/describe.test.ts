import { expect, test } from 'vitest'
import { brokenAt } from '../../../src/submission/describe.ts'

test('a line is broken between words, and goes on further to the right', () => {
  const line = '  # ip netns exec container1 ping -c 1 www.example.com'
  expect(brokenAt(30, line)).toBe('  # ip netns exec container1\n      ping -c 1\n      www.example.com')
  expect(brokenAt(80, line)).toBe(line)
  expect(brokenAt(undefined, line)).toBe(line)
})

test('what is on several lines is broken line by line, and a long word is left whole', () => {
  expect(brokenAt(24, 'one\n\n  two three four five six\n')).toBe('one\n\n  two three four five\n      six\n')
  const word = 'x'.repeat(40)
  expect(brokenAt(24, `  SHA-256       ${word}`)).toContain(word)
})
