import { test } from 'vitest'
import type { Probe } from '../../src/checks/check.ts'
import { Captures, sliceOf } from '../../src/checks/captures.ts'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { lan } from '../conformance/case.ts'

test('burst', { timeout: 120_000 }, async () => {
 for (const [snapshot, buffer] of [[256, 4096], [1600, 4096], [1600, 8192], [1600, 16384], [1600, 32768]] as const) {
  const world = await World.open(localMachine, lan)
  const probe: Probe = {
    run: (place, command, options) => world.probe(place, command, options),
    start: (place, command) => world.start(place, command),
    namespaceId: (a, b) => world.namespaceId(a, b),
    outside: world.outside,
    shared: (key, make) => world.shared(key, make),
    note: () => {},
    keep: () => undefined,
  }
  const out: string[] = []
  for (let i = 0; i < 4; i++) {
    const t = performance.now()
    const watch = await Captures.of(probe).watch(probe, { place: 'host', device: 'ens33', filter: 'icmp', snapshot, buffer })
    const t1 = performance.now()
    await world.run('main', 'ping -q -f -c 5000 192.168.0.2', { timeout: 20_000 })
    const t2 = performance.now()
    const s = await sliceOf(watch)
    out.push(`arm ${(t1-t).toFixed(0)} cmd ${(t2-t1).toFixed(0)} slice ${(performance.now()-t2).toFixed(0)} n=${s.count} d=${s.dropped}`)
  }
  console.log(snapshot, buffer, out.join(' | '))
  await world.close()
 }
})
