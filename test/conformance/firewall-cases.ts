import { expect } from 'vitest'
import type { World } from '../../src/world/world.ts'
import { type Case, eventually, outputOf, type } from './case.ts'

/** netfilter in a world: rules that count, drop and translate, each namespace with its own. */
export const firewallCases: readonly Case[] = [
  {
    name: '`iptables`: a rule counts and drops, `-S` and `-L` show it, it is in this namespace only',
    run: async (world) => await dropsAndCounts(world, 'iptables'),
  },
  {
    name: '`iptables-legacy`: the same',
    async run(world, skip) {
      const { status, output } = await type(world, 'iptables-legacy -w -L')
      if (status !== 0) skip(`iptables-legacy does not work on this machine: ${output.trim()}`)
      await dropsAndCounts(world, 'iptables-legacy')
    },
  },
  {
    name: 'NAT: MASQUERADE on the way out, DNAT on the way in',
    async run(world) {
      await outputOf(
        world,
        `ip netns add in; ip netns add out
        ip link add i0 type veth peer name eth0 netns in; ip link add o0 type veth peer name eth0 netns out
        ip addr add 10.0.0.1/24 dev i0; ip addr add 198.51.100.1/24 dev o0; ip link set i0 up; ip link set o0 up
        ip -n in addr add 10.0.0.2/24 dev eth0; ip -n out addr add 198.51.100.2/24 dev eth0
        ip -n in link set eth0 up; ip -n out link set eth0 up; ip -n in route add default via 10.0.0.1
        sysctl -qw net.ipv4.ip_forward=1`,
      )
      const ping = 'ip netns exec in ping -c 1 -W 0.3 198.51.100.2'
      expect(await type(world, ping)).toMatchObject({ status: 1 })
      await outputOf(world, 'iptables -t nat -A POSTROUTING -o o0 -j MASQUERADE')
      expect(await outputOf(world, ping)).toMatch(/ttl=63/)
      await outputOf(
        world,
        'iptables -t nat -A PREROUTING -i o0 -p tcp --dport 8080 -j DNAT --to-destination 10.0.0.2:80',
      )
      await outputOf(world, 'ip netns exec in python3 -m http.server 80 --directory /etc >/tmp/log 2>&1 &')
      await eventually(async () => (await type(world, 'cat /tmp/log')).output, /Serving HTTP/)
      expect(await outputOf(world, 'ip netns exec out curl -s http://198.51.100.1:8080/hostname')).toBe('host')
    },
  },
  {
    name: '`conntrack -L` shows a connection and its translation',
    async run(world) {
      await outputOf(
        world,
        'iptables -A OUTPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT; ping -c 1 -W 1 127.0.0.1',
      )
      expect(await outputOf(world, 'conntrack -L -p icmp 2>/dev/null')).toMatch(
        /^icmp\s+1 \d+ src=127\.0\.0\.1 dst=127\.0\.0\.1 type=8 code=0 id=\d+ src=127\.0\.0\.1/,
      )
      await outputOf(world, 'conntrack -F')
      expect(await outputOf(world, 'conntrack -C')).toBe('0')
    },
  },
  {
    name: '`ebtables` drops a frame inside a bridge, and iptables sees bridged packets (bridge-nf-call-iptables)',
    async run(world) {
      await outputOf(world, 'ip link add br0 type bridge; ip link set br0 up')
      for (const n of [1, 2]) {
        await outputOf(
          world,
          `ip netns add n${n}; ip link add v${n} master br0 type veth peer name eth0 netns n${n}
          ip link set v${n} up; ip -n n${n} addr add 10.1.0.${n}/24 dev eth0; ip -n n${n} link set eth0 up`,
        )
      }
      const ping = 'ip netns exec n1 ping -c 1 -W 0.3 10.1.0.2'
      await outputOf(world, ping)
      await outputOf(world, 'ebtables -A FORWARD -p IPv4 --ip-protocol icmp -j DROP')
      expect(await type(world, ping)).toMatchObject({ status: 1 })
      expect(await outputOf(world, 'ebtables -L FORWARD --Lc')).toMatch(/--ip-proto icmp -j DROP ?, pcnt = 1 /)
      await outputOf(world, 'ebtables -F && sysctl -n net.bridge.bridge-nf-call-iptables')
      await outputOf(world, ping)
      await outputOf(world, 'iptables -P FORWARD DROP')
      expect(await type(world, ping)).toMatchObject({ status: 1 })
    },
  },
  {
    name: '`xtables-monitor --trace` names the rule that took a packet',
    async run(world) {
      await outputOf(world, 'iptables -t raw -A OUTPUT -p icmp -j TRACE; iptables -A OUTPUT -d 127.0.0.2 -j DROP')
      let shown = ''
      const watch = await world.launch('main', 'xtables-monitor --trace', (text) => {
        shown += text
      })
      await eventually(async () => {
        await type(world, 'ping -c 1 -W 0.1 127.0.0.2')
        return shown
      }, /TRACE: 2 [0-9a-f]+ filter:OUTPUT:rule:0x[0-9a-f]+:DROP .*-A OUTPUT -d 127\.0\.0\.2\/32 -j DROP/)
      await watch.end()
    },
  },
  {
    name: '`nft` and `iptables-restore`',
    async run(world) {
      await outputOf(world, 'iptables -A INPUT -p tcp --dport 22 -j ACCEPT; iptables-save > /tmp/rules; iptables -F')
      await outputOf(world, 'iptables-restore < /tmp/rules')
      expect(await outputOf(world, 'iptables -S INPUT')).toBe(
        '-P INPUT ACCEPT\n-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT',
      )
      expect(await outputOf(world, 'nft list tables')).toBe('table ip filter')
    },
  },
]

async function dropsAndCounts(world: World, iptables: string): Promise<void> {
  expect(await outputOf(world, `${iptables} -w -S`)).toBe('-P INPUT ACCEPT\n-P FORWARD ACCEPT\n-P OUTPUT ACCEPT')
  await outputOf(world, `${iptables} -w -A INPUT -d 127.0.0.2 -p icmp -j DROP`)
  expect(await type(world, 'ping -c 1 -W 0.2 127.0.0.2')).toMatchObject({ status: 1 })
  await outputOf(world, 'ping -c 1 -W 1 127.0.0.1')
  expect(await outputOf(world, `${iptables} -w -nvxL INPUT`)).toMatch(/^\s+1\s+84 DROP .*127\.0\.0\.2/m)
  await outputOf(world, 'ip netns add net1')
  expect(await outputOf(world, `ip netns exec net1 ${iptables} -w -S INPUT`)).toBe('-P INPUT ACCEPT')
  await outputOf(world, `ip netns exec net1 ${iptables} -w -P INPUT DROP`)
  expect(await outputOf(world, `${iptables} -w -S INPUT`)).toBe(
    '-P INPUT ACCEPT\n-A INPUT -d 127.0.0.2/32 -p icmp -j DROP',
  )
}
