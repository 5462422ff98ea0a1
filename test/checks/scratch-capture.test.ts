import { test } from 'vitest'
import type { Probe } from '../../src/checks/check.ts'
import { capture } from '../../src/checks/capture.ts'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { lan } from '../conformance/case.ts'

test('try', async () => {
  const world = await World.open(localMachine, lan)
  const notes: string[] = []
  const probe: Probe = {
    run: (place, command, options) => world.probe(place, command, options),
    start: (place, command) => world.start(place, command),
    namespaceId: (a, b) => world.namespaceId(a, b),
    outside: world.outside,
    shared: (key, make) => world.shared(key, make),
    note: (command, output) => void notes.push(`${command}\n${output}`),
    keep: () => undefined,
  }
  const type = (text: string) => world.run('main', text, { timeout: 10_000 })
  await type('ip netns add net1; ip link add v0 type veth peer name v1 netns net1; ip addr add 10.0.0.1/24 dev v0; ip link set v0 up; ip -n net1 addr add 10.0.0.2/24 dev v1; ip -n net1 link set v1 up')
  const spec = capture.schema.parse({ capture: 'net1/v1', filter: 'icmp', sees: ['10.0.0.1 > 10.0.0.2: ICMP echo request', 'ICMP echo reply, id <id:int>'], count: 2 })
  for (let i = 0; i < 5; i++) {
    const t0 = performance.now()
    const armed = await capture.arm(spec, probe)
    const t1 = performance.now()
    await type('ping -c1 -W1 10.0.0.2')
    const t2 = performance.now()
    const seen = await capture.observe(spec as never, probe, armed as never)
    const t3 = performance.now()
    console.log(t1 - t0, t2 - t1, t3 - t2, capture.judge(spec as never, seen, new Map()))
  }
  console.log(notes.join('\n'))
  const armed = await capture.arm(spec, probe)
  console.log(await type('ip netns del net1; for i in 1 2 3 4 5 6 7 8 9 10; do ip link show v0 >/dev/null || break; sleep 0.01; echo $i; done'))
  console.log(await capture.observe(spec as never, probe, armed as never).catch((e) => e))
  const t = performance.now()
  await world.close()
  console.log('close', performance.now() - t)
})
