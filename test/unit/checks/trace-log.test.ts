import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hopName } from '../../../src/checks/trace-entry.ts'
import { readKernelLog } from '../../../src/checks/trace-log.ts'
import { parseTraceMatch, type TraceMatch } from '../../../src/checks/trace-match.ts'

/**
 * The log of kernel 6.1 in a virtual machine: two pings from container to container, a refused connection of which only
 * ebtables tells, a ping from the host; with `LOG` and `TRACE` as in 3-kernel.test.ts of the virtual machine's tests.
 */
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/seen/6.1/kernel-log.json', import.meta.url), 'utf8'),
) as {
  lines: string[]
  iptables: string
}

const read = (match: string, lines = recorded.lines) =>
  readKernelLog(lines, parseTraceMatch(match) as TraceMatch, recorded.iptables).packets
const ways = (match: string) => read(match).map(({ summary, hops }) => [summary, ...hops.map(hopName)].join(' '))

describe('the kernel’s log', () => {
  test('of a ping: the first request meets every table, in the order of the netfilter diagram', () => {
    const [first] = ways('-p icmp -s 172.17.0.2 --icmp-type echo-request')
    expect(first!.split(' ').slice(5)).toEqual([
      'eb:broute:BROUTING',
      'eb:nat:PREROUTING',
      'raw:PREROUTING:policy:ACCEPT',
      'nat:PREROUTING:policy:ACCEPT',
      'eb:filter:FORWARD',
      'filter:FORWARD:rule:1:JUMP',
      // For the kernel this looks like the end of its chain: `return:1`.
      'filter:DOCKER-USER:rule:1:RETURN',
      'filter:FORWARD:rule:3:ACCEPT',
      'eb:nat:POSTROUTING',
      'nat:POSTROUTING:policy:ACCEPT',
    ])
  })

  test('its answer and the second request meet no nat table of iptables', () => {
    const [, answer, second] = ways('icmp')
    for (const way of [answer!, second!]) {
      expect(way).toContain('filter:FORWARD:rule:2:ACCEPT')
      expect(way).toContain('eb:nat:PREROUTING')
      expect(way).not.toMatch(/ nat:/)
    }
  })

  test('sorts packets, and numbers those that were asked for', () => {
    expect(read('icmp').map(({ number, summary }) => `${number} ${summary}`)).toEqual([
      '1 icmp echo-request 172.17.0.2 > 172.17.0.3',
      '2 icmp echo-reply 172.17.0.3 > 172.17.0.2',
      '3 icmp echo-request 172.17.0.2 > 172.17.0.3',
      '4 icmp echo-reply 172.17.0.3 > 172.17.0.2',
      '5 icmp 172.17.0.1 > 172.17.0.2',
      '6 icmp echo-reply 172.17.0.2 > 172.17.0.1',
    ])
    expect(read('-p icmp -i veth2').map(({ summary }) => summary)).toHaveLength(2)
    expect(read('-p icmp -d 172.17.0.0/31').map(({ number }) => number)).toEqual([1])
    expect(read('udp')).toEqual([])
  })

  test('of frames of which only ebtables tells', () => {
    expect(ways('tcp')).toEqual([
      'tcp 172.17.0.2:60416 > 172.17.0.3:9 eb:broute:BROUTING eb:nat:PREROUTING eb:filter:FORWARD eb:nat:POSTROUTING',
      'tcp 172.17.0.3:9 > 172.17.0.2:60416 eb:broute:BROUTING eb:nat:PREROUTING eb:filter:FORWARD eb:nat:POSTROUTING',
    ])
    expect(read('-p tcp --dport 9')).toHaveLength(1)
    expect(read('-p tcp ! --dport 9')).toHaveLength(1)
    expect(read('-p tcp --sport 1:100')).toHaveLength(1)
  })

  test('a packet that ends in the host', () => {
    expect(ways('-p icmp -d 172.17.0.1')[0]).toMatch(/raw:PREROUTING:policy:ACCEPT filter:INPUT:policy:ACCEPT$/)
  })

  test('lines that others write, also such that look alike, are passed over', () => {
    const hostile = [
      'TRACE: x',
      'TRACE: filter:FORWARD:rule:1',
      'eb:x',
      'TRACE: a:b:rule:99999999999 SRC=',
      '',
      'IN=eth0 OUT= SRC=1.2.3.4',
    ]
    expect(read('icmp', hostile)).toEqual([])
    expect(read('icmp', [...hostile, ...recorded.lines])).toHaveLength(6)
  })
})
