import { describe, expect, it } from 'vitest'
import { compileExpected, matchExpected } from '../../../src/lab/expected.ts'

function match(expected: string, actual: string, known: Record<string, string> = {}) {
  const { pattern, problems } = compileExpected(expected)
  expect(problems).toEqual([])
  return matchExpected(pattern, actual, new Map(Object.entries(known)))
}

/** The diff as people see it: two signs, then the line. */
function diff(expected: string, actual: string, known: Record<string, string> = {}): string[] {
  const signs = { same: ' ', any: '.', missing: '-', unexpected: '+' }
  return match(expected, actual, known).diff.map(({ kind, text }) => `${signs[kind]} ${text}`)
}

const PING = `PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.162 ms
64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.035 ms

--- 10.0.0.2 ping statistics ---
2 packets transmitted, 2 received, 0% packet loss, time 201ms
rtt min/avg/max/mdev = 0.035/0.098/0.162/0.063 ms
`

const LINKS = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN mode DEFAULT group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
2: veth2@veth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default
    link/ether fa:28:01:bc:47:0c brd ff:ff:ff:ff:ff:ff
3: veth1@veth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP mode DEFAULT group default
    link/ether ca:e8:1b:73:39:7a brd ff:ff:ff:ff:ff:ff
`

describe('lines', () => {
  it('match ping as in the guide', () => {
    const expected = `PING 10.0.0.2 (10.0.0.2) <*>
64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<num> ms
...
2 packets transmitted, 2 received, 0% packet loss, time <int>ms
...
`
    expect(match(expected, PING).matched).toBe(true)
    expect(match(expected, PING.replaceAll('\n', '\r\n')).matched).toBe(true)
    expect(match(expected, PING.replace('2 received', '1 received')).matched).toBe(false)
  })

  it.each([
    ['a\nb', 'a\nb\n'],
    ['a\nb\n', 'a\nb'],
    ['a\nb\n\n\n', 'a\nb'],
    ['a\nb', 'a\nb\n\n  \n'],
    ['', ''],
    ['', '\n\n'],
    ['\n\n', ''],
    ['a\r\nb\r\n', 'a\nb\n'],
    ['a\n\n...', 'a\n'],
    ['a\n<*>', 'a\n\n'],
  ])('%j is %j', (expected, actual) => {
    expect(match(expected, actual).matched).toBe(true)
  })

  it.each([
    ['a\nb', 'a'],
    ['a', 'a\nb'],
    ['a\n\nb', 'a\nb'],
    ['a\nb', 'a\n\nb'],
    ['\na', 'a'],
    ['', 'a'],
    ['a\n<*>', 'a'],
  ])('%j is not %j', (expected, actual) => {
    expect(match(expected, actual).matched).toBe(false)
  })
})

describe('...', () => {
  it.each([
    ['...', ''],
    ['...', 'a\nb'],
    ['  ...\t', 'a\nb'],
    ['...\n...\nb', 'a\nb'],
    ['a\n...', 'a'],
    ['...\na', 'a'],
    ['a\n...\nd', 'a\nd'],
    ['a\n...\nd', 'a\nb\nd\nc\nd'],
    ['...\na\nb\n...', 'a\na\nb'],
    ['...\na\n...\na\n...', 'b\na\nb\na\nb'],
  ])('in %j covers %j', (expected, actual) => {
    expect(match(expected, actual).matched).toBe(true)
  })

  it.each([
    ['...\na', 'a\nb'],
    ['...\na\n...\na', 'a'],
    ['a ...', 'a\nb'],
    ['...\na\nb', 'a\nx\nb'],
  ])('in %j does not cover %j', (expected, actual) => {
    expect(match(expected, actual).matched).toBe(false)
  })
})

describe('remembered values', () => {
  it('come back with what was known before', () => {
    const expected = '...\n<id:int>: veth1@<peer:if>: <*>\n    link/ether <mac1:mac> <*>'
    const { matched, remembered } = match(expected, LINKS, { ns: 'net1' })
    expect(matched).toBe(true)
    expect([...remembered]).toEqual([
      ['ns', 'net1'],
      ['id', '3'],
      ['peer', 'veth2'],
      ['mac1', 'ca:e8:1b:73:39:7a'],
    ])
  })

  it('hold for the lines after', () => {
    const arp = (ip: string) =>
      `12:00:00.1 ARP, Request who-has 10.0.0.2 tell 10.0.0.1, length 28\n12:00:00.2 ARP, Reply ${ip} is-at ca:e8:1b:73:39:7a, length 28`
    const expected = '<time> ARP, Request who-has <asked:ip> tell <*>\n<time> ARP, Reply {{asked}} is-at <mac>, <*>'
    expect(match(expected, arp('10.0.0.2')).matched).toBe(true)
    expect(match(expected, arp('10.0.0.3')).matched).toBe(false)
    expect(match('{{asked}}', 'x').matched).toBe(false)
  })

  it('may need another place for an earlier line', () => {
    expect(match('...\n<x:int> a\n...\n{{x}} b\n...', '1 a\n2 a\n2 b').remembered.get('x')).toBe('2')
    expect(match('...\n<x:int> a\n...\n<x:int> b\n...\n1 b', '1 a\n2 a\n2 b\n1 b').matched).toBe(true)
    expect(match('...\n<x:int> a\n...\n{{x}} b', '1 a\n2 a\n3 b').matched).toBe(false)
  })

  it('may need another end for an earlier <name:*>', () => {
    const { matched, remembered } = match('<x:*> <*>\n{{x}} end', 'one two three\none two end')
    expect([matched, remembered.get('x')]).toEqual([true, 'one two'])
  })

  it('are kept from the lines that match when others do not', () => {
    expect(match('id <id:int>\nup', 'id 7\ndown').remembered.get('id')).toBe('7')
  })
})

describe('the diff', () => {
  it('shows the output where it matches', () => {
    expect(diff('PING <*>\n...\nrtt <*> ms', PING)).toEqual([
      '  PING 10.0.0.2 (10.0.0.2) 56(84) bytes of data.',
      '. 64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.162 ms',
      '. 64 bytes from 10.0.0.2: icmp_seq=2 ttl=64 time=0.035 ms',
      '. ',
      '. --- 10.0.0.2 ping statistics ---',
      '. 2 packets transmitted, 2 received, 0% packet loss, time 201ms',
      '  rtt min/avg/max/mdev = 0.035/0.098/0.162/0.063 ms',
    ])
  })

  it('shows missing lines as written and unexpected ones as printed', () => {
    const expected =
      'PING <*>\n64 bytes <*> ttl=<int> time=<num> ms\n\n---<*>\n{{n}} packets transmitted, <int> received, <*>'
    const actual = 'PING x\n\n--- x ---\n2 packets transmitted, 0 received, 100% packet loss, time 1001ms\npipe 2'
    expect(diff(expected, actual, { n: '2' })).toEqual([
      '  PING x',
      '- 64 bytes <*> ttl=<int> time=<num> ms',
      '  ',
      '  --- x ---',
      '  2 packets transmitted, 0 received, 100% packet loss, time 1001ms',
      '+ pipe 2',
    ])
    expect(diff('{{n}} packets, {{m}}', '3 packets', { n: '2' })).toEqual(['- 2 packets, {{m}}', '+ 3 packets'])
  })

  it('leaves to ... what it covers', () => {
    expect(diff('a\nb\n...\nc\nd\n...', 'a\nx\ny\nd\nz')).toEqual(['  a', '- b', '. x', '. y', '- c', '  d', '. z'])
    expect(diff('a\n...', 'b\nc')).toEqual(['- a', '. b', '. c'])
  })

  it('shortens what ... covers', () => {
    const actual = Array.from({ length: 41 }, (_, i) => `line ${i + 1}`).join('\n')
    const any = ['. line 1', '. line 2', '. (… 37 more lines)', '. line 40', '. line 41']
    expect(diff('...', actual)).toEqual(any)
    expect(diff('...\nend', actual)).toEqual([...any, '- end'])
    expect(diff('...', '1\n2\n3\n4\n5\n6')).toHaveLength(6)
  })

  it('tells values that should be equal', () => {
    expect(diff('tx <n:int>\nup\nrx <n:int>', 'tx 5\nup\nrx 6')).toEqual(['  tx 5', '  up', '- rx <n:int>', '+ rx 6'])
    expect(diff('id <n:int>\n{{n}}\nend', 'id 5\n6\nend')).toEqual(['  id 5', '- 5', '+ 6', '  end'])
    expect(diff('id <n:int>\n...\n{{n}}', 'id 5\n4\n5\n6')).toEqual(['  id 5', '. 4', '  5', '+ 6'])
  })

  it('prints no control characters', () => {
    expect(diff('a', '\u001b[31mred\u001b[0m \u0007\u0008')).toEqual(['- a', '+ red ␇␈'])
  })

  it('does not count empty lines at the end', () => {
    expect(diff('a\n\n', 'b\n\n\n')).toEqual(['- a', '+ b'])
    expect(diff('', 'a')).toEqual(['+ a'])
    expect(diff('a\n\n...', '')).toEqual(['- a'])
  })
})
