import { describe, expect, test } from 'vitest'
import { checkLines } from '../../../src/author/compose.ts'
import { type Facts, type PlaceFacts, settingsIn } from '../../../src/author/facts.ts'
import { proposeChecks } from '../../../src/author/propose.ts'
import { parseSaved } from '../../../src/checks/rules/ruleset.ts'
import { fence, itemsOf } from '../../support/lab-text.ts'

type Device = PlaceFacts['devices'] extends ReadonlyMap<string, infer One> ? One : never

const LO: Partial<Device> = { name: 'lo', type: 'loopback', mtu: 65536 }

function device(one: Partial<Device>): Device {
  return { name: 'x', type: 'device', state: 'down', addresses: [], master: undefined, mtu: 1500, ...one }
}

function place(
  devices: readonly Partial<Device>[] = [],
  more: Partial<PlaceFacts> & { readonly saved?: string } = {},
): PlaceFacts {
  const { saved = '*filter\n:INPUT ACCEPT [0:0]\n', ...rest } = more
  const rules = [{ backEnd: 'nft', program: 'iptables-nft', tables: parseSaved(saved) }]
  const all = new Map([LO, ...devices].map((one) => [one.name!, device(one)]))
  return { outside: false, devices: all, routes: [], rules, listening: [], settings: new Map(), ...rest }
}

function facts(places: Readonly<Record<string, PlaceFacts>>, cables: Facts['cables'] = []): Facts {
  return { places: new Map(Object.entries({ host: place(), ...places })), cables }
}

function cable(
  up: boolean,
  [a, b]: readonly [string, string],
  [c, d]: readonly [string, string],
): Facts['cables'][number] {
  return {
    ends: [
      { place: a, device: b },
      { place: c, device: d },
    ],
    up,
  }
}

const NOTHING = facts({})

function proposed(before: Facts, after: Facts, ...typed: readonly string[]): string {
  const checks = proposeChecks(
    before,
    after,
    typed.map((text) => ({ text, terminal: 'main' })),
  )
  const lines = checks.flatMap(checkLines)
  // Whatever is proposed must be a check that labrun knows.
  if (lines.length > 0)
    expect(itemsOf(fence('sh', 'true'), fence('yaml check', ...lines)).length).toBe(checks.length + 1)
  return lines.join('\n')
}

describe('what has changed is proposed as checks', () => {
  test('nothing, where nothing has changed', () => {
    expect(proposed(NOTHING, NOTHING)).toBe('')
  })

  test('namespaces that are there now, and that are gone', () => {
    expect(proposed(NOTHING, facts({ a: place(), b: place() }))).toBe('- netns: [a, b]')
    expect(proposed(facts({ a: place() }), NOTHING)).toBe('- netns: a\n  absent: true')
  })

  test('a cable, told of from one end', () => {
    const before = facts({ a: place() })
    const up = facts(
      {
        host: place([{ name: 'v0', type: 'veth', state: 'up' }]),
        a: place([{ name: 'e0', type: 'veth', state: 'up' }]),
      },
      [cable(true, ['host', 'v0'], ['a', 'e0'])],
    )
    expect(proposed(before, up)).toBe('- link: v0\n  peer: a/e0\n  state: up')
    const half = facts(
      { host: place([{ name: 'v0', type: 'veth', state: 'no-carrier' }]), a: place([{ name: 'e0', type: 'veth' }]) },
      [cable(false, ['host', 'v0'], ['a', 'e0'])],
    )
    expect(proposed(before, half)).toBe('- link: v0\n  peer: a/e0\n  state: no-carrier')
    expect(proposed(half, up)).toBe('- link: v0\n  peer: a/e0\n  state: up')
    expect(proposed(up, half)).toBe('- link: v0\n  state: no-carrier\n- link: a/e0\n  state: down')
  })

  test('a bridge with its ports, an address, a device that is gone', () => {
    const before = facts({
      host: place([
        { name: 'old', type: 'dummy' },
        { name: 'v0', type: 'veth', state: 'up' },
      ]),
    })
    const after = facts({
      host: place([
        { name: 'br0', type: 'bridge', state: 'up', addresses: ['10.0.0.254/24'], mtu: 1400 },
        { name: 'v0', type: 'veth', state: 'up', master: 'br0' },
      ]),
    })
    expect(proposed(before, after)).toBe(
      [
        '- link: br0',
        '  state: up',
        '  mtu: 1400',
        '- addr: br0',
        '  has: 10.0.0.254/24',
        '- link: old',
        '  absent: true',
        '- bridge: br0',
        '  ports: [v0]',
      ].join('\n'),
    )
  })

  test('a device that was only moved is not missing', () => {
    const before = facts({ host: place([{ name: 'v0', type: 'dummy' }]), a: place() })
    const after = facts({ a: place([{ name: 'v0', type: 'dummy' }]) })
    expect(proposed(before, after)).toBe('- link: a/v0\n  type: dummy')
  })

  test('routes, rules, policies, settings and listeners', () => {
    const before = facts({ a: place([], { settings: new Map([['net.ipv4.ip_forward', '0']]) }) })
    const saved =
      '*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -s 10.0.0.0/24 ! -o br0 -j MASQUERADE\n*filter\n:INPUT ACCEPT [0:0]\n:FORWARD DROP [0:0]\n'
    const after = facts({
      a: place([], {
        saved,
        routes: [{ dst: 'default', gateway: '10.0.0.254', dev: 'e0' }],
        settings: new Map([['net.ipv4.ip_forward', '1']]),
        listening: [{ address: '0.0.0.0', port: 80, processes: ['python3'], protocol: 'tcp' }],
      }),
    })
    expect(proposed(before, after)).toMatchInlineSnapshot(`
      "- route: default
        in: a
        via: 10.0.0.254
        dev: e0
      - iptables: nat POSTROUTING -s 10.0.0.0/24 ! -o br0 -j MASQUERADE
        in: a
      - iptables: filter FORWARD
        in: a
        policy: DROP
      - sysctl: net.ipv4.ip_forward
        in: a
        is: 1
      - listen: a:80/tcp
        process: python3"
    `)
    expect(proposed(after, before)).toMatch(/- iptables: nat POSTROUTING .*\n {2}in: a\n {2}absent: true/)
  })

  test('whom a ping has reached', () => {
    const after = facts({ a: place() })
    expect(proposed(after, after, 'ip netns exec a ping -q -c 2 -i 0.2 10.0.0.9')).toBe('- ping: a -> 10.0.0.9')
    expect(proposed(after, after, 'ping -c1 server')).toBe('- ping: host -> server')
    expect(proposed(after, after, 'ping -c 1 10.0.0.9 | grep ttl', 'echo ping 10.0.0.9')).toBe('')
  })

  test('not more than anybody reads', () => {
    const many = Array.from({ length: 50 }, (_, index) => ({ name: `d${index}`, type: 'dummy' }))
    expect(proposed(NOTHING, facts({ host: place(many) })).match(/^- /gm)).toHaveLength(12)
  })
})

test('settings that commands mention are looked at', () => {
  expect(
    settingsIn('sysctl -w net.ipv4.conf.all.rp_filter=1; echo 1 > /proc/sys/net/bridge/bridge-nf-call-iptables'),
  ).toEqual(['net.ipv4.ip_forward', 'net.ipv4.conf.all.rp_filter', 'net.bridge.bridge-nf-call-iptables'])
})
