import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { eventually, lan, outputOf, type } from '../conformance/case.ts'
import { asUser, isRoot, STRANGER } from '../conformance/machines.ts'
import { makeCheck, watch } from '../support/check-in-world.ts'

/** A container behind a bridge, with the rules that Docker would make for `-p 8000:80`. */
const BUILD = `
ip link add br0 type bridge
ip addr add 172.17.0.1/16 dev br0
ip link set br0 up
ip netns add c1
ip link add veth1 master br0 type veth peer name eth0 netns c1
ip link set veth1 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 link set eth0 up
ip -n c1 route add default via 172.17.0.1
sysctl -qw net.ipv4.ip_forward=1
iptables -P FORWARD DROP
iptables -N DOCKER
iptables -A FORWARD -o br0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
iptables -A FORWARD -o br0 -j DOCKER
iptables -A FORWARD -i br0 ! -o br0 -j ACCEPT
iptables -A DOCKER -d 172.17.0.2/32 ! -i br0 -o br0 -p tcp -m tcp --dport 80 -j ACCEPT
iptables -t nat -A PREROUTING -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80
iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o br0 -j MASQUERADE
`
const DNAT = 'iptables: nat PREROUTING -p tcp --dport 8000 -j DNAT --to 172.17.0.2:80'
const MASQUERADE = 'iptables: nat POSTROUTING -o ! br0 -s 172.17.0.0/255.255.0.0 -j MASQUERADE'
const OUT = 'iptables: filter FORWARD -i br0 ! -o br0 -j ACCEPT'

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

describe.each(users)('rules and flows, as %s', (_name, machine) => {
  let world: World
  beforeEach(async () => {
    world = await World.open(machine, lan)
    await outputOf(world, BUILD)
  })
  afterEach(() => world.close())

  const check = (...lines: string[]) => makeCheck(world, ...lines)
  const during = (command: string, ...lines: string[]) => watch(world, lines, () => outputOf(world, command))
  const ping = (count: number) => `ip netns exec c1 ping -q -c ${count} -i 0.1 203.0.113.10`

  async function serve(): Promise<void> {
    await world.launch('main', 'ip netns exec c1 python3 -m http.server 80 --directory /etc', () => {})
    await eventually(async () => (await type(world, 'ip netns exec c1 ss -ltn')).output, /:80\b/)
  }

  test('a nat rule counts connections, a filter rule counts packets', async () => {
    expect(await during(ping(3), OUT, 'packets: "+3"', 'bytes: "+252"', 'position: 3')).toMatchObject({
      status: 'passed',
      actual: 'rule 3 has counted 3 packets, 252 bytes',
    })
    expect(await during(ping(3), MASQUERADE, 'packets: "+1"')).toMatchObject({ status: 'passed' })
    expect(await during(ping(1), DNAT, 'packets: "+0"')).toMatchObject({ status: 'passed' })
    expect(await during(ping(1), OUT, 'packets: "+0"')).toMatchObject({ status: 'failed' })
    expect(await check(OUT, `during: ${ping(2)}`, 'packets: ">= 2"')).toMatchObject({ status: 'passed', tries: 1 })
    expect(await check(OUT, `during: ${ping(2)}`, 'packets: ">= 3"')).toMatchObject({ status: 'failed' })

    await serve()
    const fetch = () => outputOf(world, 'curl -s http://192.168.0.10:8000/hostname', 'client')
    expect(await watch(world, [DNAT, 'packets: "+1"', 'bytes: "+60"'], fetch)).toMatchObject({
      status: 'passed',
      expected: 'a rule -p tcp --dport 8000 -j DNAT --to 172.17.0.2:80 in nat PREROUTING, 1 packet more, 60 bytes more',
    })
    expect(await watch(world, [DNAT, 'packets: "+2"'], fetch)).toMatchObject({
      status: 'failed',
      actual: expect.stringMatching(
        /^rule 1 has counted 2 packets, 120 bytes; while it was watched 1 packet, 60 bytes\nnat PREROUTING/,
      ),
    })
    expect(await check(DNAT, 'packets: 2')).toMatchObject({ status: 'passed' })
    expect(await check(DNAT, 'packets: "+1"')).toMatchObject({ status: 'failed' })
  })

  test('a failure shows the chain, the rule that comes near, and how to look at it', async () => {
    const { status, actual, evidence } = await check(
      'iptables: nat PREROUTING -p tcp --dport 8000 -j DNAT --to 172.17.0.3:80',
    )
    expect(status).toBe('failed')
    expect(actual).toBe(
      [
        'nat PREROUTING has other rules',
        'rule 1 comes near: it has `--to-destination 172.17.0.2:80` instead of `--to 172.17.0.3:80`',
        'nat PREROUTING (policy ACCEPT):',
        '  1 [0:0] -p tcp -m tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80',
      ].join('\n'),
    )
    expect(evidence.map(({ command }) => command)).toEqual([
      'iptables-nft-save -c',
      'iptables-nft -t nat -nvL PREROUTING --line-numbers',
    ])
    expect(evidence[1]!.output).toMatch(/^1 +0 +0 DNAT +\S+ +-- +\* +\* .* tcp dpt:8000 to:172\.17\.0\.2:80/m)
  })

  test('position, policy and absence', async () => {
    expect(await check('iptables: filter FORWARD', 'policy: DROP')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter FORWARD', 'policy: ACCEPT')).toMatchObject({ status: 'failed' })
    expect(await check('iptables: filter FORWARD', 'policy: ACCEPT', 'in: c1')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter DOCKER')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter DOCKER', 'absent: true', 'in: c1')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter DOCKER', 'in: nowhere', 'absent: true')).toMatchObject({ status: 'error' })
    expect(await check(OUT, 'position: 3')).toMatchObject({ status: 'passed' })
    expect(await check(OUT, 'position: 1')).toMatchObject({ status: 'failed' })
    expect(await check(OUT, 'absent: true')).toMatchObject({ status: 'failed' })
    expect(await check(OUT, 'absent: true', 'in: c1')).toMatchObject({ status: 'passed' })
    await outputOf(world, 'iptables -I FORWARD -j ACCEPT; iptables -D FORWARD -i br0 ! -o br0 -j ACCEPT')
    expect(await check(OUT, 'absent: true')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter FORWARD -j DOCKER -o br0', 'position: 3')).toMatchObject({ status: 'passed' })
    expect(
      await check('iptables: nat POSTROUTING -o wan0 -j MASQUERADE', 'in: gateway', 'holds: before'),
    ).toMatchObject({ status: 'passed' })
  })

  test('a rule that is replaced, moved or made while it is watched', async () => {
    await outputOf(world, ping(5))
    const rule = '-i br0 ! -o br0 -j ACCEPT'
    const remake = `iptables -D FORWARD ${rule}; iptables -A FORWARD ${rule}`
    expect(await during(`${remake}; ${ping(2)}`, OUT, 'packets: "+2"')).toMatchObject({ status: 'passed' })
    expect(await during(`iptables -R FORWARD 3 ${rule}; ${ping(1)}`, OUT, 'packets: "+1"')).toMatchObject({
      status: 'passed',
    })
    expect(await during(`iptables -I FORWARD -p udp; ${ping(2)}`, OUT, 'packets: "+2"')).toMatchObject({
      status: 'passed',
    })
    const icmp = 'iptables: filter OUTPUT -p icmp -j ACCEPT'
    const count = 'iptables -A OUTPUT -p icmp -j ACCEPT; ping -q -c 2 -i 0.1 172.17.0.2'
    expect(await during(count, icmp, 'packets: "+2"')).toMatchObject({ status: 'passed' })
    // Over `lo`, the answer is sent by OUTPUT too.
    const inNew = `ip netns add new; ip -n new link set lo up
      for command in 'iptables -A OUTPUT -p icmp -j ACCEPT' 'ping -q -c 1 127.0.0.1'; do ip netns exec new $command; done`
    expect(await during(inNew, icmp, 'in: new', 'packets: "+2"')).toMatchObject({ status: 'passed' })
  })

  test('the legacy back end, alone and beside the other', async ({ skip }) => {
    const { status, output } = await type(world, 'ip netns exec c1 iptables-legacy -L')
    skip(status !== 0, `iptables-legacy does not work on this machine: ${output.trim()}`)
    const icmp = 'iptables: filter OUTPUT -p icmp -j ACCEPT'
    await outputOf(world, 'ip netns exec c1 iptables-legacy -A OUTPUT -p icmp -j ACCEPT')
    expect(await during(ping(3), icmp, 'in: c1', 'packets: "+3"')).toMatchObject({
      status: 'passed',
      actual: 'rule 1 (legacy) has counted 3 packets, 252 bytes',
    })
    expect(await check(icmp, 'in: c1', 'absent: true')).toMatchObject({ status: 'failed' })
    await outputOf(world, 'ip netns exec c1 iptables-nft -A OUTPUT -p icmp -j ACCEPT')
    expect(await during(ping(2), icmp, 'in: c1', 'packets: "+2"')).toMatchObject({
      status: 'passed',
      actual: [
        'rule 1 has counted 2 packets, 168 bytes',
        'rule 1 (legacy) has counted 5 packets, 420 bytes; while it was watched 2 packets, 168 bytes',
        'back ends with rules: nft, legacy',
      ].join('; '),
    })
    await outputOf(world, 'ip netns exec c1 iptables-legacy -P INPUT DROP')
    expect(await check('iptables: filter INPUT', 'in: c1', 'policy: DROP')).toMatchObject({ status: 'passed' })
    expect(await check('iptables: filter INPUT', 'in: c1', 'policy: ACCEPT')).toMatchObject({ status: 'failed' })
  })

  test('looking changes nothing', async () => {
    await outputOf(world, 'ip netns add quiet')
    const rules = 'ip netns exec quiet sh -c "nft list ruleset; cat /proc/net/ip_tables_names"'
    for (const table of ['filter', 'nat', 'mangle', 'raw', 'security']) {
      const lines = [`iptables: ${table} OUTPUT -j DROP`, 'in: quiet']
      expect(await check(...lines, 'absent: true')).toMatchObject({ status: 'passed' })
      expect(await check(...lines)).toMatchObject({ status: 'failed' })
    }
    expect(await check('ebtables: filter FORWARD -j DROP', 'in: quiet')).toMatchObject({ status: 'failed' })
    expect(await check('conntrack: icmp 10.0.0.1 -> 10.0.0.2', 'in: quiet')).toMatchObject({ status: 'failed' })
    expect(await outputOf(world, rules)).toBe('')
  })

  test('what nft alone can show is not known', async () => {
    await outputOf(
      world,
      `nft add table ip mangle
      nft 'add chain ip mangle INPUT { type filter hook input priority -150; }'
      nft 'add rule ip mangle INPUT tcp dport {80,81} meta mark set numgen random mod 2 map { 0: 1, 1: 2 }'`,
    )
    const { status, actual } = await check('iptables: mangle INPUT -j DROP', 'absent: true')
    expect([status, actual]).toEqual(['error', expect.stringContaining('`nft list ruleset`')])
    expect(await check(OUT)).toMatchObject({ status: 'passed' })
  })

  test('ebtables counts frames on a bridge', async () => {
    await outputOf(world, 'ebtables -A OUTPUT -p IPv4 --ip-proto icmp -o veth1; ebtables -A INPUT -p ARP -j ACCEPT')
    const toBox = 'ping -q -c 3 -i 0.1 172.17.0.2'
    const out = 'ebtables: filter OUTPUT -o veth1 -p ip --ip-protocol icmp -j CONTINUE'
    expect(await during(toBox, out, 'packets: "+3"', 'bytes: "+252"')).toMatchObject({ status: 'passed' })
    expect(await check(out, 'packets: 3', 'position: 1')).toMatchObject({ status: 'passed' })
    expect(await during(toBox, out, 'packets: "+0"')).toMatchObject({ status: 'failed' })
    expect(
      await during(
        'ip neigh flush dev br0; ping -q -c 1 172.17.0.2',
        'ebtables: filter INPUT -p 0x806 -j ACCEPT',
        'packets: ">= 1"',
      ),
    ).toMatchObject({ status: 'passed' })
    expect(await check('ebtables: filter INPUT -p ARP -j DROP')).toMatchObject({
      status: 'failed',
      actual: expect.stringContaining('rule 1 comes near: it has `-j ACCEPT` instead of `-j DROP`'),
    })
    expect(await check('ebtables: filter INPUT -p ARP -j DROP', 'absent: true')).toMatchObject({ status: 'passed' })
    await outputOf(world, 'ebtables -P FORWARD DROP')
    expect(await check('ebtables: filter FORWARD', 'policy: DROP')).toMatchObject({ status: 'passed' })
  })

  test('conntrack: a masqueraded ping', async () => {
    const flow = 'conntrack: icmp 172.17.0.2 -> 203.0.113.10'
    expect(await check(flow)).toMatchObject({ status: 'failed' })
    expect(await check(flow, 'absent: true')).toMatchObject({ status: 'passed' })
    await outputOf(world, ping(1))
    expect(await check(flow, 'reply: 203.0.113.10 -> 192.168.0.10', 'count: 1')).toMatchObject({ status: 'passed' })
    expect(await check(flow, 'reply: 203.0.113.10 -> 172.17.0.2')).toMatchObject({ status: 'failed' })
    expect(await check(flow, 'absent: true')).toMatchObject({ status: 'failed' })
    const atGateway = ['conntrack: icmp 192.168.0.10 -> 203.0.113.10', 'in: gateway']
    expect(await check(...atGateway, 'reply: 203.0.113.10 -> 203.0.113.1')).toMatchObject({ status: 'passed' })
  })

  test('conntrack: a connection through DNAT', async () => {
    await serve()
    await outputOf(world, 'curl -s http://192.168.0.10:8000/hostname', 'client')
    const flow = 'conntrack: tcp 192.168.0.129 -> 192.168.0.10:8000'
    const found = await check(flow, 'reply: 172.17.0.2:80 -> 192.168.0.129', 'state: [established, time_wait]')
    expect(found).toMatchObject({
      status: 'passed',
      actual: expect.stringMatching(
        /^1 such:\ntcp 192\.168\.0\.129:\d+ -> 192\.168\.0\.10:8000, reply 172\.17\.0\.2:80/,
      ),
      evidence: [{ command: 'conntrack -L -p tcp' }],
    })
    expect(
      await check('conntrack: tcp 192.168.0.129:<port:int> -> <ip>:8000', 'reply: "172.17.0.2:80 -> <ip>:{{port}}"'),
    ).toMatchObject({ status: 'passed' })
    expect(await check('conntrack: tcp 192.168.0.129 -> 172.17.0.2')).toMatchObject({ status: 'failed' })
    expect(await check(flow, 'count: ">= 2"')).toMatchObject({ status: 'failed' })
  })
})
