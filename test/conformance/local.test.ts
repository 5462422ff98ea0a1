import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { conformance } from './conformance.ts'

conformance('this machine', (spec) => World.open(localMachine, spec))
