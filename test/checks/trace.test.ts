import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { lan, outputOf } from '../conformance/case.ts'
import { asUser, isRoot, STRANGER } from '../conformance/machines.ts'
import { makeCheck, watch } from '../support/check-in-world.ts'

/** What Docker builds for two containers, with the chains that it would make. */
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
ip netns add empty
sysctl -qw net.ipv4.ip_forward=1
iptables -P FORWARD DROP
for chain in DOCKER DOCKER-USER DOCKER-ISOLATION; do iptables -N $chain; done
iptables -A DOCKER-USER -j RETURN
iptables -A DOCKER-ISOLATION -i docker0 ! -o docker0 -j RETURN
iptables -A FORWARD -j DOCKER-USER
iptables -A FORWARD -j DOCKER-ISOLATION
iptables -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o docker0 -j DOCKER
iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
iptables -A FORWARD -i docker0 -o docker0 -j ACCEPT
iptables -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
ebtables -A FORWARD -p IPv4 -j ACCEPT
ebtables -t nat -A PREROUTING -p IPv4 -j ACCEPT
ebtables -t nat -A POSTROUTING -p IPv4 -j ACCEPT
`

const PING = 'ip netns exec c1 ping -c 2 -i 0.1 -W 1 172.17.0.3'

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

describe.each(users)('trace, as %s', (_name, machine) => {
  let world: World
  beforeEach(async () => {
    world = await World.open(machine, lan)
    await outputOf(world, BUILD)
  })
  afterEach(() => world.close())

  const around = (command: string, ...lines: string[]) => watch(world, lines, () => outputOf(world, command))

  test('from container to container: the first request goes through nat, its answer and the second do not', async () => {
    const before = await outputOf(world, 'nft -s list ruleset')
    const first = [
      'nat:PREROUTING',
      'filter:FORWARD:rule:1:JUMP',
      'filter:DOCKER-USER:RETURN',
      'filter:FORWARD:DOCKER-ISOLATION',
      'filter:DOCKER-ISOLATION',
      'filter:DOCKER',
      'filter:FORWARD:rule:6:ACCEPT',
      'nat:POSTROUTING:policy:ACCEPT',
    ]
    const keys = ['trace: icmp', 'packet: 1', `sees: [${first.map((entry) => `"${entry}"`).join(', ')}]`]
    const result = await around(PING, ...keys)
    expect(result).toMatchObject({ status: 'passed', tries: 1 })
    expect(result.evidence).toHaveLength(1)
    expect(result.evidence[0]!.output).toContain('  filter:FORWARD:rule:6:ACCEPT  -i docker0 -o docker0 -j ACCEPT\n')
    expect(await outputOf(world, 'nft -s list ruleset')).toBe(before)

    // The flow of another ping is a new one, so its first packet has to be left out.
    for (const packet of [2, 3, 4]) {
      const established = ['sees: "filter:FORWARD:rule:3:ACCEPT"', 'never: ["nat:PREROUTING", "nat:POSTROUTING"]']
      expect(await around(PING, 'trace: icmp', `packet: ${packet}`, ...established)).toMatchObject({ status: 'passed' })
    }
    expect(await around(PING, 'trace: icmp', 'never: "nat:PREROUTING"')).toMatchObject({ status: 'failed' })
  })

  test('two traces of one command; a match leaves out what it does not mean', async () => {
    const inner = async () => {
      const reply = '-p icmp --icmp-type echo-reply -s 172.17.0.3'
      expect(await around(PING, `trace: ${reply}`, 'packet: 2', 'never: "nat:PREROUTING"')).toMatchObject({
        status: 'passed',
        actual: expect.stringMatching(/^all of it\npacket 2 \(icmp echo-reply [^\n]*$/),
      })
    }
    const outer = await watch(world, ['trace: icmp', 'sees: "filter:FORWARD:rule:6"'], inner)
    expect(outer).toMatchObject({ status: 'passed', actual: expect.stringContaining('packet 4') })
  })

  test('packets that somebody else has marked before are left out where the match does not mean them', async () => {
    const mark = [
      'nft add table bridge bell',
      "nft 'add chain bridge bell first { type filter hook prerouting priority -600; }'",
      "nft 'add rule bridge bell first ip protocol icmp meta nftrace set 1'",
    ]
    await outputOf(world, mark.join('\n'))
    const keys = ['trace: -p icmp --icmp-type echo-reply', 'packet: 1', 'never: "nat:PREROUTING"']
    expect(await around(PING, ...keys)).toMatchObject({
      status: 'passed',
      actual: expect.stringMatching(/^all of it\npacket 1 \(icmp echo-reply [^\n]*$/),
    })
  })

  test('layer 2 beside layer 3, in the order in which a packet meets them', async () => {
    const order = ['eb:nat:PREROUTING', 'nat:PREROUTING', 'eb:filter:FORWARD', 'filter:FORWARD', 'eb:nat:POSTROUTING']
    const sees = `sees: [${[...order, 'nat:POSTROUTING'].map((entry) => `"${entry}"`).join(', ')}]`
    expect(await around(PING, 'trace: icmp', 'packet: 1', sees)).toMatchObject({ status: 'passed' })
    const off = 'sysctl -qw net.bridge.bridge-nf-call-iptables=0'
    const without = ['sees: ["eb:filter:FORWARD", "eb:nat:POSTROUTING"]', 'never: ["filter:FORWARD", "nat:PREROUTING"]']
    expect(await around(`${off}; ${PING}`, 'trace: icmp', ...without)).toMatchObject({ status: 'passed' })
  })

  test('from a container to the internet, and what the machine itself sends', async () => {
    const out = 'ip netns exec c1 ping -c 1 -W 1 www.example.com'
    const sees = 'sees: ["nat:PREROUTING", "filter:FORWARD:rule:5", "nat:POSTROUTING:rule:1:MASQUERADE"]'
    expect(await around(out, 'trace: icmp', 'packet: 1', sees)).toMatchObject({ status: 'passed' })
    const local = ['sees: ["nat:POSTROUTING", "eb:nat:POSTROUTING"]', 'never: ["nat:PREROUTING", "filter:FORWARD"]']
    expect(await around('ping -c 1 172.17.0.2', 'trace: icmp', ...local)).toMatchObject({ status: 'passed' })
  })

  test('from outside to a published port: only the SYN is translated by a rule', async () => {
    await outputOf(world, 'iptables -A DOCKER -d 172.17.0.2 -p tcp --dport 80 -j ACCEPT')
    await world.launch('main', 'ip netns exec c1 python3 -m http.server 80', () => {})
    await outputOf(world, 'until ip netns exec c1 ss -Hltn | grep -q :80; do sleep 0.05; done')
    const fetch = () => outputOf(world, 'curl -s -o /dev/null http://192.168.0.10:8000/', 'client')
    const dnat = [
      'sees: ["nat:PREROUTING:rule:1:DNAT", "filter:DOCKER:ACCEPT", "nat:POSTROUTING"]',
      'never: "filter:INPUT"',
    ]
    expect(await watch(world, ['trace: -p tcp --dport 8000', 'packet: 1', ...dnat], fetch)).toMatchObject({
      status: 'passed',
      actual: expect.stringMatching(/packet 1 \(tcp 192.168.0.129:\d+ > 192.168.0.10:8000 SYN\)/),
    })
    const answer = [
      'trace: -p tcp --sport 80',
      'sees: "filter:FORWARD:rule:5"',
      'never: ["nat:PREROUTING", "nat:POSTROUTING"]',
    ]
    expect(await watch(world, answer, fetch)).toMatchObject({ status: 'passed' })
  })

  test('another place, where lo is down', async () => {
    await outputOf(world, 'ip netns exec c1 iptables -A OUTPUT -p icmp -j ACCEPT')
    const keys = ['in: c1', 'sees: "filter:OUTPUT:rule:1:ACCEPT"']
    const result = await around(PING, 'trace: icmp', ...keys)
    expect(result).toMatchObject({ status: 'passed', evidence: [{ command: 'ip netns exec c1 nft monitor trace' }] })
    // The loop of the trace does not disturb what it watches: its own packet is in no counter.
    expect(await outputOf(world, 'ip netns exec c1 iptables -nvxL OUTPUT')).toMatch(
      /policy ACCEPT 0 packets.*\n.*\n +2 /,
    )
  })

  test('a command of its own', async () => {
    const result = await makeCheck(world, 'trace: icmp', `during: ${PING}`, 'sees: "filter:FORWARD:rule:6"')
    expect(result).toMatchObject({ status: 'passed' })
  })

  test('rules that are put in while it watches have the numbers that they end with', async () => {
    const command = `iptables -I FORWARD 1 -p icmp -j ACCEPT && ${PING}`
    expect(await around(command, 'trace: icmp', 'sees: "filter:FORWARD:rule:1:ACCEPT"')).toMatchObject({
      status: 'passed',
    })
    const gone = `${PING} && iptables -F FORWARD`
    expect(await around(gone, 'trace: icmp', 'sees: "filter:FORWARD:rule:1:ACCEPT"')).toMatchObject({
      status: 'passed',
    })
  })

  test('where nothing came by, nothing is proven', async () => {
    expect(await around('true', 'trace: icmp', 'never: "filter:FORWARD"')).toMatchObject({
      status: 'failed',
      actual: 'no packet came',
    })
    expect(await around(PING, 'trace: tcp', 'never: "filter:FORWARD"')).toMatchObject({ status: 'failed' })
  })

  test.each([
    ['nft flush ruleset', 'trace: icmp', /may not be whole: its rules are gone/],
    ['ip netns add bare', 'trace: icmp, in: bare', /no network namespace 'bare'/],
    ['true', 'trace: icmp, in: empty', /may not be whole: no device is up/],
    ['ip netns exec c1 ping -f -q -c 3000 172.17.0.3', 'trace: icmp', /more packets than a trace can hold/],
    ['true', 'trace: -s 999.1.1.1', /nft did not accept the trace/],
  ])('what could not be watched: %s', async (command, keys, message) => {
    const result = await around(command, ...keys.split(', '), 'never: "filter:INPUT"')
    expect(result).toMatchObject({ status: 'error', actual: expect.stringMatching(message) })
  })
})
