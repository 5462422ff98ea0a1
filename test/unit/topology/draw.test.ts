import { expect, it } from 'vitest'
import { toMermaid } from '../../../src/topology/mermaid.ts'
import type { Network } from '../../../src/topology/network.ts'
import { toSvg } from '../../../src/topology/svg.ts'
import { toText } from '../../../src/topology/text.ts'

const NETWORK: Network = {
  places: [
    {
      name: 'host',
      outside: false,
      devices: [
        { name: 'br0', type: 'bridge', state: 'up', addresses: ['10.0.0.254/24'], master: undefined },
        { name: 'v"<1', type: 'veth', state: 'no-carrier', addresses: [], master: 'br0' },
      ],
      nat: ['POSTROUTING -s 10.0.0.0/24 ! -o br0 -j MASQUERADE'],
    },
    {
      name: 'net1',
      outside: false,
      devices: [{ name: 'eth0', type: 'veth', state: 'down', addresses: ['10.0.0.1/24'], master: undefined }],
      nat: [],
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
  const places = [{ name: 'net1', outside: false, devices: [], nat: [] }]
  expect(toMermaid({ places, cables: [] })).toContain('net1_lo["only lo"]')
})

it('breaks a rule that is too long for a box on a terminal, and no other', () => {
  const [host, net1] = NETWORK.places
  const dnat = 'PREROUTING -d 192.168.0.10/32 -p tcp -m tcp --dport 8888 -j DNAT --to-destination 172.168.1.11:80'
  const network = { ...NETWORK, places: [{ ...host!, nat: [dnat, 'POSTROUTING -o br0 -j MASQUERADE'] }, net1!] }
  expect(toMermaid(network)).toContain('--dport 8888<br/>-j DNAT --to-destination 172.168.1.11:80<br/>POSTROUTING')
  expect(toMermaid(network)).toContain('POSTROUTING -o br0 -j MASQUERADE"')
  expect(toText(network, { width: 80, colour: false })).toContain('│ -j DNAT --to-destination 172.168.1.11:80')
})

it('tells what has changed in whole words', () => {
  const what =
    'new rule PREROUTING -d 192.168.0.10/32 -p tcp -m tcp --dport 8888 -j DNAT --to-destination 172.168.1.11:80'
  const text = toText(NETWORK, {
    width: 80,
    colour: false,
    changes: [{ kind: 'changed', place: 'host', device: 'nat', what }],
  })
  expect(text).toMatch(/\n {2}~ host\/nat: new rule [^\n]*--dport\n {4}8888 -j DNAT/)
})

it('makes an SVG with every device, its state, and a broken cable as a dashed line', () => {
  const svg = toSvg(NETWORK)
  expect(svg).toContain('>v&#34;&#60;1<')
  expect(svg).toContain('NO-CARRIER')
  expect(svg).toContain('stroke-dasharray')
  expect(svg).not.toMatch(/NaN|undefined/)
})
