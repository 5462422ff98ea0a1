import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Machine, outputOf as outputOn } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { isolated, outputOf, type } from '../conformance/case.ts'
import { watch } from '../support/check-in-world.ts'
import { virtualMachine } from './machine.ts'

let machine: Machine
beforeAll(async () => {
  machine = await virtualMachine()
})
afterAll(async () => await machine.close())

/** Two containers on a bridge, and rules that log, as article C has them. */
const BUILD = `
ip link add docker0 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
for n in 1 2; do
  ip netns add c$n
  ip link add veth$n type veth peer name eth0 netns c$n
  ip link set veth$n master docker0 up
  ip -n c$n addr add 172.17.0.$((n + 1))/16 dev eth0
  ip -n c$n link set eth0 up
done
sysctl -qw net.ipv4.ip_forward=1
iptables-legacy -P FORWARD DROP
iptables-legacy -N DOCKER-USER
iptables-legacy -A DOCKER-USER -j RETURN
iptables-legacy -A FORWARD -j DOCKER-USER
iptables-legacy -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables-legacy -A FORWARD -i docker0 -o docker0 -j ACCEPT
iptables-legacy -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80
iptables-legacy -t raw -A PREROUTING -p icmp -j TRACE
ebtables-legacy -t broute -A BROUTING -p IPv4 --log --log-ip --log-prefix eb:broute:BROUTING
ebtables-legacy -t nat -A PREROUTING -p IPv4 --log --log-ip --log-prefix eb:nat:PREROUTING
ebtables-legacy -t filter -A FORWARD -p IPv4 --log --log-ip --log-prefix eb:filter:FORWARD
ebtables-legacy -t nat -A POSTROUTING -p IPv4 --log --log-ip --log-prefix eb:nat:POSTROUTING`
  .trim()
  .split('\n')

describe('a lab that has the machine’s kernel', () => {
  test('sees iptables and ebtables, broute too, in the kernel’s log, in the order of time', async () => {
    const world = await World.open(machine, isolated, 'vm')
    expect(world.info.ids).toBe('real')
    await outputOf(world, BUILD.join('\n'))
    const ping = 'ip netns exec c1 ping -c 2 -i 0.3 -W 2 172.17.0.3'
    const first = [
      'eb:broute:BROUTING',
      'eb:nat:PREROUTING',
      'raw:PREROUTING:policy:ACCEPT',
      'nat:PREROUTING:policy',
      'eb:filter:FORWARD',
      'filter:FORWARD:rule:1:DOCKER-USER',
      'filter:DOCKER-USER:rule:1:RETURN',
      'filter:FORWARD:rule:3:ACCEPT',
      'eb:nat:POSTROUTING',
      'nat:POSTROUTING:policy:ACCEPT',
    ]
    const list = (entries: readonly string[]) => `sees: [${entries.map((entry) => `"${entry}"`).join(', ')}]`
    const keys = ['trace: icmp', 'log: kernel', 'packet: 1', list(first)]
    const result = await watch(world, keys, () => outputOf(world, ping))
    expect(result, JSON.stringify(result, null, 1)).toMatchObject({ status: 'passed', tries: 1 })
    expect(result.evidence[0]).toMatchObject({ command: 'dmesg' })
    const reply = [
      'trace: -p icmp -s 172.17.0.3',
      'log: kernel',
      'packet: 1',
      'sees: "filter:FORWARD:rule:2:ACCEPT"',
      'never: "nat:PREROUTING"',
    ]
    expect(await watch(world, reply, () => outputOf(world, ping))).toMatchObject({ status: 'passed' })
    const other = ['trace: udp', 'log: kernel', 'sees: "filter:FORWARD"']
    expect(await watch(world, other, () => outputOf(world, ping))).toMatchObject({ status: 'failed' })
    expect(await outputOf(world, 'dmesg | grep -c "TRACE: raw:PREROUTING"')).not.toBe('0')
    await world.close()
  })

  test('leaves the machine as it was: settings of the kernel, links, rules, mounts, cgroups', async () => {
    const before = await stateOf(machine)
    const world = await World.open(machine, isolated, 'vm')
    await outputOf(
      world,
      'sysctl -qw kernel.panic=77 vm.swappiness=33 net.ipv4.ip_forward=1 && iptables -P INPUT DROP && ip link add left0 type bridge',
    )
    await type(world, 'mkdir -p /sys/fs/cgroup/left/behind; touch /tmp/left; mount -t tmpfs left /mnt')
    expect(await outputOf(world, 'sysctl -n kernel.panic')).toBe('77')
    expect(await stateOf(machine)).not.toBe(before)
    await world.close()
    expect(await stateOf(machine)).toBe(before)
  })

  test('one at a time has the log, the next one waits', async () => {
    const first = await World.open(machine, isolated, 'vm')
    const reasons: string[] = []
    const second = World.open(machine, isolated, 'vm', { onWait: (why) => reasons.push(why) })
    await expect.poll(() => reasons, { timeout: 60_000 }).toEqual(['another lab has the kernel log'])
    await first.close()
    const world = await second
    expect(await outputOf(world, 'id -u')).toBe('0')
    await world.close()
  })

  test('an ordinary world has none of that, and a trace says so', async () => {
    const world = await World.open(machine, isolated)
    expect(world.info.ids).toBe('single')
    const result = await watch(world, ['trace: icmp', 'log: kernel', 'sees: "filter:FORWARD"'], () =>
      outputOf(world, 'true'),
    )
    expect(result).toMatchObject({ status: 'error' })
    expect(result.actual).toMatch(/kernel's log cannot be read.*machine: vm/)
    await world.close()
  })
})

test('a dockerd of its own runs in a world with the machine’s root', async () => {
  const world = await World.open(machine, isolated, 'root')
  await world.launch('main', 'dockerd --storage-driver vfs >/tmp/dockerd.log 2>&1', () => {})
  await outputOf(
    world,
    'for i in $(seq 300); do docker version >/dev/null 2>&1 && break; sleep 0.2; done; docker version --format "{{.Server.Version}}"',
  )
  await outputOf(
    world,
    'mkdir -p /tmp/image/bin && cp /bin/busybox /tmp/image/bin && tar -C /tmp/image -c . | docker import - busybox',
  )
  expect(await outputOf(world, 'docker run --rm busybox /bin/busybox echo hello')).toBe('hello')
  expect(await outputOf(world, 'iptables -t nat -S | grep -c DOCKER')).not.toBe('0')
  await world.close()
  expect(await outputOn(machine, ['sh', '-c', 'ip link; sudo iptables-save; ls /sys/fs/cgroup'])).not.toMatch(
    /docker|labrun\./i,
  )
})

/** What a lab with real root could change and leave. */
async function stateOf(on: Machine): Promise<string> {
  const look = `sysctl -a 2>/dev/null | grep -vE 'random|nr_open|file-nr|inode|dentry|ns_last_pid|nf_conntrack_count|epoch|cad_pid|pty.nr|aio-nr|stat|sched_domain|hotplug|\\.nr_|available|entropy'
ip -br link; ip -br addr; ip route; iptables-save; iptables-legacy-save; ebtables-legacy -L; cat /proc/self/mounts; ls /tmp /mnt; find /sys/fs/cgroup -maxdepth 1 -type d`
  return await outputOn(on, ['sudo', 'sh', '-c', look])
}
