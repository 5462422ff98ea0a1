import { describe, expect, it } from 'vitest'
import { compileExpected, compileLine, fillRemembered, matchLine } from '../../../src/lab/expected.ts'

/** What is remembered after the line, as an object; undefined if it does not match. */
function remembers(pattern: string, line: string, known: Record<string, string> = {}) {
  const compiled = compileLine(pattern)
  expect(compiled.problems).toEqual([])
  const remembered = matchLine(compiled.pattern, line, new Map(Object.entries(known)))
  return remembered && Object.fromEntries(remembered)
}

const matches = (pattern: string, line: string, known: Record<string, string> = {}) =>
  remembers(pattern, line, known) !== undefined

describe('blanks, colours and line ends', () => {
  it('takes runs of blanks as one and ignores trailing ones', () => {
    expect(matches('inet 10.0.0.1/24   scope global', 'inet\t10.0.0.1/24 scope  global \t')).toBe(true)
    expect(matches('inet 10.0.0.1/24  ', 'inet 10.0.0.1/24')).toBe(true)
    expect(matches('inet 10.0.0.1/24', 'inet10.0.0.1/24')).toBe(false)
  })

  it('takes a blank at the start as a blank', () => {
    expect(matches('    link/ether <mac>', '\tlink/ether ca:e8:1b:73:39:7a')).toBe(true)
    expect(matches('    link/ether <mac>', 'link/ether ca:e8:1b:73:39:7a')).toBe(false)
  })

  it('leaves out colours, hyperlinks and carriage returns', () => {
    expect(matches('3: veth1: <UP>', '3: \u001b[36mveth1\u001b[0m: <\u001b[32mUP\u001b[0m>\r\n')).toBe(true)
    expect(matches('see here', 'see \u001b]8;;http://x/\u001b\\here\u001b]8;;\u001b\\\r\r\n')).toBe(true)
  })

  it('lets blanks beside an empty <*> vanish like any other run', () => {
    expect(matches('PING 10.0.0.2 (10.0.0.2) <*>', 'PING 10.0.0.2 (10.0.0.2)')).toBe(true)
    expect(matches('a <*> b', 'a b')).toBe(true)
    expect(matches('a <*> b', 'ab')).toBe(false)
    expect(matches('a <*> b', 'a')).toBe(false)
  })

  it('is about one whole line', () => {
    expect(matches('eth0', 'veth0')).toBe(false)
    expect(matches('eth0', 'eth0:')).toBe(false)
    expect(matches('<*>', 'one\ntwo')).toBe(false)
    expect(matches('', '')).toBe(true)
    expect(matches('...', '...')).toBe(true)
  })
})

describe('placeholders', () => {
  it.each([
    ['<*>', ['', 'anything at all']],
    ['<int>', ['0', '201', '-1']],
    ['<num>', ['0.162', '3', '-12.50']],
    ['<ip>', ['10.0.0.2', 'fe80::c8e8:1bff:fe73:397a', '::1', '::ffff:10.0.0.1', 'fe80::1%veth1']],
    ['<mac>', ['ca:e8:1b:73:39:7a', '00:00:00:00:00:00']],
    ['<if>', ['lo', 'br-0123456789ab', 'veth1@veth2', 'eth0@if7', 'ens33.100']],
    ['<hex>', ['0x800', 'deadBEEF', '7']],
    ['<time>', ['23:59:59', '12:34:56.789012']],
  ])('%s matches %j', (pattern, lines) => {
    for (const line of lines) expect(matches(pattern, line), line).toBe(true)
  })

  it.each([
    ['<int>', ['', '-', '1.5', '12a', '+1']],
    ['<num>', ['', '1.', '.5', '1.2.3']],
    ['<ip>', ['10.0.0.256', '10.0.0.1/24', '10.0.0', 'ca:e8:1b:73:39:7a', 'fe80::1/64', '12:34:56']],
    ['<mac>', ['ca:e8:1b:73:39', 'ca-e8-1b-73-39-7a', 'ca:e8:1b:73:39:7a:00']],
    ['<if>', ['', 'much-too-long-name', 'a/b', 'two words', 'eth0:', 'eth0@']],
    ['<hex>', ['', '0x', '12g']],
    ['<time>', ['24:00:00', '12:34', '12:34:56.']],
  ])('%s does not match %j', (pattern, lines) => {
    for (const line of lines) expect(matches(pattern, line), line).toBe(false)
  })

  it('matches what ping, ip and tcpdump print', () => {
    const reply = '64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.162 ms'
    expect(matches('64 bytes from <ip>: icmp_seq=<int> ttl=64 time=<num> ms', reply)).toBe(true)
    expect(matches('rtt <*> = <num>/<num>/<num>/<num> ms', 'rtt min/avg/max/mdev = 0.035/0.098/0.162/0.063 ms')).toBe(
      true,
    )
    expect(
      matches(
        '2 packets transmitted, <int> received, <*> time <int>ms',
        '2 packets transmitted, 2 received, 0% packet loss, time 201ms',
      ),
    ).toBe(true)
    const link = '3: veth1@veth2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP'
    expect(matches('<int>: <if>: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu <int> <*> state UP', link)).toBe(true)
    expect(matches('<int>: veth1@<if>: <*>UP<*>', link)).toBe(true)
    const echo = '12:34:56.789012 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 4242, seq 1, length 64'
    expect(matches('<time> IP 10.0.0.1 > <ip>: ICMP echo request, id <int>, seq 1, <*>', echo)).toBe(true)
    const tcp = '12:34:56.789012 IP 192.168.0.129.51234 > 192.168.0.10.8000: Flags [S], seq 1, win 64240'
    expect(matches('<time> IP <ip>.<int> > 192.168.0.10.8000: Flags [S], <*>', tcp)).toBe(true)
    expect(matches('<*> IP6 <ip>.<int> > <ip>.5353: <*>', '12:00:00 IP6 fe80::1.5353 > ff02::fb.5353: 0 PTR')).toBe(
      true,
    )
    expect(matches('ether <mac>, ethertype ARP (<hex>)', 'ether ca:e8:1b:73:39:7a, ethertype ARP (0x0806)')).toBe(true)
  })

  it('keeps any other <…> literal', () => {
    expect(matches('<LOOPBACK,UP> <ipv4> <INT> <>', '<LOOPBACK,UP> <ipv4> <INT> <>')).toBe(true)
    expect(matches('<LOOPBACK,UP>', 'UP')).toBe(false)
    expect(matches('<aa:bb:cc:dd:ee:ff> <http://x> <1:int>', '<aa:bb:cc:dd:ee:ff> <http://x> <1:int>')).toBe(true)
  })

  it('keeps the signs of regular expressions literal', () => {
    expect(matches('a.b* (c) [d] $e ^', 'a.b* (c) [d] $e ^')).toBe(true)
    expect(matches('a.b', 'axb')).toBe(false)
  })

  it('does not cut a value in two', () => {
    expect(remembers('<*><n:int> packets', '128 packets')).toEqual({ n: '128' })
    expect(matches('<n:int><*>', '128 packets', { n: '12' })).toBe(false)
    expect(matches('<*><n:int> packets', '128 packets', { n: '28' })).toBe(false)
    expect(matches('from <a:ip><*>', 'from 10.0.0.12: ttl 64', { a: '10.0.0.1' })).toBe(false)
    expect(matches('<*><m:mac>', 'ether ca:e8:1b:73:39:7a:01', { m: 'e8:1b:73:39:7a:01' })).toBe(false)
    expect(matches('<int>5', '125')).toBe(true)
  })
})

describe('remembering', () => {
  it('gives the value the name', () => {
    expect(remembers('<id:int>: <dev:if>: <*>', '3: veth1: <UP>')).toEqual({ id: '3', dev: 'veth1' })
    expect(remembers('<first:*> <rest:*>', 'one two three')).toEqual({ first: 'one', rest: 'two three' })
    expect(remembers('<port_1:int>', '80', { other: 'x' })).toEqual({ other: 'x', port_1: '80' })
  })

  it('wants the same value where the name occurs again', () => {
    expect(matches('<a:ip> > <a:ip>', '10.0.0.1 > 10.0.0.1')).toBe(true)
    expect(matches('<a:ip> > <a:ip>', '10.0.0.1 > 10.0.0.2')).toBe(false)
    expect(matches('<x:*>-<x:*>', 'a-b-a-b')).toBe(true)
    expect(matches('<x:*>-{{x}}', 'a-b-a-c')).toBe(false)
    expect(matches('<x:*>', 'a', { x: 'b' })).toBe(false)
  })

  it('fills {{name}} in, and does not match without a value', () => {
    expect(matches('from {{a}}: <*>', 'from 10.0.0.1: ttl=64', { a: '10.0.0.1' })).toBe(true)
    expect(matches('from {{lan.1}}:', 'from 10.16.0.1:', { 'lan.1': '10.16.0.1' })).toBe(true)
    expect(matches('from {{a}}', 'from {{a}}')).toBe(false)
    expect(fillRemembered('ip -n {{ns}} link; {{none}} {{', new Map([['ns', 'net1']]))).toBe(
      'ip -n net1 link; {{none}} {{',
    )
  })
})

describe('regular expressions', () => {
  it('match the whole line', () => {
    expect(matches('/[12] packets?|none/', '2 packets')).toBe(true)
    expect(matches('/[12] packets?|none/', 'none at all')).toBe(false)
    expect(matches('//', '//')).toBe(true)
    expect(matches('/proc/sys', '/proc/sys')).toBe(true)
  })

  it('take {{name}} as text', () => {
    expect(matches('/{{a}} .+/', '10.0.0.1 up', { a: '10.0.0.1' })).toBe(true)
    expect(matches('/{{a}} .+/', '10x0x0x1 up', { a: '10.0.0.1' })).toBe(false)
    expect(matches('/{{a}}.*/', 'up')).toBe(false)
  })
})

describe('problems', () => {
  it('are found in all lines, with their places', () => {
    const { problems } = compileExpected('fine <int>\n  pid <pid:integer> <a:mca>\n...\n/(/\n/a)(b/')
    expect(problems.map(({ line, column, length }) => [line, column, length])).toEqual([
      [1, 6, 13],
      [1, 20, 7],
      [3, 0, 3],
      [4, 0, 6],
    ])
    expect(problems[2]!.message).toBe('this is not a valid regular expression: Unterminated group')
  })

  it.each([
    ['<pid:xyz>', '<pid:int>'],
    ['<pid:integer>', '<pid:int>'],
    ['<a:IPv4>', '<a:ip>'],
    ['<dev:interface>', '<dev:if>'],
    ['<m:macc>', '<m:mac>'],
    ['<t:>', '<t:*>'],
  ])('%s: did you mean %s?', (written, meant) => {
    const { problems } = compileLine(written)
    expect(problems).toMatchObject([{ line: 0, column: 0, length: written.length }])
    expect(problems[0]!.suggestion).toBe(`did you mean \`${meant}\`?`)
  })

  it('leave the line literal', () => {
    for (const text of ['/(/', '<pid:xyz>']) expect(matchLine(compileLine(text).pattern, text, new Map())).toBeDefined()
  })
})
