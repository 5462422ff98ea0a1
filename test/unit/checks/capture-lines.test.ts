import { describe, expect, it } from 'vitest'
import { findLines, LineFinder } from '../../../src/checks/capture-lines.ts'
import { seen } from '../../support/recorded-captures.ts'

const REQUEST = 'IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 7, seq 1, length 64'
const REPLY = 'IP 10.0.0.2 > 10.0.0.1: ICMP echo reply, id 7, seq 1, length 64'
const SYN = 'IP 10.0.0.1.40000 > 10.0.0.2.80: Flags [S], seq 12, win 64240, options [mss 1460], length 0'
const SYN_ACK = 'IP 10.0.0.2.80 > 10.0.0.1.40000: Flags [S.], seq 99, ack 13, win 65160, length 0'
const none = new Map<string, string>()

describe('a shortened line', () => {
  it.each([
    [REQUEST, REQUEST],
    ['IP 10.0.0.1 > 10.0.0.2: ICMP echo request', REQUEST],
    ['10.0.0.1 > 10.0.0.2', REQUEST],
    ['ICMP echo request, id <int>, seq 1', REQUEST],
    ['echo', REQUEST],
    ['length 64', REQUEST],
    ['<ip> > 10.0.0.2: ICMP', REQUEST],
    ['10.0.0.1   >  10.0.0.2', REQUEST],
    ['  echo request ', REQUEST],
    ['IP <*> length 64', REQUEST],
    ['<*>', REQUEST],
    ['/IP .* length \\d+/', REQUEST],
    ['> 10.0.0.2', SYN],
    ['10.0.0.1.<int> > 10.0.0.2.80: Flags [S]', SYN],
    ['Flags [S]', SYN],
    ['[S', SYN_ACK],
    ['<name:ip>.<port:int> >', SYN],
    ['seq <num>', SYN],
  ])('%s is found', (expected, line) => {
    expect(new LineFinder(expected).find(line, none)).toBeDefined()
  })

  it.each([
    ['0.0.0.1 > 10.0.0.2', REQUEST],
    ['10.0.0.1 > 10.0.0.2: ICMP echo req', REQUEST],
    ['length 6', REQUEST],
    ['seq 1, length 6', REQUEST],
    ['cho request', REQUEST],
    ['10.0.0.2 > 10.0.0.1', REQUEST],
    ['echo request, seq 1', REQUEST],
    ['Flags [S]', SYN_ACK],
    ['Flags [S.]', SYN],
    ['seq 1', SYN],
    ['10.0.0.1.<int>.80', SYN],
    ['/ICMP echo request/', REQUEST],
    ['/(a+)+b/', 'a'.repeat(200)],
    ['{{port}} > 10.0.0.2', SYN],
  ])('%s is not', (expected, line) => {
    expect(new LineFinder(expected).find(line, none)).toBeUndefined()
  })

  it('remembers values, and wants them again', () => {
    const finder = new LineFinder('<client:ip>.<port:int> > <ip>.80')
    const found = finder.find(SYN, none)
    expect(found).toEqual(
      new Map([
        ['client', '10.0.0.1'],
        ['port', '40000'],
      ]),
    )
    expect(new LineFinder('> 10.0.0.1.<port:int>: Flags [S.]').find(SYN_ACK, found!)).toEqual(found)
    expect(new LineFinder('> 10.0.0.1.{{port}}: Flags').find(SYN_ACK, found!)).toEqual(found)
    expect(finder.find(SYN, new Map([['port', '40001']]))).toBeUndefined()
  })

  it('goes over all lines of one packet', () => {
    const hex = 'ethertype Unknown (0x88b5), length 30:\n\t0x0000:  0102 0304'
    expect(new LineFinder('length 30: 0x0000: 0102').find(hex, none)).toBeDefined()
  })
})

describe('several lines', () => {
  const find = (expected: string[], lines: string[], ordered = false) =>
    findLines(expected, lines, ordered, none).missing

  it('are found in any order, unless one is asked for', () => {
    expect(find(['reply', 'request'], [REQUEST, REPLY])).toBeUndefined()
    expect(find(['reply', 'request'], [REQUEST, REPLY], true)).toBe('request')
    expect(find(['request', 'reply'], [REQUEST, REPLY], true)).toBeUndefined()
  })

  it('are as many packets', () => {
    expect(find(['request', 'request'], [REQUEST, REPLY])).toBe('request')
    expect(find(['request', 'request'], [REQUEST, REPLY, REQUEST])).toBeUndefined()
  })

  it('take another packet where the first one leaves none for the next', () => {
    expect(find(['ICMP', 'request'], [REQUEST, REPLY])).toBeUndefined()
    const other = SYN.replace('40000', '50000')
    const pair = ['10.0.0.1.<port:int> > 10.0.0.2.80', '10.0.0.2.80 > 10.0.0.1.<port:int>']
    expect(findLines(pair, [other, SYN, SYN_ACK], true, none).remembered).toEqual(new Map([['port', '40000']]))
  })

  it('are found in a real connection, by its port', () => {
    const { lines } = seen('capture', 'two fetches on the uplink')
    const connection = (flags: string) => `192.168.0.129.<port:int> > 192.168.0.10.8000: Flags [${flags}]`
    const first = findLines([connection('S'), connection('F.')], lines, true, none)
    expect(first.missing).toBeUndefined()
    const second = findLines([connection('S')], lines, true, new Map([['port', '1']]))
    expect(second.missing).toBe(connection('S'))
  })

  it('are given up in bounded time', () => {
    const lines = Array.from({ length: 60 }, () => REQUEST)
    const expected = [...Array.from({ length: 10 }, () => 'id <id:int>'), 'id <id:int>, seq 1', 'reply, id <id:int>']
    const start = performance.now()
    expect(find(expected, [...lines, REPLY.replace('id 7', 'id 8')])).toBeDefined()
    expect(performance.now() - start).toBeLessThan(10_000)
  })
})
