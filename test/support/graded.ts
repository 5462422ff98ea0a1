import type { Graded, GradedItem, GradedStep } from '../../src/grade/model.ts'
import type { Status } from '../../src/run/results.ts'
import type { Network } from '../../src/topology/network.ts'

/** A result as grading makes them: one step passed, one failed, one carried, with whatever is to be different. */
export function gradedOf(different: Partial<Graded> = {}): Graded {
  return {
    labrun: 'grade',
    version: 1,
    digest: 'a5'.repeat(32),
    bundle: { file: '/srv/inbox/s3kq7m2xw4pza.zip', sha256: '7c'.repeat(32) },
    lab: { id: 'nat-gateway', title: 'A bridge, and a way out', digest: '1d'.repeat(32), fullDigest: '2e'.repeat(32) },
    student: { pseudonym: 's3kq7m2xw4pza', id: 'k1234567', name: 'Ada Lovelace' },
    status: 'graded',
    reason: null,
    points: 6.4,
    max: 10,
    late: false,
    steps: [BRIDGE, WAY_OUT, PUBLISH],
    limits: [],
    leads: [],
    network: NETWORK,
    gradedAt: '2026-11-24T18:05:11.000Z',
    duration: 6210,
    attempts: 1,
    ...different,
  }
}

/** A check that passed, with whatever is to be different. */
export function itemOf(different: Partial<GradedItem> = {}): GradedItem {
  return {
    key: 'bridge/ping-1',
    kind: 'ping',
    label: 'ping: net1 -> 10.20.7.2',
    hidden: false,
    status: 'passed',
    points: 1,
    max: 1,
    expected: 'a reply',
    actual: '1 sent, 1 reply',
    why: null,
    diagnosis: null,
    evidence: [],
    ...different,
  }
}

/** A step with these items. */
export function stepOf(status: Status, items: readonly GradedItem[], different: Partial<GradedStep> = {}): GradedStep {
  return {
    id: 'bridge',
    title: 'Build the bridge',
    line: 20,
    points: items.reduce((sum, { points }) => sum + (points ?? 0), 0),
    max: items.reduce((sum, { max }) => sum + max, 0),
    status,
    carried: false,
    commands: [],
    items,
    ...different,
  }
}

const PING_FAILS = `PING 203.0.113.10 (203.0.113.10) 56(84) bytes of data.

--- 203.0.113.10 ping statistics ---
1 packets transmitted, 0 received, 100% packet loss, time 0ms
`

const BRIDGE = stepOf(
  'passed',
  [
    itemOf({
      key: 'bridge/bridge-1',
      kind: 'bridge',
      label: 'bridge: br0, ports: [p1, p2]',
      actual: 'br0 with p1, p2',
    }),
    itemOf({ key: 'bridge/addr-1', kind: 'addr', label: 'addr: br0, has: 10.20.7.254/24', actual: '10.20.7.254/24' }),
    itemOf({ evidence: [{ command: 'ip netns exec net1 ping -n -c 1 10.20.7.2', status: 0, output: '1 received\n' }] }),
    itemOf({ key: 'bridge/spare', hidden: true, label: 'link: net2/eth0, state: up', actual: 'up' }),
  ],
  {
    commands: [
      { terminal: 'main', text: 'ip link add br0 type bridge', exit: 0, output: '' },
      {
        terminal: 'main',
        text: 'for n in 1 2\ndo ip link set p$n master br0 up\ndone',
        exit: 0,
        output: '',
      },
      { terminal: 'main', text: 'ip addr add 10.20.7.254/24 dev br0 && ip link set br0 up', exit: 0, output: '' },
      {
        terminal: 'main',
        text: 'ip route add default via 10.20.7.254',
        exit: 2,
        output: 'RTNETLINK answers: File exists\n',
      },
      {
        terminal: 'client',
        text: 'ping -c 1 10.20.7.1',
        exit: null,
        output: 'PING 10.20.7.1 (10.20.7.1) 56(84) bytes of data.\n',
      },
    ],
  },
)

const WAY_OUT = stepOf(
  'failed',
  [
    itemOf({ key: 'out/sysctl-1', kind: 'sysctl', label: 'sysctl: net.ipv4.ip_forward, is: 1', actual: '1' }),
    itemOf({
      key: 'out/masquerade',
      kind: 'iptables',
      label: 'iptables: nat POSTROUTING -s 10.20.7.0/24 ! -o br0 -j MASQUERADE',
      status: 'failed',
      points: 0,
      max: 2,
      expected: 'the rule in POSTROUTING of nat',
      actual: 'no such rule; the closest: -A POSTROUTING -s 10.20.7.0/24 -o br0 -j MASQUERADE',
      why: 'Whoever leaves through another device than the bridge must be given an address that the way back is known for.',
      evidence: [
        {
          command: 'iptables -t nat -S POSTROUTING',
          status: 0,
          output: '-P POSTROUTING ACCEPT\n-A POSTROUTING -s 10.20.7.0/24 -o br0 -j MASQUERADE\n',
        },
      ],
    }),
    itemOf({
      key: 'out/ping-1',
      label: 'ping: net1 -> 203.0.113.10',
      status: 'failed',
      points: 0,
      max: 2,
      actual: '1 sent, no reply',
      why: 'The container reaches the internet by way of the host.',
      diagnosis:
        'the packet leaves the host through ens33 with the source 10.20.7.1, which the gateway knows no way back to\nsee: tcpdump -ni ens33 icmp',
      evidence: [{ command: 'ip netns exec net1 ping -n -c 1 -W 0.5 203.0.113.10', status: 1, output: PING_FAILS }],
    }),
    itemOf({
      key: 'out/further',
      kind: 'run',
      hidden: true,
      label: 'run: test ! -e /tmp/cheat-4711',
      status: 'failed',
      points: 0,
      expected: 'HIDDEN-EXPECTED',
      actual: 'HIDDEN-ACTUAL',
      why: 'HIDDEN-WHY',
      diagnosis: 'HIDDEN-DIAGNOSIS',
      evidence: [{ command: 'HIDDEN-COMMAND', status: 1, output: 'HIDDEN-OUTPUT' }],
    }),
  ],
  {
    id: 'out',
    title: 'A way out',
    line: 61,
    commands: [
      { terminal: 'main', text: 'sysctl -w net.ipv4.ip_forward=1', exit: 0, output: 'net.ipv4.ip_forward = 1\n' },
      {
        terminal: 'main',
        text: 'iptables -t nat -A POSTROUTING -s 10.20.7.0/24 -o br0 -j MASQUERADE',
        exit: 0,
        output: '',
      },
    ],
  },
)

const PUBLISH = stepOf(
  'failed',
  [
    itemOf({
      key: 'publish/http-1',
      kind: 'http',
      label: 'http: client -> http://192.168.0.10:8431/',
      points: 1.6,
      max: 2,
      actual: 'status 200',
    }),
    itemOf({
      key: 'publish/question-1',
      kind: 'question',
      label: 'From which address does the server in net1 see the client come?',
      status: 'failed',
      points: 0,
      expected: '192.168.0.129',
      actual: '10.20.7.254',
      why: 'DNAT changes the destination only.',
    }),
    itemOf({
      key: 'publish/trace-1',
      kind: 'trace',
      label: 'trace: tcp',
      status: 'error',
      points: null,
      max: 0,
      actual: 'the kernel has no TRACE here',
    }),
    itemOf({
      key: 'publish/conntrack-1',
      kind: 'conntrack',
      label: 'conntrack: tcp 192.168.0.129 -> 192.168.0.10:8431',
      status: 'blocked',
      points: 0,
      actual: 'needs publish/trace-1',
    }),
    itemOf({
      key: 'publish/tcp-1',
      kind: 'tcp',
      label: 'tcp: client -> 192.168.0.10:8431',
      status: 'skipped',
      points: 0,
      actual: '',
    }),
  ],
  { id: 'publish', title: 'Publish a port', line: 102, carried: true },
)

export const NETWORK: Network = {
  places: [
    {
      name: 'host',
      outside: false,
      devices: [
        { name: 'br0', type: 'bridge', state: 'up', addresses: ['10.20.7.254/24'], master: undefined },
        { name: 'p1', type: 'veth', state: 'up', addresses: [], master: 'br0' },
        { name: 'p2', type: 'veth', state: 'no-carrier', addresses: [], master: 'br0' },
        { name: 'ens33', type: 'veth', state: 'up', addresses: ['192.168.0.10/24'], master: undefined },
      ],
      firewall: [
        {
          ...{ table: 'nat', name: 'POSTROUTING', policy: 'ACCEPT' },
          rules: ['-s 10.20.7.0/24 -o br0 -j MASQUERADE'],
        },
      ],
    },
    ...(['net1', 'net2'] as const).map((name, index) => ({
      name,
      outside: false,
      devices: [
        {
          name: 'eth0',
          type: 'veth',
          state: index === 0 ? ('up' as const) : ('down' as const),
          addresses: [`10.20.7.${index + 1}/24`],
          master: undefined,
        },
      ],
      firewall: [],
    })),
    {
      name: 'client',
      outside: true,
      devices: [{ name: 'eth0', type: 'veth', state: 'up', addresses: ['192.168.0.129/24'], master: undefined }],
      firewall: [],
    },
  ],
  cables: [
    {
      ends: [
        { place: 'host', device: 'p1' },
        { place: 'net1', device: 'eth0' },
      ],
      up: true,
    },
    {
      ends: [
        { place: 'host', device: 'p2' },
        { place: 'net2', device: 'eth0' },
      ],
      up: false,
    },
  ],
}
