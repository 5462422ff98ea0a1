import { expect, test } from 'vitest'
import { waitUntilAtRest } from '../../src/grade/at-rest.ts'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'

async function inWorld<T>(command: string, look: (world: World) => Promise<T>): Promise<T> {
  const world = await World.open(localMachine, { lan: undefined })
  try {
    await world.run('main', command, { timeout: 10_000 })
    return await look(world)
  } finally {
    await world.close()
  }
}

const isThere = async (world: World) => (await world.run('main', 'test -e /tmp/done', { timeout: 10_000 })).status === 0

test('it is waited for what works, and not for what sleeps', async () => {
  const work = '(perl -e "1 while \\$i++ < 3e7"; touch /tmp/done) & sleep 1000 & tail -f /dev/null &'
  await inWorld(work, async (world) => {
    expect(await isThere(world)).toBe(false)
    await waitUntilAtRest(world)
    expect(await isThere(world)).toBe(true)
  })
})

test('what never rests is not waited for beyond the limit', async () => {
  const start = performance.now()
  await inWorld('perl -e "1 while 1" &', async (world) => await waitUntilAtRest(world, 1500))
  expect(performance.now() - start).toBeGreaterThan(1500)
})
