import { test } from 'vitest'
import type { Probe } from '../../src/checks/check.ts'
import { path } from '../../src/checks/path.ts'
import { mirror } from '../../src/checks/mirror.ts'
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
  console.log(await type(`ip netns add container1
ip link add br0 type bridge; ip addr add 172.17.0.1/16 dev br0; ip link set br0 up
ip link add veth1 type veth peer name eth0 netns container1
ip link set veth1 master br0 up
ip -n container1 addr add 172.17.0.2/16 dev eth0
ip -n container1 link set eth0 up
ip -n container1 route add default via 172.17.0.1
sysctl -qw net.ipv4.ip_forward=1
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE`))
  const spec = path.schema.parse({ path: 'container1 -> 203.0.113.10', hops: ['container1/eth0 172.17.0.2 > 203.0.113.10', 'veth1 172.17.0.2 > 203.0.113.10', 'br0 172.17.0.2 > 203.0.113.10', 'host/ens33 192.168.0.10 > 203.0.113.10'],
   back: ['ens33 203.0.113.10 > 192.168.0.10', 'br0 203.0.113.10 > 172.17.0.2', 'veth1 203.0.113.10 > 172.17.0.2', 'container1/eth0 203.0.113.10 > 172.17.0.2']}) as never
  const m = mirror.schema.parse({ mirror: 'container1/eth0 = host/veth1' }) as never
  for (let i = 0; i < 5; i++) {
    const t0 = performance.now()
    const armed = await path.arm(spec, probe)
    const marmed = await mirror.arm(m, probe)
    const t1 = performance.now()
    if (i === 4) await type('iptables -t nat -F')
    await type(i === 3 ? 'ip netns exec container1 bash -c "exec 3<>/dev/tcp/203.0.113.10/80; echo GET / >&3; cat <&3" >/dev/null' : 'ip netns exec container1 ping -c1 -W1 203.0.113.10')
    const t2 = performance.now()
    const seen = await path.observe(spec, probe, armed as never)
    const t3 = performance.now()
    const j = path.judge(spec, seen, new Map())
    console.log((armed as any).watches.length, t1 - t0, t2 - t1, t3 - t2, j.holds, `\n${j.expected}\n${j.actual}`)
    if (i===0) console.log(seen.packets.map((p: any) => `${p.time} ${p.device} ${p.source} ${p.destination} ${p.summary}`).join('\n'))
    console.log(mirror.judge(m, await mirror.observe(m, probe, marmed as never), new Map()))
  }
  console.log(notes.join('\n'))
  const t = performance.now()
  await world.close()
  console.log('close', performance.now() - t)
})
