import { basename } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { loadLab, shippedLabs, stepsBefore } from '../../src/commands/labs.ts'
import { Where } from '../../src/commands/where.ts'
import { outputOf } from '../../src/machine/machine.ts'
import { findings } from '../../src/reporters/describe.ts'
import type { LabResult } from '../../src/run/results.ts'
import { runLab } from '../../src/run/run-lab.ts'
import { quietly, virtualMachine } from './machine.ts'

const { signal } = quietly
const labs = shippedLabs()

// Beside each other: much of a lab is waiting for packets that do not come.
describe.concurrent('the shipped labs pass in the virtual machine, unchanged', () => {
  test.each(labs.map((file) => [basename(file, '.md'), file]))('%s', async (_name, file) => {
    const where = new Where({ on: 'vagrant', privileged: false }, signal)
    expect(shortcomings(await runOn(where, file))).toEqual([])
    await where.close()
  })
})

test('several labs at the same time do not see each other, and share one connection', async () => {
  const machine = await virtualMachine()
  const count = async () =>
    Number(await outputOf(machine, ['sh', '-c', 'ss -Htn state established "( sport = :22 )" | wc -l']))
  const before = await count()
  const where = new Where({ on: 'vagrant', privileged: false }, signal)
  const connections: number[] = []
  const watch = setInterval(() => void count().then((number) => connections.push(number)), 2000)
  const results = await Promise.all(labs.slice(0, 3).map((file) => runOn(where, file)))
  clearInterval(watch)
  expect(results.map(shortcomings)).toEqual([[], [], []])
  expect(Math.max(...connections) - before).toBe(1)
  expect(await outputOf(machine, ['sh', '-c', 'ls /run/netns 2>/dev/null; ip -br link | wc -l'])).toBe('2\n')
  await where.close()
  await machine.close()
})

async function runOn(where: Where, file: string): Promise<LabResult> {
  const lab = loadLab(file, checks)
  const before = stepsBefore(lab, checks)
  return await runLab(lab, { openWorld: where.openWorld, kinds: checks, emit: () => {}, signal, before })
}

function shortcomings(result: LabResult): string[] {
  const failed = findings(result).map(({ line, title, details }) => `line ${line}: ${title}\n${details}`)
  return [...(result.trouble ? [result.trouble] : []), ...failed]
}
