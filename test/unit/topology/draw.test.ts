import { expect, it } from 'vitest'
import { toMermaid } from '../../../src/topology/mermaid.ts'
import type { Network, Place } from '../../../src/topology/network.ts'
import { toSvg } from '../../../src/topology/svg.ts'
import { toText } from '../../../src/topology/text.ts'

const chain = (table: string, name: string, ...rules: string[]) => ({ table, name, policy: 'ACCEPT', rules })

const NETWORK: Network = {
  places: [
    {
      name: 'host',
      outside: false,
      devices: [
        { name: 'br0', type: 'bridge', state: 'up', addresses: ['10.0.0.254/24'], master: undefined },
        { name: 'v"<1', type: 'veth', state: 'no-carrier', addresses: [], master: 'br0' },
      ],
      firewall: [chain('nat', 'POSTROUTING', '-s 10.0.0.0/24 ! -o br0 -j MASQUERADE')],
    },
    {
      name: 'net1',
      outside: false,
      devices: [{ name: 'eth0', type: 'veth', state: 'down', addresses: ['10.0.0.1/24'], master: undefined }],
      firewall: [],
    },
  ],
  cables: [
    {
      ends: [
        { place: 'host', device: 'v"<1' },
        { place: 'net1', device: 'eth0' },
      ],
      up: false,
    },
  ],
}

it('makes a Mermaid flowchart in which names cannot break out of their labels', () => {
  expect(toMermaid(NETWORK)).toBe(`flowchart TB
  subgraph place_host["host"]
    host_br0(("br0<br/>10.0.0.254/24"))
    host_v_22__3c_1["v#34;#60;1<br/>NO-CARRIER"]
    host_v_22__3c_1 -.- host_br0
    host_nat_2d_rules["nat<br/>POSTROUTING -s 10.0.0.0/24 ! -o br0 -j MASQUERADE"]
  end
  subgraph place_net1["net1"]
    net1_eth0["eth0<br/>10.0.0.1/24<br/>DOWN"]
  end
  host_v_22__3c_1 -.-|no link| net1_eth0
`)
})

it('says of a place without devices that it has lo', () => {
  const places = [{ name: 'net1', outside: false, devices: [], firewall: [] }]
  expect(toMermaid({ places, cables: [] })).toContain('net1_lo["only lo"]')
})

it('breaks a rule that is too long for a box on a terminal, and no other', () => {
  const [host, net1] = NETWORK.places
  const dnat = '-d 192.168.0.10/32 -p tcp -m tcp --dport 8888 -j DNAT --to-destination 172.168.1.11:80'
  const firewall = [chain('nat', 'PREROUTING', dnat), chain('nat', 'POSTROUTING', '-o br0 -j MASQUERADE')]
  const network = { ...NETWORK, places: [{ ...host!, firewall }, net1!] }
  expect(toMermaid(network)).toContain('--dport 8888<br/>-j DNAT --to-destination 172.168.1.11:80<br/>POSTROUTING')
  expect(toMermaid(network)).toContain('POSTROUTING -o br0 -j MASQUERADE"')
  expect(toText(network, { width: 80, colour: false })).toContain('│ -j DNAT --to-destination 172.168.1.11:80')
})

it('tells what has changed in whole words', () => {
  const what = '-d 192.168.0.10/32 -p tcp -m tcp --dport 8888 -j DNAT --to-destination 172.168.1.11:80'
  const text = toText(NETWORK, {
    width: 80,
    colour: false,
    changes: [{ kind: 'gone', place: 'host', chain: 'nat PREROUTING', rule: 1, what }],
  })
  expect(text).toMatch(/\n {2}- host, nat PREROUTING, rule 1: -d [^\n]*\n {4}[^\n]*-j DNAT/)
})

it('makes an SVG with every device, its state, and a broken cable as a dashed line', () => {
  const svg = toSvg(NETWORK)
  expect(svg).toContain('>v&#34;&#60;1<')
  expect(svg).toContain('NO-CARRIER')
  expect(svg).toContain('stroke-dasharray')
  expect(svg).not.toMatch(/NaN|undefined/)
})

const device = (name: string, address: string, more = {}) => ({
  ...{ name, type: 'veth', state: 'up' as const, addresses: [address].filter(Boolean), master: undefined },
  ...more,
})
const place = (name: string, devices: Network['places'][number]['devices'], ...firewall: Place['firewall']) => ({
  ...{ name, outside: false, devices, firewall },
})
const LAN: Network = {
  places: [
    place(
      'host',
      [device('ens33', '192.168.0.10/24'), device('v1', '', { master: 'br0' }), device('br0', '')],
      chain('nat', 'A', '-j B'),
    ),
    place('net1', [device('eth0', '10.0.0.1/24', { state: 'down' })]),
    place('client', [device('eth0', '192.168.0.129/24')]),
    place('gateway', [device('lan1', ''), device('lan2', '')]),
    place('empty', []),
  ],
  cables: [
    {
      ends: [
        { place: 'host', device: 'v1' },
        { place: 'net1', device: 'eth0' },
      ],
      up: false,
    },
    {
      ends: [
        { place: 'host', device: 'ens33' },
        { place: 'gateway', device: 'lan1' },
      ],
      up: true,
    },
    {
      ends: [
        { place: 'client', device: 'eth0' },
        { place: 'gateway', device: 'lan2' },
      ],
      up: true,
    },
  ],
}

it('has a line for each device where the picture is higher than the terminal', () => {
  const text = toText(LAN, { width: 80, height: 24, colour: false })
  expect(text).toBe(`  host
    ens33  192.168.0.10/24 ─── gateway/lan1
    br0
    └ v1   ┄ no link ┄ net1/eth0 10.0.0.1/24 DOWN
    nat A
      1 -j B
  gateway
    lan1  ─── host/ens33
    lan2  ─── client/eth0 192.168.0.129/24
  empty: only lo
`)
  expect(toText(LAN, { width: 80, height: 60, colour: false })).toContain('┌─ host')
})

it('names only what is as before where all of it would scroll away, and nothing where all of it is wanted', () => {
  const changes = [
    { kind: 'new' as const, place: 'net1', what: '' },
    { kind: 'new' as const, place: 'host', chain: 'nat A', rule: 1, what: '-j B' },
  ]
  const text = toText(LAN, { width: 80, height: 12, colour: false, changes })
  expect(text).toContain('└ v1   ┄ no link ┄ + net1/eth0')
  expect(text).toContain('    nat A\n    + 1 -j B')
  expect(text).toMatch(/ {2}as before: gateway, empty\n {2}\+ new\n$/)
  expect(text).not.toContain('lan1  ')
  expect(toText(LAN, { width: 80, height: 12, colour: false })).toContain('lan1  ')
})

it('lets no name in the outline do anything to the terminal', () => {
  const places = [
    place(
      'a\u001b[2Jb',
      [device('e\u0007', '10.0.0.1/24', { state: 'down' })],
      chain('nat', 'x\u001b]0;t\u0007', 'y\u001b]0;t\u0007'),
    ),
  ]
  const text = toText({ places, cables: [] }, { width: 80, height: 5, colour: false })
  expect(text).toMatch(/ {2}ab\n {4}e␇ +10\.0\.0\.1\/24 DOWN\n/)
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
})
