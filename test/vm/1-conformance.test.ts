import { afterAll, beforeAll } from 'vitest'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { conformance } from '../conformance/conformance.ts'
import { virtualMachine } from './machine.ts'

let machine: Machine
beforeAll(async () => {
  machine = await virtualMachine()
})
afterAll(async () => await machine.close())

conformance('the virtual machine', (spec, options) => World.open(machine, spec, 'any', options), {
  concurrent: true,
})
