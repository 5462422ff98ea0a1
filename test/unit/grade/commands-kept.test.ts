import { expect, test } from 'vitest'
import { CommandKeeper } from '../../../src/grade/commands-kept.ts'
import type { RunEvent } from '../../../src/run/events.ts'

const printed = (output: string) =>
  ({
    ...{ type: 'command-end', terminal: 'main', extra: true },
    result: { text: 'seq 5000', exit: 0, output, status: 'passed', reason: null, diff: null },
  }) as unknown as RunEvent

test('of many long outputs a result keeps so much and no more', () => {
  const kept = new CommandKeeper()
  for (const step of ['one', 'two']) {
    kept.take({ type: 'step-start', step } as unknown as RunEvent)
    for (let number = 0; number < 400; number++) kept.take(printed(String(number % 10).repeat(10_000)))
  }
  const outputs = [...kept.commands.values()].flat().map(({ output }) => output)
  expect(outputs).toHaveLength(800)
  expect(outputs[0]).toHaveLength(4000 + '\n[… 6000 characters left out …]\n'.length)
  expect(outputs.at(-1)).toBe('\n[… 10000 characters left out …]\n')
  expect(outputs.join('').replaceAll(/\n\[… \d+ characters left out …\]\n/g, '').length).toBeLessThanOrEqual(200_000)
})
