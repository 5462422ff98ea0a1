import { expect, it } from 'vitest'
import { checks } from '../../../src/checks/index.ts'
import { extremeValues } from '../../../src/exam/extremes.ts'
import type { Lab } from '../../../src/lab/lab.ts'
import { parseLabOrThrow } from '../../../src/lab/parse.ts'
import { localMachine } from '../../../src/machine/local.ts'
import { type Variant, verifyForAll } from '../../../src/verify/students.ts'
import { describeOutcome } from '../../../src/verify/text.ts'
import { type Verification, verifyLab } from '../../../src/verify/verify-lab.ts'
import { World } from '../../../src/world/world.ts'
import { fence, frontMatter } from '../../support/lab-text.ts'

const signal = new AbortController().signal

/** Three students, for whom `n` is 1, 2 and 3. */
function variants(...step: readonly string[]): [Variant, ...Variant[]] {
  const text = `${frontMatter('params:', '  n: {pick: [1, 2, 3]}')}## It\n${step.join('\n')}`
  const variant = (index: number): Variant => ({
    student: `extreme:${index + 1}`,
    lab: parseLabOrThrow(text, 'demo.md', checks, (params) => extremeValues(params, index)),
  })
  return [variant(0), variant(1), variant(2)]
}

async function prove(lab: Lab): Promise<Verification> {
  return await verifyLab(lab, {
    machine: async () => localMachine,
    openWorld: (spec) => World.open(localMachine, spec),
    kinds: checks,
    before: [],
    signal,
    emit: () => {},
  })
}

it('a lab that is proven for everybody is proven', async () => {
  const all = variants(fence('sh', 'ip netns add n{{n}}'), fence('yaml check', '- netns: n{{n}}'))
  const verification = await verifyForAll(all, prove, signal)
  expect(verification).toMatchObject({ status: 'passed', students: 3, student: null, proven: 1, doubts: [] })
  expect(describeOutcome({ file: 'demo.md', verification })).toContain('1 fail before and pass after, for 3 students')
})

it('a doubt that there is for some students only says for whom', async () => {
  const all = variants(
    fence('sh setup', 'ip netns add n2'),
    fence('sh', 'ip netns add n{{n}} || true'),
    fence('yaml check', '- netns: n{{n}}'),
  )
  const verification = await verifyForAll(all, prove, signal)
  expect(verification.status).toBe('failed')
  expect(verification.doubts.map(({ code, what }) => [code, what])).toEqual([
    ['vacuous', expect.stringContaining('proves nothing (only for 1 of 3 students: extreme:2 [n 2])')],
  ])
})

it('a failure for one student is shown with the name and the values', async () => {
  const all = variants(fence('sh', 'test {{n}} != 3', 'ip netns add n{{n}}'), fence('yaml check', '- netns: n{{n}}'))
  const verification = await verifyForAll(all, prove, signal)
  expect(verification).toMatchObject({ status: 'failed', student: 'extreme:3 [n 3]' })
  const text = describeOutcome({ file: 'demo.md', verification })
  expect(text).toContain('for the student extreme:3 [n 3]:')
  expect(text).toContain('test 3 != 3')
})

it('what is wrong for everybody is said once', async () => {
  const all = variants(fence('sh', 'ip netns add n{{n}}'), fence('yaml check', '- run: "true"'))
  const verification = await verifyForAll(all, prove, signal)
  expect(verification.doubts).toHaveLength(1)
  expect(verification.doubts[0]!.what).not.toContain('students')
})
