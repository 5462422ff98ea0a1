import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { lan, outputOf } from '../conformance/case.ts'
import { asUser, isRoot, STRANGER } from '../conformance/machines.ts'
import { watch } from '../support/check-in-world.ts'
import { fence, frontMatter } from '../support/lab-text.ts'
import { runText } from '../support/run-text.ts'

/** A container behind a bridge, as Docker connects it. */
const BUILD = `
ip link add docker0 type bridge
ip addr add 172.17.0.1/16 dev docker0
ip link set docker0 up
ip netns add c1
ip link add veth1 type veth peer name eth0 netns c1
ip link set veth1 master docker0 up
ip -n c1 addr add 172.17.0.2/16 dev eth0
ip -n c1 link set eth0 up
ip -n c1 route add default via 172.17.0.1
sysctl -qw net.ipv4.ip_forward=1
`
const MASQUERADE = 'iptables -t nat -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE'
const PUBLISH = 'iptables -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80'
const PING = 'ip netns exec c1 ping -q -c 1 -W 1 203.0.113.10'
const OUT = ['c1/eth0', 'veth1', 'docker0'].map((device) => `${device} 172.17.0.2 > 203.0.113.10`)

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

describe.each(users)('the way of a packet, as %s', (_name, machine) => {
  let world: World
  beforeEach(async () => {
    world = await World.open(machine, lan)
    await outputOf(world, BUILD)
  })
  afterEach(() => world.close())

  const path = (work: () => Promise<unknown>, hops: string[], back?: string[]) => {
    const lines = (key: string, list: string[]) => `${key}: ${JSON.stringify(list)}`
    return watch(world, ['path: c1 -> 203.0.113.10', lines('hops', hops), ...(back ? [lines('back', back)] : [])], work)
  }

  test('through a bridge and MASQUERADE, and back', async () => {
    await outputOf(world, MASQUERADE)
    const hops = [...OUT, 'host/ens33 192.168.0.10 > 203.0.113.10']
    const back = [
      'ens33 203.0.113.10 > 192.168.0.10',
      ...OUT.toReversed().map((hop) => hop.replace(/(\S+) > (\S+)/, '$2 > $1')),
    ]
    for (let count = 0; count < 5; count++) {
      const result = await path(() => outputOf(world, PING), hops, back)
      expect(result, result.actual).toMatchObject({ status: 'passed' })
      expect(result.actual).toMatch(/^ {2}ens33 +\*192\.168\.0\.10\* +> 203\.0\.113\.10 +ttl 63, source rewritten$/m)
      expect(result.actual).toMatch(
        /^ {2}docker0 +203\.0\.113\.10 +> \*172\.17\.0\.2\* +ttl 62, destination rewritten$/m,
      )
    }
  })

  test('that ends, because nothing is forwarded or nobody knows the way back', async () => {
    const hops = [...OUT, 'ens33 192.168.0.10 > 203.0.113.10']
    const lost = await path(() => outputOf(world, `${PING} || true`), hops)
    expect(lost).toMatchObject({ status: 'failed' })
    expect(lost.actual).toContain(
      'then not on ens33 as 192.168.0.10 > 203.0.113.10; there it was 172.17.0.2 > 203.0.113.10',
    )
    await outputOf(world, 'sysctl -qw net.ipv4.ip_forward=0')
    const stopped = await path(() => outputOf(world, `${PING} || true`), hops)
    expect(stopped.actual).toContain('the packet was seen on docker0, but then not on ens33')
    expect(stopped.evidence.at(-1)).toMatchObject({ command: 'tcpdump -nn -i ens33' })
    expect((await path(() => outputOf(world, 'true'), hops)).actual).toMatch(/^the packet was not seen on c1\/eth0/)
  })

  test('from outside to a published port: the same packets on both sides of DNAT', async () => {
    await outputOf(world, PUBLISH)
    await world.launch('main', 'ip netns exec c1 python3 -m http.server 80', () => {})
    await outputOf(world, 'until ip netns exec c1 ss -ltn | grep -q :80; do sleep 0.05; done')
    const hops = [
      'client/eth0 192.168.0.129:<port:int> > 192.168.0.10:8000',
      'ens33 192.168.0.129:<port:int> > 192.168.0.10:8000',
      'docker0 192.168.0.129:<port:int> > 172.17.0.2:80',
    ]
    const back = ['docker0 172.17.0.2:80 > 192.168.0.129', 'ens33 192.168.0.10:8000 > 192.168.0.129:<port:int>']
    const fetch = () => outputOf(world, 'curl -s -o /dev/null http://192.168.0.10:8000/', 'client')
    const result = await path(fetch, hops, back)
    expect(result, result.actual).toMatchObject({ status: 'passed' })
    expect(result.actual).toMatch(
      /docker0 +192\.168\.0\.129:\d+ +> \*172\.17\.0\.2:80\* +ttl 63, destination rewritten/,
    )
  })

  test('on lo, where a hop names it', async () => {
    const refused = () => outputOf(world, 'curl -s http://127.0.0.1:8000/ || true')
    const result = await path(refused, ['lo 127.0.0.1 > 127.0.0.1:8000'], ['lo 127.0.0.1:8000 > 127.0.0.1'])
    expect(result, result.actual).toMatchObject({ status: 'passed' })
    expect(result.actual).toContain('back: TCP [R.]')
  })

  test('while another device vanishes; but not where it is one of the hops', async () => {
    await outputOf(world, 'ip link add spare type veth peer name other; ip link set spare up; ip link set other up')
    const work = () => outputOf(world, `${PING} || true`)
    const deleting = () => outputOf(world, `${PING} || true; ip link del spare`)
    expect(await path(deleting, OUT)).toMatchObject({ status: 'passed' })
    expect(await path(() => outputOf(world, 'ip link del docker0'), OUT)).toMatchObject({
      status: 'error',
      actual: expect.stringContaining('docker0 was deleted while it was watched'),
    })
    expect(await path(work, ['nope 10.0.0.1 > 10.0.0.2'])).toMatchObject({ status: 'error' })
  })

  test('mirror: what one end of a cable sends, the other receives', async () => {
    // Of its own accord, a device says a few things about IPv6.
    const silent = 'sysctl -qw net.ipv6.conf.all.disable_ipv6=1'
    await outputOf(world, `${silent}; ip netns exec c1 ${silent}`)
    const traffic = `ip netns exec c1 ping -q -c 3 -i 0.01 172.17.0.1; ip netns exec c1 ping -q -c 1 -s 1000 172.17.0.1`
    const mirror = (ends: string, command: string) => watch(world, [`mirror: ${ends}`], () => outputOf(world, command))
    expect(await mirror('c1/eth0 = host/veth1', traffic)).toMatchObject({ status: 'passed' })
    expect(await mirror('veth1 = c1/eth0', traffic)).toMatchObject({ status: 'passed' })
    expect(await mirror('c1/eth0 = ens33', traffic)).toMatchObject({ status: 'failed' })
    expect(await mirror('c1/eth0 = nope', traffic)).toMatchObject({ status: 'error' })
    expect(await mirror('c1/eth0 = veth1', 'true')).toMatchObject({
      status: 'failed',
      actual: 'nothing went through c1/eth0, so nothing is proven',
    })
    const replaced = 'ip link del veth1; ip link add veth1 type veth peer name eth0 netns c1'
    expect(await mirror('c1/eth0 = veth1', replaced)).toMatchObject({ status: 'error' })
  })
})

test('the packets are kept, and any program for captures can read them', async () => {
  const artefacts = mkdtempSync(join(tmpdir(), 'labrun-packets-'))
  try {
    const text = [
      `${frontMatter('world: lan')}## Way out`,
      fence('sh', ...BUILD.trim().split('\n'), MASQUERADE),
      fence('sh', PING),
      fence(
        'yaml check',
        '- capture: c1/eth0',
        '  filter: icmp',
        '  sees: ICMP echo request, id <id:int>',
        '- capture: ens33',
        '  filter: icmp',
        '  sees: "192.168.0.10 > 203.0.113.10: ICMP echo request, id {{id}}"',
        '- capture: ens33',
        '  filter: tcp',
        '  count: 0',
        '- path: c1 -> 203.0.113.10',
        '  hops:',
        '    - c1/eth0 172.17.0.2 > 203.0.113.10',
        '    - ens33 192.168.0.10 > 203.0.113.10',
        '- mirror: c1/eth0 = veth1',
      ),
    ].join('\n')
    const { checks } = await runText(text, { artefacts })
    expect(checks.map(({ status, actual }) => (status === 'passed' ? status : actual))).toEqual(
      checks.map(() => 'passed'),
    )
    const files = ['01-c1-eth0.pcap', '02-host-ens33.pcap', '04-c1-eth0.pcap', '04-host-ens33.pcap']
    expect(readdirSync(artefacts).toSorted()).toEqual(files)
    expect(checks[0]!.evidence).toMatchObject([{ command: `tcpdump -nn -r ${join(artefacts, files[0]!)}` }])
    for (const file of files) expect(packetsIn(join(artefacts, file)).length, file).toBeGreaterThan(1)
  } finally {
    rmSync(artefacts, { recursive: true })
  }
})

/** A line for each packet, by tshark too where it is installed. */
function packetsIn(file: string): string[] {
  // tcpdump gives its rights up before it opens a file, and may not look into a folder of root's then.
  const packets = read('tcpdump', ['-nnr', '-'], readFileSync(file))!
  expect(read('tshark', ['-nr', file])?.length ?? packets.length).toBe(packets.length)
  return packets
}

/** The lines that a program prints; undefined where it is not installed. */
function read(command: string, parameters: readonly string[], input?: Buffer): string[] | undefined {
  const { status, error, stdout } = spawnSync(command, parameters, { encoding: 'utf8', ...(input && { input }) })
  if (error) return undefined
  expect(status, command).toBe(0)
  return stdout.trim().split('\n')
}
