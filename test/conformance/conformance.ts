import { describe, test } from 'vitest'
import type { WorldSpec } from '../../src/lab/lab.ts'
import type { World, WorldOptions } from '../../src/world/world.ts'
import { isolated } from './case.ts'
import { terminalCases } from './terminal-cases.ts'
import { visitCases } from './visit-cases.ts'
import { worldCases } from './world-cases.ts'

/**
 * Declares the tests that every machine has to pass; `open` opens a world on it. Each case gets a world of its own.
 * `concurrent`: several at a time, for a machine that is slow to answer.
 */
export function conformance(
  name: string,
  open: (spec: WorldSpec, options: WorldOptions) => Promise<World>,
  { concurrent = false } = {},
): void {
  describe(name, { concurrent }, () => {
    for (const { name, spec = isolated, limits, run } of [...terminalCases, ...visitCases, ...worldCases]) {
      test(name, async (context) => {
        const world = await open(spec, { limits })
        try {
          await run(world, (reason) => {
            console.info(`skipped: ${name}: ${reason}`)
            return context.skip(reason)
          })
        } finally {
          await world.close()
        }
      })
    }
  })
}
