import { basename } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { readLab, shippedLabs } from '../../src/commands/labs.ts'
import { formatProblem } from '../../src/lab/problem.ts'
import { prove, shortcomings } from './prove.ts'

const files = shippedLabs()

it('there are labs, and the author’s guide beside them is none', () => {
  expect(files.length).toBeGreaterThan(0)
  expect(files.map((file) => basename(file))).not.toContain('README.md')
})

describe.each(files.map((file) => [basename(file, '.md'), file] as const))('%s', (_name, file) => {
  it('has no mistakes and is proven', { timeout: 240_000 }, async () => {
    const { problems, source } = readLab(file, checks)
    expect(problems.map((problem) => formatProblem(problem, source))).toEqual([])
    const verification = await prove(file)
    expect(shortcomings(verification)).toEqual([])
    expect(verification.proven + verification.guards).toBe(verification.checks)
  })
})
