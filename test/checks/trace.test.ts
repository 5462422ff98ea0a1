import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import { World } from '../../src/world/world.ts'
import { lan, outputOf } from '../conformance/case.ts'
import { watch } from '../support/check-in-world.ts'

let world: World
beforeEach(async () => {
  world = await World.open(localMachine, lan)
})
afterEach(() => world.close())

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
  ip -n c$n route add default via 172.17.0.1
done
sysctl -qw net.ipv4.ip_forward=1
iptables -P FORWARD DROP
iptables -N DOCKER-USER
iptables -N DOCKER-ISOLATION
iptables -N DOCKER
iptables -A DOCKER-USER -j RETURN
iptables -A DOCKER-ISOLATION -i docker0 ! -o docker0 -j RETURN
iptables -A FORWARD -j DOCKER-USER
iptables -A FORWARD -j DOCKER-ISOLATION
iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o docker0 -j DOCKER
iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
iptables -A FORWARD -i docker0 -o docker0 -j ACCEPT
iptables -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to 172.17.0.2:80
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
iptables -t raw -A PREROUTING -p tcp --dport 1 -j DROP
ebtables -A FORWARD -p IPv4 -j ACCEPT
ebtables -t nat -A PREROUTING -p ARP -j ACCEPT
ebtables -t nat -A POSTROUTING -p ARP -j ACCEPT
`

describe('x', () => {
  test('first', async () => {
    await outputOf(world, BUILD)
    const before = await outputOf(world, 'nft -a -s list ruleset')
    console.time('t')
    const result = await watch(world, ['trace: icmp', 'sees: filter:FORWARD'], async () => {
      console.timeEnd('t')
      await outputOf(world, 'ip netns exec c1 ping -c 2 -i 0.1 172.17.0.3')
      console.time('t')
    })
    console.timeEnd('t')
    console.log(JSON.stringify(result, null, 1).replaceAll('\\n', '\n'))
    const out = await watch(world, ['trace: icmp'], async () => {
      await outputOf(world, 'ip netns exec c1 ping -c 1 www.example.com')
      await outputOf(world, 'ping -c 1 172.17.0.2')
    })
    console.log(out.evidence[0]!.output)
  })
})
