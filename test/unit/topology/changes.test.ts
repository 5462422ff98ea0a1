import { expect, it } from 'vitest'
import { networkChanges } from '../../../src/topology/changes.ts'
import { toFirewall } from '../../../src/topology/firewall.ts'
import type { Device, Network, Place } from '../../../src/topology/network.ts'
import { toText } from '../../../src/topology/text.ts'

function device(name: string, more: Partial<Device> = {}): Device {
  return { name, type: 'veth', state: 'up', addresses: [], master: undefined, ...more }
}

function network(...places: (Pick<Place, 'name'> & Partial<Place>)[]): Network {
  return { places: places.map((place) => ({ outside: false, devices: [], firewall: [], ...place })), cables: [] }
}

const before = network(
  { name: 'host', devices: [device('left'), device('br0', { type: 'bridge' }), device('old')] },
  { name: 'one' },
)
const after = network(
  {
    name: 'host',
    devices: [
      device('left', { state: 'down', addresses: ['10.0.0.1/24'], master: 'br0' }),
      device('br0', { type: 'bridge' }),
      device('new', { addresses: ['10.0.0.9/24'] }),
    ],
    firewall: toFirewall('*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j MASQUERADE\n'),
  },
  { name: 'two' },
)

it('tells what is new, changed and gone', () => {
  expect(networkChanges(before, before)).toEqual([])
  expect(
    networkChanges(before, after).map(({ kind, place, device, chain, what }) => [kind, place, device ?? chain, what]),
  ).toEqual([
    ['changed', 'host', 'left', 'was up, is down, new address 10.0.0.1/24, is a port of br0'],
    ['new', 'host', 'new', 'up, 10.0.0.9/24'],
    ['new', 'host', 'nat POSTROUTING', '-j MASQUERADE'],
    ['new', 'two', undefined, ''],
    ['gone', 'host', 'old', ''],
    ['gone', 'one', undefined, ''],
  ])
  expect(networkChanges(after, before).filter(({ kind }) => kind === 'changed')).toMatchObject([
    { device: 'left', what: 'was down, is up, address 10.0.0.1/24 is gone, is no port of br0 any more' },
  ])
  expect(networkChanges(after, before)).toContainEqual({
    ...{ kind: 'gone', place: 'host', chain: 'nat POSTROUTING', rule: 1, what: '-j MASQUERADE' },
  })
})

it('marks them in the picture with signs, and with colours beside these', () => {
  const changes = networkChanges(before, after)
  const text = toText(after, { width: 80, colour: false, changes })
  expect(text).toContain('~ left')
  expect(text).toContain('+ new')
  expect(text).toContain('+ POSTROUTING -j MASQUERADE')
  expect(toText(before, { width: 80, colour: false, changes: networkChanges(after, before) })).toContain(
    '- host, nat POSTROUTING, rule 1: -j MASQUERADE',
  )
  expect(text).toMatch(/┌─ \+ two/)
  expect(text).toContain('- host/old')
  expect(text).toContain('~ host/left: was up, is down')
  const coloured = toText(after, { width: 80, colour: true, changes })
  expect(coloured).toMatch(/\x1b\[38;5;28m\+ new/)
  expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(text)
})

it('tells them in words', () => {
  const text = toText(after, { width: 80, colour: false, plain: true, changes: networkChanges(before, after) })
  expect(text).toContain('Changed: host/left (was up, is down, new address 10.0.0.1/24, is a port of br0).')
  expect(text).toContain('Gone: one.')
  expect(text).not.toMatch(/[─-╿]/)
})
