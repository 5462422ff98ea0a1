import { describe, expect, it, test } from 'vitest'
import { path } from '../../../src/checks/path.ts'
import { endText, hopSchema, matchHop } from '../../../src/checks/path-hop.ts'
import { drawWalks } from '../../../src/checks/path-picture.ts'
import { findWalks, type SeenPacket } from '../../../src/checks/path-walk.ts'
import { ProbeError } from '../../../src/world/probes.ts'
import { seen } from '../../support/recorded-captures.ts'

const none = new Map<string, string>()
const OUT = [
  'c1/eth0 172.17.0.2 > 203.0.113.10',
  'veth1 172.17.0.2 > 203.0.113.10',
  'docker0 172.17.0.2 > 203.0.113.10',
]
const REWRITTEN = 'host/ens33 192.168.0.10 > 203.0.113.10'
const BACK = [
  'ens33 203.0.113.10 > 192.168.0.10',
  'docker0 203.0.113.10 > 172.17.0.2',
  'c1/eth0 203.0.113.10 > 172.17.0.2',
]
const PUBLISHED = [
  'client/eth0 192.168.0.129:<client:int> > 192.168.0.10:8000',
  'ens33 192.168.0.129:<client:int> > 192.168.0.10:8000',
  'docker0 192.168.0.129:<client:int> > 172.17.0.2:80',
  'c1/eth0 192.168.0.129:{{client}} > 172.17.0.2:80',
]
const ANSWERED = [
  'docker0 172.17.0.2:80 > 192.168.0.129:<client:int>',
  'ens33 192.168.0.10:8000 > 192.168.0.129:<client:int>',
]

function judge(name: string, hops: string[], back?: string[]) {
  const asked = { path: 'c1 -> 203.0.113.10', hops, ...(back ? { back } : {}) }
  return path.judge(path.schema.parse(asked) as Parameters<typeof path.judge>[0], seen('path', name), none)
}

describe('a packet that was seen on every hop', () => {
  test.each([
    ['ping', [...OUT, REWRITTEN], BACK],
    ['ping', [...OUT, REWRITTEN], undefined],
    [
      'ping',
      ['veth1 172.17.0.2 > 203.0.113.10', 'server/eth0 203.0.113.1 > 203.0.113.10'],
      ['c1/eth0 203.0.113.10 > <*>'],
    ],
    ['published port', PUBLISHED, ANSWERED],
    ['published port', ['ens33 192.168.0.129 > 192.168.0.10', 'docker0 192.168.0.129 > 172.17.0.2'], undefined],
    ['udp', [...OUT, 'ens33 192.168.0.10 > 203.0.113.10:9999'], BACK],
    ['no masquerade', [...OUT, 'ens33 172.17.0.2 > 203.0.113.10'], undefined],
    ['no forwarding', OUT, undefined],
  ])('%s: %j', (name, hops, back) => {
    expect(judge(name, hops, back)).toMatchObject({ holds: true })
  })

  it('tells what it remembers', () => {
    expect(judge('published port', PUBLISHED).remembered?.get('client')).toMatch(/^\d+$/)
  })

  it('is drawn with its answer', () => {
    expect(judge('ping', [...OUT, REWRITTEN], BACK).actual).toBe(
      [
        'there: ICMP echo request, seq 1',
        '  c1/eth0       172.17.0.2     > 203.0.113.10    ttl 64',
        '  veth1         172.17.0.2     > 203.0.113.10    ttl 64',
        '  docker0       172.17.0.2     > 203.0.113.10    ttl 64',
        '  ens33         *192.168.0.10* > 203.0.113.10    ttl 63, source rewritten',
        '  gateway/lan1  192.168.0.10   > 203.0.113.10    ttl 63',
        '  gateway/lan0  192.168.0.10   > 203.0.113.10    ttl 63',
        '  gateway/wan0  *203.0.113.1*  > 203.0.113.10    ttl 62, source rewritten',
        '  server/eth0   203.0.113.1    > 203.0.113.10    ttl 62',
        'back: ICMP echo reply, seq 1',
        '  server/eth0   203.0.113.10   > 203.0.113.1     ttl 64',
        '  gateway/wan0  203.0.113.10   > 203.0.113.1     ttl 64',
        '  gateway/lan0  203.0.113.10   > *192.168.0.10*  ttl 63, destination rewritten',
        '  gateway/lan1  203.0.113.10   > 192.168.0.10    ttl 63',
        '  ens33         203.0.113.10   > 192.168.0.10    ttl 63',
        '  docker0       203.0.113.10   > *172.17.0.2*    ttl 62, destination rewritten',
        '  veth1         203.0.113.10   > 172.17.0.2      ttl 62',
        '  c1/eth0       203.0.113.10   > 172.17.0.2      ttl 62',
      ].join('\n'),
    )
  })
})

describe('a packet that was not', () => {
  test.each([
    [
      'no masquerade',
      [...OUT, REWRITTEN],
      undefined,
      'the packet was seen on docker0, but then not on ens33 as 192.168.0.10 > 203.0.113.10; there it was 172.17.0.2 > 203.0.113.10',
    ],
    [
      'no forwarding',
      [...OUT, REWRITTEN],
      undefined,
      'the packet was seen on docker0, but then not on ens33 as 192.168.0.10 > 203.0.113.10; nothing was seen there',
    ],
    [
      'no masquerade',
      OUT,
      BACK,
      'the answer was not seen on ens33 as 203.0.113.10 > 192.168.0.10; there was: 172.17.0.2 > ',
    ],
    [
      'ping',
      OUT.toReversed(),
      undefined,
      'the packet was seen on veth1, but then not on c1/eth0 as 172.17.0.2 > 203.0.113.10; it had been there before',
    ],
    ['ping', ['c1/eth0 172.17.0.3 > 203.0.113.10'], undefined, 'the packet was not seen on c1/eth0 as 172.17.0.3'],
    ['ping', ['c1/eth0 172.17.0.2:80 > 203.0.113.10'], undefined, 'the packet was not seen on c1/eth0'],
    ['ping', OUT, BACK.toReversed(), 'the answer was seen on c1/eth0, but then not on docker0'],
    ['published port', ['ens33 192.168.0.129 > 172.17.0.2'], undefined, 'there was: 192.168.0.129:'],
  ])('%s: %j', (name, hops, back, message) => {
    const judgement = judge(name, hops, back)
    expect(judgement.holds).toBe(false)
    expect(judgement.actual).toContain(message)
  })

  it('may have been dropped on the way to tcpdump, and then nothing is known', () => {
    const spec = path.schema.parse({ path: 'c1 -> 203.0.113.10', hops: [REWRITTEN] })
    const judgeIt = () =>
      path.judge(spec as Parameters<typeof path.judge>[0], { packets: [], dropped: { ens33: 4 } }, none)
    expect(judgeIt).toThrow(ProbeError)
    expect(judgeIt).toThrow(/4 on ens33/)
  })
})

describe('hops', () => {
  const packet = {
    protocol: 'tcp',
    source: 'fd00::1',
    destination: 'fd00::2',
    sourcePort: 4000,
    destinationPort: 80,
  } as SeenPacket
  const match = (hop: string, remembered = none) => matchHop(hopSchema.parse(hop), packet, remembered)

  test.each([
    'fd00::1 > fd00::2',
    '[fd00::1]:4000 > [fd00::2]:80',
    'fd00::1 > [fd00::2]:<port:int>',
    '<ip> > fd00::2',
    '<*> > <*>',
  ])('%s', (ends) => expect(match(`br0 ${ends}`)).toBeDefined())

  test.each(['fd00::2 > fd00::1', '[fd00::1]:4001 > fd00::2', 'fd00::1 > [fd00::2]:8', '10.0.0.1:4000 > fd00::2'])(
    'not %s',
    (ends) => expect(match(`br0 ${ends}`)).toBeUndefined(),
  )

  it('want a value that is known already', () => {
    expect(match('br0 [fd00::1]:<port:int> > fd00::2', new Map([['port', '4000']]))).toBeDefined()
    expect(match('br0 [fd00::1]:<port:int> > fd00::2', new Map([['port', '4001']]))).toBeUndefined()
  })

  test.each(['br0 10.0.0.1', '10.0.0.1 > 10.0.0.2', 'a/b/c 10.0.0.1 > 10.0.0.2', 'br0 <a:port> > 10.0.0.2'])(
    '%s is none',
    (text) => expect(hopSchema.safeParse(text).success).toBe(false),
  )

  it('are written with brackets where an IPv6 address has a port', () => {
    expect([endText('fd00::1', 80), endText('10.0.0.1', 80), endText('fd00::1', undefined)]).toEqual([
      '[fd00::1]:80',
      '10.0.0.1:80',
      'fd00::1',
    ])
  })
})

describe('walks', () => {
  const sighting = (device: string, time: number, source: string, identity = 'one'): SeenPacket => ({
    protocol: 'udp',
    source,
    destination: '10.0.0.9',
    sourcePort: 1,
    destinationPort: 2,
    ttl: 64,
    identity,
    asks: '',
    answers: '',
    summary: 'UDP, length 1',
    device,
    time,
  })
  const hops = (...texts: string[]) => texts.map((text) => hopSchema.parse(text))

  it('take a device twice where a packet comes in and goes out by it', () => {
    const packets = [
      sighting('veth1', 1, '10.0.0.1'),
      sighting('br0', 1, '10.0.0.1'),
      sighting('veth1', 3, '10.0.0.254'),
    ]
    const way = hops('veth1 10.0.0.1 > 10.0.0.9', 'br0 10.0.0.1 > 10.0.0.9', 'veth1 10.0.0.254 > 10.0.0.9')
    const walks = findWalks(packets, way, [], none)
    expect(walks.there).toMatchObject({ sightings: packets, missing: undefined })
    expect(drawWalks(packets, walks)).toBe(
      [
        'there: UDP, length 1',
        '  veth1  10.0.0.1:1     > 10.0.0.9:2  ttl 64',
        '  br0    10.0.0.1:1     > 10.0.0.9:2  ttl 64',
        '  veth1  *10.0.0.254:1* > 10.0.0.9:2  ttl 64, source rewritten',
      ].join('\n'),
    )
  })

  it('do not take two packets for one', () => {
    const packets = [sighting('veth1', 1, '10.0.0.1', 'one'), sighting('br0', 2, '10.0.0.1', 'two')]
    const walks = findWalks(packets, hops('veth1 10.0.0.1 > 10.0.0.9', 'br0 10.0.0.1 > 10.0.0.9'), [], none)
    expect(walks.there.missing?.device.device).toBe('br0')
  })

  it('take the packet that came furthest, and the first of several that arrived', () => {
    const way = hops('veth1 10.0.0.1 > 10.0.0.9', 'br0 10.0.0.1 > 10.0.0.9')
    const lost = sighting('veth1', 1, '10.0.0.1', 'lost')
    const arrived = [2, 4].flatMap((time) =>
      ['veth1', 'br0'].map((name, at) => sighting(name, time + at, '10.0.0.1', `at ${time}`)),
    )
    expect(findWalks([lost, ...arrived], way, [], none).there.sightings).toEqual(arrived.slice(0, 2))
  })

  it('are nothing to draw where nothing was seen', () => {
    expect(drawWalks([], findWalks([], hops('br0 10.0.0.1 > 10.0.0.9'), [], none))).toBe('')
  })
})
