import { expect, test } from 'vitest'
import { type RunSeen, run } from '../../../src/checks/run.ts'
import { probeThatSays } from '../../support/recorded-probe.ts'

type Spec = Parameters<typeof run.judge>[0]

const spec = (keys: object) => run.schema.parse({ run: 'cat file', ...keys }) as Spec
const judge = (keys: object, seen: RunSeen, remembered = new Map<string, string>()) =>
  run.judge(spec(keys), seen, remembered)

test.each([
  [{}, 0, true],
  [{}, 1, false],
  [{ exit: 1 }, 1, true],
  [{ exit: 1 }, 0, false],
  [{ exit: 'any' }, 77, true],
])('%o after status %i: %s', (keys, status, holds) => {
  expect(judge(keys, { status, output: '' })).toMatchObject({ holds, actual: `status ${status}` })
})

test.each([
  ['hello', 'hello\n', true],
  ['hello', 'hello\nworld\n', false],
  ['hello\n...', 'hello\nworld\n', true],
  ['<int> packets', '12  packets  \n', true],
  ['<int> packets', 'no packets\n', false],
  ['', '', true],
  ['', 'something\n', false],
])('expected %j, seen %j: %s', (output, printed, holds) => {
  expect(judge({ output }, { status: 0, output: printed }).holds).toBe(holds)
})

test('the right output with the wrong status does not hold, nor the other way round', () => {
  expect(judge({ output: 'a' }, { status: 1, output: 'a\n' }).holds).toBe(false)
  expect(judge({ output: 'a', exit: 'any' }, { status: 1, output: 'b\n' })).toMatchObject({
    holds: false,
    actual: 'status 1, output differs:\n- a\n+ b',
  })
})

test('it remembers what a placeholder with a name stood for, and compares it later', () => {
  const first = judge({ output: 'pid <pid:int>' }, { status: 0, output: 'pid 42\n' })
  expect(first.remembered).toEqual(new Map([['pid', '42']]))
  const later = { output: 'pid <pid:int> again' }
  expect(judge(later, { status: 0, output: 'pid 42 again\n' }, new Map(first.remembered)).holds).toBe(true)
  expect(judge(later, { status: 0, output: 'pid 43 again\n' }, new Map(first.remembered)).holds).toBe(false)
})

test('an expected output that is none is a mistake of the lab', () => {
  expect(run.schema.safeParse({ run: 'true', output: '/(/' }).success).toBe(false)
})

test('what a program prints cannot do anything to a terminal', async () => {
  const printed = probeThatSays({ stdout: 'a\u001b[31mb\u001b]0;title\u0007\u0008c\n' })
  expect(await run.observe(spec({}), printed, undefined)).toEqual({ status: 0, output: 'ab␈c\n' })
})
