import { expect, it } from 'vitest'
import { Numbers } from '../../../src/guide/numbers.ts'
import { noProgress } from '../../../src/guide/progress.ts'
import { Rebuild } from '../../../src/guide/rebuild.ts'
import { fence, lab, oneStep } from '../../support/lab-text.ts'

it.each([
  [undefined, 60_000],
  [1000, 60_000],
  [100_000, 200_000],
])('gives a command that took %s ms then as long as it may need now', (took, timeout) => {
  const one = lab(oneStep(fence('sh', 'echo one')))
  const step = one.steps[0]!
  const typed = [{ step: step.id, before: 0, terminal: 'main', text: 'slow', exit: 0, ...(took ? { took } : {}) }]
  const rebuild = new Rebuild(one, { ...noProgress(one), typed }, new Numbers(one))
  const block = step.items.find((item) => item.kind === 'block')!
  expect(rebuild.atCommand(block.commands[0]!, block)).toEqual({ text: 'slow', terminal: 'main', timeout })
})
