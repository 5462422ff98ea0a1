import { describe, expect, test } from 'vitest'
import type { Judgement } from '../../../src/checks/check.ts'
import { checks } from '../../../src/checks/index.ts'
import { ProbeError } from '../../../src/world/probes.ts'
import { probeThatSays, type Recording, recorded, recordedProbe } from '../../support/recorded-probe.ts'

type Spec = Readonly<Record<string, unknown>>
/** A check as written, whether it holds in the recorded network, and what is said to have been seen. */
type Case = readonly [spec: Spec, holds: boolean, seen: string | RegExp]

/** The largest of the three depends on the memory of the machine. */
const RMEM = recorded<Recording>('network').seen['host$ sysctl -n net.ipv4.tcp_rmem']!.stdout.trim().split('\t')

const MAC = '(?:[0-9a-f]{2}:){5}[0-9a-f]{2}'

const CASES: Readonly<Record<string, readonly Case[]>> = {
  netns: [
    [{ netns: 'net1' }, true, 'there are net4, net3, net2, net1'],
    [{ netns: ['net1', 'net4'] }, true, /^there are/],
    [{ netns: ['net1', 'net5'] }, false, 'there are net4, net3, net2, net1'],
    [{ netns: 'net5', absent: true }, true, /^there are/],
    [{ netns: ['net5', 'net1'], absent: true }, false, /^there are/],
  ],
  link: [
    [{ link: 'lo' }, true, 'all of it'],
    [{ link: 'net1/veth1', state: 'up', type: 'veth', mtu: 1400 }, true, 'all of it'],
    [{ link: 'lo', state: 'up' }, true, 'all of it'],
    [{ link: 'net3/lo', state: 'down' }, true, 'all of it'],
    [{ link: 'left', state: 'no-carrier' }, true, 'all of it'],
    [{ link: 'right', state: 'down' }, true, 'all of it'],
    [{ link: 'port3', master: 'br0' }, true, 'all of it'],
    [{ link: 'nothing' }, false, 'there is no device nothing'],
    [{ link: 'veth1', state: 'up' }, false, 'there is no device veth1'],
    [{ link: 'left', state: 'up' }, false, 'state is no-carrier'],
    [{ link: 'right', state: 'up' }, false, 'state is down'],
    [{ link: 'net1/veth1', state: 'down', mtu: 1500 }, false, 'state is up, mtu is 1400'],
    [{ link: 'left', master: 'br0' }, false, 'master is none'],
    [{ link: 'port3', type: 'bridge' }, false, 'type is veth'],
    [{ link: 'lo', type: 'veth' }, false, 'type is none'],
    [{ link: 'nothing', absent: true }, true, 'nothing is not there'],
    [{ link: 'net1/veth1', absent: true }, false, 'net1/veth1 is there'],
  ],
  addr: [
    [{ addr: 'lo' }, true, /^lo has 127\.0\.0\.1\/8/],
    [{ addr: 'net1/veth1', has: '10.0.0.1/24' }, true, /^net1\/veth1 has 10\.0\.0\.1\/24, fd00::1\/64/],
    [{ addr: 'net1/veth1', has: ['10.0.0.1/24', 'fd00::1/64'], lacks: '10.0.0.2/24' }, true, /has/],
    [{ addr: 'net1/veth1', has: '10.0.0.1/16' }, false, /^net1\/veth1 has 10\.0\.0\.1\/24/],
    [{ addr: 'br0', lacks: ['10.0.1.9/24', '10.0.1.254/24'] }, false, /^br0 has 10\.0\.1\.254\/24/],
    [{ addr: 'right', has: '10.0.0.1/24' }, false, 'right has no address'],
    [{ addr: 'nothing', lacks: '10.0.0.1/24' }, false, 'there is no device nothing'],
  ],
  route: [
    [{ route: '10.0.0.0/24', in: 'net1' }, true, '10.0.0.0/24 dev veth1'],
    [{ route: '10.0.0.0/24', in: 'net1', dev: 'veth1' }, true, '10.0.0.0/24 dev veth1'],
    [{ route: 'default', in: 'net3', via: '10.0.1.254' }, true, 'default via 10.0.1.254 dev eth0'],
    [{ route: '0.0.0.0/0', in: 'net3', dev: 'eth0' }, true, 'default via 10.0.1.254 dev eth0'],
    [{ route: 'fd00::/64', in: 'net1', dev: 'veth1' }, true, 'fd00::/64 dev veth1'],
    [{ route: 'default' }, false, /^no route default \(there are: 10\.0\.1\.0\/24 dev br0/],
    [{ route: 'default', in: 'net3', via: '10.0.1.1' }, false, 'default via 10.0.1.254 dev eth0'],
    [{ route: '10.0.0.0/24', in: 'net1', dev: 'lo' }, false, '10.0.0.0/24 dev veth1'],
    [{ route: 'default', in: 'net1', absent: true }, true, /^no route default/],
    [{ route: 'default', in: 'net3', absent: true }, false, 'default via 10.0.1.254 dev eth0'],
    [{ route: 'fd00::/64', in: 'net1', absent: true }, false, 'fd00::/64 dev veth1'],
    [{ route: 'default', in: 'net3', via: '10.0.1.1', absent: true }, true, 'default via 10.0.1.254 dev eth0'],
  ],
  bridge: [
    [{ bridge: 'br0' }, true, 'all of it'],
    [{ bridge: 'br0', ports: ['port4', 'port3'], stp: false }, true, 'all of it'],
    [{ bridge: 'off', ports: [], stp: true }, true, 'all of it'],
    [{ bridge: 'br0', fdb: { 'net3/eth0': 'port3' } }, true, 'all of it'],
    [{ bridge: 'left' }, false, 'there is no bridge left'],
    [{ bridge: 'nothing', ports: [] }, false, 'there is no bridge nothing'],
    [{ bridge: 'br0', ports: ['port3'] }, false, 'its ports are port3, port4'],
    [{ bridge: 'off', ports: ['port3'], stp: false }, false, 'it has no ports, STP is on'],
    [
      { bridge: 'br0', fdb: { 'net3/eth0': 'port4' } },
      false,
      new RegExp(`^the MAC of net3/eth0 \\(${MAC}\\) was learned on port3$`),
    ],
    [{ bridge: 'off', fdb: { 'net3/eth0': 'port3' } }, false, /was learned on no port$/],
    // A bridge knows the addresses of its own ports without having learned them.
    [{ bridge: 'br0', fdb: { port3: 'port3' } }, false, /was learned on no port$/],
    [{ bridge: 'br0', fdb: { 'net3/eth9': 'port3' } }, false, 'there is no device net3/eth9'],
  ],
  neigh: [
    [{ neigh: '10.0.0.2', in: 'net1' }, true, new RegExp(`^10\\.0\\.0\\.2 dev veth1 lladdr ${MAC} [A-Z]+$`)],
    [{ neigh: '10.0.0.2', in: 'net1', dev: 'veth1', mac: 'net2/veth2' }, true, /^10\.0\.0\.2 dev veth1/],
    [{ neigh: '10.0.0.77', in: 'net1', state: ['reachable', 'permanent'] }, true, /PERMANENT$/],
    [{ neigh: '10.0.0.2', in: 'net1', mac: 'net1/veth1' }, false, /^10\.0\.0\.2 dev veth1/],
    [{ neigh: '10.0.0.2', in: 'net1', mac: 'net2/nothing' }, false, /^10\.0\.0\.2 dev veth1/],
    [{ neigh: '10.0.0.77', in: 'net1', state: 'failed' }, false, /PERMANENT$/],
    [{ neigh: '10.0.0.2', in: 'net1', dev: 'lo' }, false, 'no entry'],
    [{ neigh: '10.0.0.3', in: 'net1' }, false, 'no entry'],
    [{ neigh: '10.0.0.3', in: 'net1', absent: true }, true, 'no entry'],
    [{ neigh: '10.0.0.77', in: 'net1', absent: true }, false, /PERMANENT$/],
  ],
  sysctl: [
    [{ sysctl: 'net.ipv4.ip_forward', is: 1 }, true, 'net.ipv4.ip_forward = 1'],
    [{ sysctl: 'net.ipv4.ip_forward', is: '0' }, false, 'net.ipv4.ip_forward = 1'],
    [{ sysctl: 'net.ipv4.tcp_rmem', is: RMEM.join('  ') }, true, `net.ipv4.tcp_rmem = ${RMEM.join(' ')}`],
  ],
}

const PEERS: readonly Case[] = [
  [{ link: 'net1/veth1', peer: 'net2/veth2' }, true, 'all of it'],
  [{ link: 'net2/veth2', peer: 'net1/veth1' }, true, 'all of it'],
  [{ link: 'port3', peer: 'net3/eth0' }, true, 'all of it'],
  [{ link: 'net3/eth0', peer: 'port3' }, true, 'all of it'],
  [{ link: 'left', peer: 'right' }, true, 'all of it'],
  [{ link: 'left', peer: 'left' }, false, 'its other end is not left'],
  [{ link: 'left', peer: 'port3' }, false, 'its other end is not port3'],
  [{ link: 'port3', peer: 'net1/veth1' }, false, 'its other end is not net1/veth1'],
  // port4's other end has the index 2 too, but in another namespace.
  [{ link: 'port4', peer: 'net3/eth0' }, false, 'its other end is not net3/eth0'],
  [{ link: 'net1/veth1', peer: 'net2/lo' }, false, 'its other end is not net2/lo'],
  [{ link: 'net1/veth1', peer: 'veth2' }, false, 'there is no device veth2'],
  [{ link: 'lo', peer: 'net1/lo' }, false, 'its other end is not net1/lo'],
]

describe.each(Object.entries({ ...CASES, link: [...CASES.link!, ...PEERS] }))('%s', (kind, cases) => {
  test.each(cases)('%o: %s', async (spec, holds, seen) => {
    const actual = typeof seen === 'string' ? seen : expect.stringMatching(seen)
    expect(await look(kind, spec)).toMatchObject({ holds, actual })
  })
})

describe.each(['netns', 'link', 'addr', 'route', 'bridge', 'neigh'])('%s knows nothing', (kind) => {
  const spec = { [kind]: kind === 'route' ? 'default' : 'br0' }

  test.each([
    ['ip says that it may not', { status: 1, stderr: 'RTNETLINK answers: Operation not permitted' }, 'not-permitted'],
    ['ip fails', { status: 255, stderr: 'Object "netns" is unknown' }, 'trouble'],
    ['ip knows no JSON', { stdout: '1: lo: <LOOPBACK> mtu 65536' }, 'trouble'],
    ['ip prints JSON of another kind', { stdout: '{"lo": 1}' }, 'trouble'],
  ] as const)('if %s', async (_what, result, code) => {
    const looking = checks
      .get(kind)!
      .look(checks.get(kind)!.schema.parse(spec), probeThatSays(result), new Map(), undefined)
    await expect(looking).rejects.toBeInstanceOf(ProbeError)
    await expect(looking).rejects.toMatchObject({ code })
  })
})

test.each([
  { link: 'lo', absent: true },
  { route: 'default', absent: true },
  { neigh: '10.0.0.2', absent: true },
  { addr: 'lo', lacks: '127.0.0.1/8' },
  { bridge: 'br0' },
])('a program that prints nothing at all has not looked: %o', async (spec) => {
  const kind = checks.get(Object.keys(spec)[0]!)!
  await expect(kind.look(kind.schema.parse(spec), probeThatSays({}), new Map(), undefined)).rejects.toBeInstanceOf(
    ProbeError,
  )
})

test('where there is no /run/netns, ip prints nothing, and there are no namespaces', async () => {
  const kind = checks.get('netns')!
  const spec = kind.schema.parse({ netns: 'net1', absent: true })
  expect(await kind.look(spec, probeThatSays({}), new Map(), undefined)).toMatchObject({
    holds: true,
    actual: 'there are none',
  })
})

test.each([
  { link: 'nowhere/lo', absent: true },
  { link: 'lo', peer: 'nowhere/lo' },
  { addr: 'nowhere/lo', lacks: '127.0.0.1/8' },
  { route: 'default', in: 'nowhere', absent: true },
  { neigh: '10.0.0.2', in: 'nowhere', absent: true },
  { neigh: '10.0.0.2', in: 'net1', mac: 'nowhere/lo' },
  { bridge: 'br0', fdb: { 'nowhere/lo': 'port3' } },
])('in a namespace that is not there nothing can be looked at: %o', async (spec) => {
  await expect(look(Object.keys(spec)[0]!, spec)).rejects.toMatchObject({ code: 'missing-namespace' })
})

test('a sysctl that is not there cannot be compared', async () => {
  await expect(look('sysctl', { sysctl: 'net.ipv4.nothing', is: 1 })).rejects.toBeInstanceOf(ProbeError)
})

async function look(kind: string, spec: Spec): Promise<Judgement> {
  const check = checks.get(kind)!
  return await check.look(check.schema.parse(spec), recordedProbe, new Map(), undefined)
}
