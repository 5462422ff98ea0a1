import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { expectedText, type Observed, rewriteExpected } from '../../../src/author/output/rewrite-expected.ts'
import { compileExpected, matchExpected } from '../../../src/lab/expected.ts'
import { oldLines, outputsOf } from './outputs.ts'

function observed(outputs: readonly string[], choices: Partial<Observed> = {}): Observed {
  const surroundings = { said: '', alone: outputs.length < 2 }
  return {
    outputs,
    known: outputs.map(() => new Map()),
    place: { form: 'sh', markup: '```' },
    surroundings,
    ...choices,
  }
}

function rewritten(old: string, ...outputs: readonly string[]): string {
  const lines = old.split('\n')
  return rewriteExpected(lines, observed(outputs))
    .map((line) => (typeof line === 'number' ? lines[line] : line))
    .join('\n')
}

describe('what differs between two runs becomes a placeholder', () => {
  test.each([
    ['a number', ['mtu 1500 id 17', 'mtu 1500 id 23'], 'mtu 1500 id <int>'],
    ['a number with a fraction', ['load 0.5 now', 'load 1 now'], 'load <num> now'],
    ['a MAC address', ['link/ether 0a:00:00:00:00:01 up', 'link/ether 3e:12:ab:00:ff:02 up'], 'link/ether <mac> up'],
    ['an address', ['from 10.0.0.1: ok', 'from 10.0.0.250: ok'], 'from <ip>: ok'],
    [
      'a port behind an address',
      ['10.0.0.1.40312 > 10.0.0.2.80', '10.0.0.1.51002 > 10.0.0.2.80'],
      '10.0.0.1.<int> > 10.0.0.2.80',
    ],
    ['a name of a device', ['dev veth1a2b3c up', 'dev veth9f8e7d up'], 'dev <if> up'],
    ['an id', ['id f00dcafe12 ok', 'id 0badf00d34 ok'], 'id <hex> ok'],
    ['a word', ['10.0.0.2 is STALE', '10.0.0.2 is FAILED'], '10.0.0.2 is <*>'],
    ['words', ['it is up', 'it is not quite up'], 'it is <*>up'],
    ['how many blanks there are', ['a  b', 'a     b'], 'a  b'],
    ['lines', ['a\nx\nz', 'a\nx\ny\nz'], 'a\nx\n...\nz'],
  ])('%s', (_what, outputs, expected) => {
    const text = expectedText(observed(outputs)).join('\n')
    expect(text).toBe(expected)
    for (const output of outputs) expect(matchExpected(compileExpected(text).pattern, output).matched).toBe(true)
  })
})

test('lines in another order are dots', () => {
  const text = expectedText(observed(['one\ntwo\nend', 'two\none\nend']))
  expect(text.at(-1)).toBe('end')
  expect(text).toContain('...')
})

describe('what looks as if it would change becomes a placeholder', () => {
  test.each([
    [
      '64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=0.043 ms',
      '64 bytes from 10.0.0.2: icmp_seq=1 ttl=64 time=<num> ms',
    ],
    [
      '2 packets transmitted, 2 received, 0% packet loss, time 1001ms',
      '2 packets transmitted, 2 received, 0% packet loss, time <int>ms',
    ],
    ['rtt min/avg/max/mdev = 0.041/0.047/0.053/0.006 ms', 'rtt min/avg/max/mdev = <num>/<num>/<num>/<num> ms'],
    ['3: veth1@if2: <BROADCAST,MULTICAST> mtu 1500', '<int>: veth1@if<int>: <BROADCAST,MULTICAST> mtu 1500'],
    ['net:[4026531840]', 'net:[<int>]'],
    ['users:(("python3",pid=29,fd=3))', 'users:(("python3",pid=<int>,fd=3))'],
    ['10.0.0.2 dev veth1 lladdr 0a:00:00:00:00:01 REACHABLE', '10.0.0.2 dev veth1 lladdr 0a:00:00:00:00:01 <*>'],
    [
      '12:30:59.123456 IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id 77, seq 1',
      '<time> IP 10.0.0.1 > 10.0.0.2: ICMP echo request, id <int>, seq 1',
    ],
    ['Date: Tue, 24 Nov 2026 15:38:31 GMT', 'Date: <*>'],
    [
      'curl: (7) Failed to connect to 10.0.0.9 port 80 after 0 ms',
      'curl: (7) Failed to connect to 10.0.0.9 port 80 after <int> ms',
    ],
  ])('%s', (line, expected) => {
    expect(expectedText(observed([line, line]))).toEqual([expected])
  })

  test('a MAC address that is the same in two runs stays; of a single run nobody knows', () => {
    const line = 'link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff'
    expect(expectedText(observed([line, line]))).toEqual([line])
    expect(expectedText(observed([line]))).toEqual(['link/ether <mac> brd ff:ff:ff:ff:ff:ff'])
  })

  test('what the commands say themselves stays', () => {
    const surroundings = { said: 'ip link set a address 02:00:00:00:00:01', alone: true }
    expect(expectedText(observed(['link/ether 02:00:00:00:00:01'], { surroundings }))).toEqual([
      'link/ether 02:00:00:00:00:01',
    ])
  })
})

describe('what would mean something else in a lab', () => {
  const place = { form: 'console', markup: '```' } as const

  test.each([
    '...',
    '<int> apples',
    'x {{name}} y',
    '/etc/netns/',
    '# ls',
    '$ ls',
    '#',
    '[exit 3]',
    '> quoted',
    '```',
    '`````',
    '<x:wrong>',
  ])('%s is taken for itself', (line) => {
    const text = expectedText(observed([`${line}\n`, `${line}\n`], { place }))
    const match = (output: string) => matchExpected(compileExpected(text.join('\n')).pattern, output).matched
    expect([match(line), match(`${line} more`), match('other')]).toEqual([true, false, false])
  })
})

describe('what was written by hand is kept', () => {
  test.each([
    [
      'a text that matches',
      'PING <*>\n...\n<int> packets',
      'PING a b\nx\ny\n2 packets',
      'PING <*>\n...\n<int> packets',
    ],
    [
      'placeholders of a line that has changed',
      '2 packets, <name:int> received, <*> loss',
      '3 packets, 3 received, 0% loss',
      '3 packets, <name:int> received, <*> loss',
    ],
    [
      'the anything at the end',
      'PING 10.0.0.2 (10.0.0.2) <*>',
      'PING 10.0.0.3 (10.0.0.3) 56(84) bytes of data.',
      'PING 10.0.0.3 (10.0.0.3) <*>',
    ],
    [
      'a device with its number',
      'veth1@if<int> <*> 10.0.0.1/24',
      'veth1@if3 UP 10.0.0.9/24',
      'veth1@if<int> <*> 10.0.0.9/24',
    ],
    ['dots between lines that have changed', 'a 1\n...\nb 2', 'a 2\nx\ny\nb 3', 'a 2\n...\nb 3'],
    ['lines around a new one', 'one <int>\nthree <int>', 'one 1\ntwo\nthree 3', 'one <int>\ntwo\nthree <int>'],
    ['lines around one that is gone', 'one <int>\ntwo\nthree <int>', 'one 1\nthree 3', 'one <int>\nthree <int>'],
    ['an expression', '/a+/\nold', 'aaa\nnew', '/a+/\nnew'],
    ['dots, but not alone', '...\nold\n...', 'quite\nanother\nthing', 'quite\nanother\nthing'],
  ])('%s', (_what, old, output, expected) => {
    expect(rewritten(old, output, output)).toBe(expected)
  })

  test('a name that is known must have its value', () => {
    const known = [new Map([['mac', '0a:00:00:00:00:01']]), new Map([['mac', '0a:00:00:00:00:02']])]
    const outputs = known.map((one) => `at ${one.get('mac')} now`)
    expect(rewriteExpected(['at {{mac}} then'], observed(outputs, { known }))).toEqual(['at {{mac}} now'])
    expect(rewriteExpected(['at {{mac}} then'], observed(['at 1 now', 'at 1 now'], { known }))).toEqual(['at 1 now'])
  })
})

test('whatever was written and whatever is printed: the new text matches every run, and is then left alone', () => {
  const place = fc.constantFrom({ form: 'sh', markup: '```' } as const, { form: 'console', markup: '~~~~' } as const)
  fc.assert(
    fc.property(oldLines, fc.integer({ min: 1, max: 3 }).chain(outputsOf), place, (old, outputs, where) => {
      const choices = observed(outputs, { place: where })
      const lines = rewriteExpected(old, choices).map((line) => (typeof line === 'number' ? old[line]! : line))
      const { pattern, problems } = compileExpected(lines.join('\n'))
      expect(problems).toEqual([])
      for (const output of outputs) expect(matchExpected(pattern, output).matched).toBe(true)
      expect(rewriteExpected(lines, choices)).toEqual([...lines.keys()])
    }),
    { numRuns: 400 },
  )
})

test('a text of nothing but runs matches each of them, and nothing that has another line', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3 }).chain(outputsOf), (outputs) => {
      const lines = expectedText(observed(outputs))
      const { pattern } = compileExpected(lines.join('\n'))
      for (const output of outputs) expect(matchExpected(pattern, output).matched).toBe(true)
      if (!lines.includes('...')) expect(matchExpected(pattern, `${outputs[0]}\u00a7 one more\n`).matched).toBe(false)
    }),
    { numRuns: 300 },
  )
})
