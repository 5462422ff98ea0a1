import { basename } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checks } from '../../src/checks/index.ts'
import { loadLab, shippedLabs, stepsBefore } from '../../src/commands/labs.ts'
import { Where } from '../../src/commands/where.ts'
import { type Machine, outputOf } from '../../src/machine/machine.ts'
import { findings } from '../../src/reporters/describe.ts'
import type { LabResult } from '../../src/run/results.ts'
import { runLab } from '../../src/run/run-lab.ts'
import { quietly, virtualMachine } from './machine.ts'

const { signal } = quietly
const labs = shippedLabs()

// All of them on one connection, which is counted in the machine while they run.
const where = new Where({ on: 'vagrant', privileged: false }, signal)
const connections: number[] = []
let machine: Machine
let before = 0
let watch: NodeJS.Timeout

async function countConnections(): Promise<number> {
  return Number(await outputOf(machine, ['sh', '-c', 'ss -Htn state established "( sport = :22 )" | wc -l']))
}

beforeAll(async () => {
  machine = await virtualMachine()
  before = await countConnections()
  watch = setInterval(() => void countConnections().then((count) => connections.push(count)), 2000)
})
afterAll(async () => {
  await machine.close()
})

// Beside each other: much of a lab is waiting for packets that do not come.
describe.concurrent('the shipped labs pass in the virtual machine, unchanged', () => {
  test.each(labs.map((file) => [basename(file, '.md'), file]))('%s', async (_name, file) => {
    expect(shortcomings(await runOn(where, file))).toEqual([])
  })
})

test('they did not see each other, shared one connection, and left nothing', async () => {
  clearInterval(watch)
  await where.close()
  expect(connections.length).toBeGreaterThan(10)
  expect(Math.max(...connections) - before).toBe(1)
  expect(await outputOf(machine, ['sh', '-c', 'ls /run/netns 2>/dev/null; ip -br link | wc -l'])).toBe('2\n')
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
