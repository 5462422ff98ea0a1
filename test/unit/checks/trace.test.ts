import { describe, expect, test } from 'vitest'
import { trace } from '../../../src/checks/trace.ts'
import { parseTraceEntry } from '../../../src/checks/trace-entry.ts'
import { decodeTrace } from '../../../src/checks/trace-events.ts'
import { parseTraceMatch } from '../../../src/checks/trace-match.ts'
import { sortPackets, type TracedPacket } from '../../../src/checks/trace-packets.ts'
import { type RuleListings, readRules } from '../../../src/checks/trace-rules.ts'
import type { TraceSeen } from '../../../src/checks/trace-watch.ts'
import { seenWithKernel } from '../../support/seen.ts'

const recorded = seenWithKernel<{ traces: Record<string, string[]>; rules: RuleListings }>('trace')
const book = readRules(recorded.rules)

function seen(name: string): TraceSeen {
  const lines = recorded.traces[name]!.filter((line) => line.startsWith('event '))
  const events = lines.flatMap((line) => decodeTrace(Buffer.from(line.slice('event '.length), 'hex')))
  return { packets: sortPackets(events, 'labrun_trace_1', book), chains: book.chains }
}

function way({ hops }: TracedPacket): string[] {
  return hops.map(({ chain, by, verdict }) => [chain, by, verdict].filter(Boolean).join(' '))
}

describe('what the kernel told', () => {
  const { packets } = seen('container to container')

  test('is sorted by packet', () => {
    expect(packets.map(({ number, summary }) => `${number} ${summary}`)).toEqual([
      '1 icmp echo-request 172.17.0.2 > 172.17.0.3',
      '2 icmp echo-reply 172.17.0.3 > 172.17.0.2',
      '3 icmp echo-request 172.17.0.2 > 172.17.0.3',
      '4 icmp echo-reply 172.17.0.3 > 172.17.0.2',
    ])
  })

  test('the first packet of a flow visits nat, rule by rule, with the numbers of `iptables -L --line-numbers`', () => {
    expect(way(packets[0]!)).toEqual([
      'eb:nat:PREROUTING policy ACCEPT',
      'nat:PREROUTING policy ACCEPT',
      'filter:FORWARD 1 JUMP',
      'filter:DOCKER-USER',
      'filter:DOCKER-USER 1 RETURN',
      'filter:FORWARD 3 JUMP',
      'filter:DOCKER',
      'filter:FORWARD 4 ACCEPT',
      'nat:POSTROUTING policy ACCEPT',
    ])
  })

  test('its answer and the second one do not', () => {
    const established = [
      'eb:nat:PREROUTING policy ACCEPT',
      'filter:FORWARD 1 JUMP',
      'filter:DOCKER-USER',
      'filter:DOCKER-USER 1 RETURN',
      'filter:FORWARD 2 ACCEPT',
    ]
    expect(packets.slice(1).map(way)).toEqual([established, established, established])
  })

  test('a packet stays the same while NAT rewrites it and a router takes from its ttl', () => {
    const [request, reply, ...others] = seen('container to outside').packets
    expect(others).toEqual([])
    expect(request).toMatchObject({ summary: 'icmp echo-request 172.17.0.2 > 192.168.0.2' })
    expect(request!.hops.at(-1)).toMatchObject({
      chain: 'nat:POSTROUTING',
      by: 1,
      verdict: 'ACCEPT',
      target: 'MASQUERADE',
      rule: '-s 172.17.0.0/16 ! -o br0 -j MASQUERADE',
    })
    expect(reply).toMatchObject({ summary: 'icmp echo-reply 192.168.0.2 > 192.168.0.10' })
    expect(way(reply!).slice(-2)).toEqual(['filter:FORWARD 2 ACCEPT', 'eb:filter:OUTPUT 1 ACCEPT'])
  })

  test('copies of a frame that is flooded are one packet', () => {
    const [request, reply, ...others] = seen('flooded').packets
    expect(others).toEqual([])
    expect(way(request!).filter((hop) => hop.startsWith('eb:filter:OUTPUT'))).toHaveLength(3)
    expect(reply).toMatchObject({ summary: 'icmp echo-reply 172.17.0.2 > 172.17.0.1' })
  })

  test('packets that another trace asked for are left out, and so are its tables', () => {
    const [line] = recorded.traces.flooded!.filter((one) => one.startsWith('event '))
    const events = decodeTrace(Buffer.from(line!.slice('event '.length), 'hex'))
    expect(events).toMatchObject([{ family: 'ip', table: 'labrun_trace_1', chain: 'outgoing', verdict: 'CONTINUE' }])
    expect(sortPackets(events, 'labrun_trace_2', book)).toEqual([])
    expect(sortPackets(events, 'labrun_trace_1', book)).toMatchObject([{ number: 1, hops: [] }])
  })

  test('of a broken message nothing is read beyond its end', () => {
    const line = recorded.traces.flooded![1]!.slice('event '.length)
    for (let length = 0; length < line.length; length += 14)
      expect(() => decodeTrace(Buffer.from(line.slice(0, length), 'hex'))).not.toThrow()
    expect(decodeTrace(Buffer.alloc(64))).toEqual([])
  })
})

describe('the verdict', () => {
  test.each([
    ['the way in order', { sees: ['nat:PREROUTING', 'filter:FORWARD', 'filter:DOCKER', 'nat:POSTROUTING'] }],
    ['layer 2 beside layer 3', { sees: ['eb:nat:PREROUTING', 'nat:PREROUTING'], packet: 1 }],
    ['a rule by its number', { sees: ['filter:FORWARD:rule:3', 'filter:FORWARD:rule:4:accept'] }],
    ['a rule by its target', { sees: 'filter:FORWARD:DOCKER-USER' }],
    ['a policy', { sees: ['nat:PREROUTING:policy', 'nat:POSTROUTING:policy:ACCEPT'] }],
    ['a chain in which no rule decides', { sees: ['filter:FORWARD:rule:3', 'filter:DOCKER', 'filter:FORWARD:rule:4'] }],
    ['the answer', { packet: 2, sees: 'filter:FORWARD:rule:2:ACCEPT', never: ['nat:PREROUTING', 'nat:POSTROUTING'] }],
    ['the second request', { packet: 3, never: 'nat:PREROUTING' }],
    ['never, where no chain of that name is', { never: 'mangle:PREROUTING' }],
    ['nothing but that a packet came', {}],
  ])('passed: %s', (_name, keys) => {
    expect(judge('container to container', keys)).toMatchObject({ holds: true })
  })

  test.each([
    [{ sees: ['filter:FORWARD', 'nat:PREROUTING'], packet: 1 }, 'not seen in nat:PREROUTING after filter:FORWARD'],
    [{ sees: 'filter:FORWARD:DROP' }, 'not seen in filter:FORWARD:DROP'],
    [{ sees: 'filter:FORWARD:rule:9' }, 'not seen in filter:FORWARD:rule:9'],
    [{ sees: 'nat:PREROUTING', packet: 2 }, 'not seen in nat:PREROUTING'],
    [{ sees: 'mangle:FORWARD' }, 'not seen in mangle:FORWARD; there is no chain mangle:FORWARD'],
    [{ never: ['filter:INPUT', 'nat:PREROUTING'] }, 'seen in nat:PREROUTING'],
    [{ never: 'filter:INPUT', packet: 9 }, 'no packet 9: only 4 came'],
  ])('failed: %o', (keys, actual) => {
    const judgement = judge('container to container', keys)
    expect(judgement.holds).toBe(false)
    expect(judgement.actual.split('\n')[0]).toBe(actual)
  })

  test('a failure shows the ways', () => {
    expect(judge('container to container', { sees: 'nat:OUTPUT', packet: 4 })).toMatchObject({
      expected: 'packet 4 seen in nat:OUTPUT',
      actual: expect.stringContaining(
        '\npacket 4 (icmp echo-reply 172.17.0.3 > 172.17.0.2): eb:nat:PREROUTING:policy:ACCEPT filter:FORWARD:rule:1:JUMP',
      ),
    })
  })

  test('without a packet nothing is proven, not even a `never`', () => {
    const spec = trace.schema.parse({ trace: 'icmp', never: 'filter:FORWARD' }) as never
    const judgement = trace.judge(spec, { packets: [], chains: book.chains }, new Map())
    expect(judgement).toEqual({
      holds: false,
      expected: 'packets seen; never in filter:FORWARD',
      actual: 'no packet came',
    })
  })
})

describe('what may be written', () => {
  test.each([
    ['icmp', 'meta l4proto icmp'],
    ['ip', ''],
    ['-p icmp --icmp-type echo-reply', 'meta l4proto icmp icmp type echo-reply'],
    ['-p tcp -m tcp --dport 80', 'meta l4proto tcp tcp dport 80'],
    ['--protocol udp --source 10.0.0.0/8 ! --sport 1:53', 'meta l4proto udp ip saddr 10.0.0.0/8 udp sport != 1-53'],
    ['! -p tcp ! -d 10.0.0.1', 'meta l4proto != tcp ip daddr != 10.0.0.1'],
    ['-p tcp -d {{address}} --dport {{port}}', 'meta l4proto tcp ip daddr {{address}} tcp dport {{port}}'],
  ])('%s', (text, condition) => {
    const bridged = `meta protocol ip ${condition}`.trim()
    expect(parseTraceMatch(text)).toMatchObject({ incoming: condition, outgoing: condition, bridged })
  })

  test('what comes in by a device is not what the machine sends', () => {
    expect(parseTraceMatch('-i br0')).toMatchObject({
      incoming: 'iifname "br0"',
      outgoing: undefined,
      bridged: 'meta protocol ip iifname "br0"',
    })
  })

  test.each([
    ['', '`` is not known here'],
    ['imcp', '`imcp` is not known here; expected icmp, tcp, udp, ip, or as in a rule of iptables: -p -s -d'],
    ['-p icmp -o br0', '`-o` is not known here'],
    ['-p nothing', '`nothing` does not fit after `-p`'],
    ['-p', '`` does not fit after `-p`'],
    ['-p tcp --dport 80; drop', '`80;` does not fit after `--dport`'],
    ['-p tcp -i "lo"', '`"lo"` does not fit after `-i`'],
    ['-p tcp --protocol udp', '`--protocol` is there twice'],
    ['--dport 80', 'ports need `-p tcp` or `-p udp`'],
    ['-p tcp --icmp-type redirect', '`--icmp-type` needs `-p icmp`'],
    ['! -i br0', '`! -i` is not known here'],
  ])('not %s', (text, why) => {
    expect(parseTraceMatch(text)).toContain(why)
  })

  test.each([
    ['filter:FORWARD', { chain: 'filter:FORWARD', by: undefined, verdict: undefined }],
    ['eb:nat:PREROUTING:ACCEPT', { chain: 'eb:nat:PREROUTING', by: undefined, verdict: 'ACCEPT' }],
    ['filter:DOCKER-USER:rule:12', { chain: 'filter:DOCKER-USER', by: 12, verdict: undefined }],
    ['filter:INPUT:policy:DROP', { chain: 'filter:INPUT', by: 'policy', verdict: 'DROP' }],
  ])('%s', (text, entry) => {
    expect(parseTraceEntry(text)).toEqual({ text, ...entry })
  })

  test.each(['FORWARD', 'filter FORWARD', 'filter:FORWARD:rule', 'filter:FORWARD:rule:x', 'a:b:c:d:e', ':x', ''])(
    'not "%s"',
    (text) => {
      expect(parseTraceEntry(text)).toBeUndefined()
    },
  )
})

function judge(name: string, keys: Record<string, unknown>) {
  return trace.judge(trace.schema.parse({ trace: 'icmp', ...keys }) as never, seen(name), new Map())
}
