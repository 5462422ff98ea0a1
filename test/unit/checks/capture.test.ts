import { describe, expect, it, test } from 'vitest'
import { capture } from '../../../src/checks/capture.ts'
import { readTcpdump } from '../../../src/checks/capture-text.ts'
import { ProbeError } from '../../../src/world/probes.ts'
import { seen } from '../../support/recorded-captures.ts'

const none = new Map<string, string>()

function judge(name: string, asked: Record<string, unknown>, remembered: ReadonlyMap<string, string> = none) {
  const spec = capture.schema.parse({ capture: 'c1/eth0', ...asked }) as Parameters<typeof capture.judge>[0]
  return capture.judge(spec, seen('capture', name), remembered)
}

describe('a capture', () => {
  test.each([
    ['ping', {}],
    ['ping', { sees: 'ICMP echo request' }],
    ['ping', { sees: ['echo request, id <id:int>', 'echo reply, id <id:int>'], ordered: true }],
    ['ping', { sees: ['reply', 'request'] }],
    ['ping', { never: 'unreachable' }],
    ['ping', { never: ['unreachable', 'seq 2'], count: 2 }],
    ['ping', { count: '>= 1' }],
    ['ping', { count: '<= 2' }],
    ['ping', { count: '2' }],
    ['nothing', { count: 0 }],
    ['nothing', { never: 'Flags' }],
    ['nothing', { count: '<= 3' }],
    ['refused', { sees: ['> 127.0.0.1.8000: Flags [S]', '127.0.0.1.8000 > <*>: Flags [R.]'], ordered: true, count: 2 }],
    ['any', { sees: ['ens33 Out IP 192.168.0.10 > 203.0.113.10', 'docker0 Out IP 203.0.113.10 > 172.17.0.2'] }],
    ['icmp6', { sees: 'IP6 fd00::1 > fd00::2: ICMP6, echo request' }],
    ['udp', { sees: 'udp port 9999 unreachable' }],
    ['two fetches on the uplink', { sees: ['Flags [S]', 'Flags [S]'], never: ['Flags [R]', 'Flags [R.]'] }],
  ])('of %s holds: %j', (name, asked) => {
    expect(judge(name, asked)).toMatchObject({ holds: true })
  })

  test.each([
    ['nothing', {}, 'no packet'],
    ['nothing', { sees: 'Flags' }, 'not seen: "Flags"; no packet'],
    ['ping', { sees: ['reply', 'request'], ordered: true }, 'not seen in its place: "request"; 2 packets:\n  IP 172'],
    ['ping', { sees: ['request', 'request'] }, 'not seen: "request"; 2 packets'],
    ['ping', { never: 'reply' }, 'seen, though it should not be: IP 203.0.113.10 > 172.17.0.2: ICMP echo reply'],
    ['ping', { count: 3 }, '2 packets'],
    ['ping', { count: '> 2' }, '2 packets'],
    ['ping', { count: '< 2' }, '2 packets'],
    ['ping', { count: 0, sees: 'request' }, '2 packets'],
    ['two fetches on the uplink', { count: 1 }, '… 14 more'],
  ])('of %s does not hold: %j', (name, asked, actual) => {
    const judgement = judge(name, asked)
    expect(judgement.holds).toBe(false)
    expect(judgement.actual).toContain(actual)
  })

  it('says what is expected', () => {
    const asked = { filter: 'icmp', sees: ['a', 'b'], never: 'c', count: '>= 1', ordered: true }
    expect(judge('ping', asked).expected).toBe('on c1/eth0 (icmp): >= 1 packet; in this order "a", "b"; never "c"')
    expect(judge('ping', {}).expected).toBe('on c1/eth0: >= 1 packet')
    expect(judge('ping', { count: 2 }).expected).toBe('on c1/eth0: 2 packets')
  })

  it('wants what another capture has found', () => {
    const sees = '192.168.0.129.<port:int> > 192.168.0.10.8000: Flags [S]'
    const found = judge('two fetches on the uplink', { sees }).remembered!
    expect(judge('two fetches on the uplink', { sees }, found).holds).toBe(true)
    expect(judge('two fetches on the uplink', { sees }, new Map([['port', '1']])).holds).toBe(false)
    expect(judge('two fetches on the uplink', { never: sees }, new Map([['port', '1']])).holds).toBe(true)
  })
})

describe('a capture of which the kernel has dropped packets', () => {
  const dropped = (asked: Record<string, unknown>) => () => {
    const spec = capture.schema.parse({ capture: 'br0', ...asked }) as Parameters<typeof capture.judge>[0]
    return capture.judge(spec, { ...seen('capture', 'ping'), dropped: 3 }, none)
  }

  test.each([{ never: 'unreachable' }, { count: 2 }, { count: '<= 2' }, { sees: 'seq 2' }, { count: '> 2' }])(
    'says nothing for certain of what was not seen: %j',
    (asked) => {
      expect(dropped(asked)).toThrow(ProbeError)
      expect(dropped(asked)).toThrow(/3 packets dropped by the kernel/)
    },
  )

  it('is certain of what was seen', () => {
    expect(dropped({ sees: 'seq 1' })()).toMatchObject({
      holds: true,
      actual: expect.stringContaining('3 packets dropped'),
    })
    expect(dropped({ count: '>= 2' })().holds).toBe(true)
    expect(dropped({ never: 'reply' })().holds).toBe(false)
  })
})

describe('what may be written', () => {
  const parse = (asked: Record<string, unknown>) => capture.schema.safeParse({ capture: 'br0', ...asked })

  it('a line that YAML takes for a mapping', () => {
    const sees = [{ 'IP 10.0.0.1 > 10.0.0.2': 'ICMP echo request, id <int>' }, { 'ARP, Reply': null }, { seq: 1 }]
    const lines = ['IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id <int>', 'ARP, Reply:', 'seq: 1']
    expect(parse({ sees }).data).toMatchObject({ sees: lines })
  })

  test.each([
    [{ sees: '<port:number>' }, /did you mean `<port:num>`/],
    [{ sees: ['ok', '/(/'] }, /not a valid regular expression/],
    [{ sees: { a: 1, b: 2 } }, /quotation marks/],
    [{ sees: '' }, /./],
    [{ count: '+1' }, /a number/],
    [{ count: -1 }, /a number/],
    [{ colour: 'red' }, /Unrecognized key/],
  ])('not %j', (asked, message) => {
    expect(parse(asked).error?.message).toMatch(message)
  })
})

test('what tcpdump printed, with a packet of several lines', () => {
  const output = [
    '10:00:00.000001 IP 1.1.1.1 > 2.2.2.2: ICMP echo request, id 1, seq 1, length 64',
    '10:00:00.000002 02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype Unknown (0x88b5), length 30: ',
    '\t0x0000:  0102 0304',
    '',
  ].join('\n')
  expect(readTcpdump(output)).toEqual([
    { time: '10:00:00.000001', text: 'IP 1.1.1.1 > 2.2.2.2: ICMP echo request, id 1, seq 1, length 64' },
    {
      time: '10:00:00.000002',
      text: '02:00:00:00:00:01 > ff:ff:ff:ff:ff:ff, ethertype Unknown (0x88b5), length 30: \n\t0x0000:  0102 0304',
    },
  ])
})
