import { describe, expect, test } from 'vitest'
import { http, readHttp } from '../../../src/checks/http.ts'
import { listen, readListening } from '../../../src/checks/listen.ts'
import { readTcp, type TcpSeen, tcp } from '../../../src/checks/tcp.ts'
import { ProbeError, type ProbeResult } from '../../../src/world/probes.ts'
import { probeThatSays } from '../../support/recorded-probe.ts'

const nothing = new Map<string, string>()

function said(result: Partial<ProbeResult>): ProbeResult {
  return { status: 0, stdout: '', stderr: '', ...result }
}

describe('tcp', () => {
  const outcomes: Readonly<Record<string, TcpSeen>> = {
    open: { outcome: 'open', text: 'open' },
    refused: { outcome: 'refused', text: 'Connection refused' },
    timeout: { outcome: 'timeout', text: 'timed out' },
    held: { outcome: 'held', text: 'still waiting for ARP' },
    failed: { outcome: 'failed', text: 'Network is unreachable' },
  }

  test.each(['open', 'refused', 'no-answer'])('%s follows from one outcome and no other', (expected) => {
    const spec = tcp.schema.parse({ tcp: 'host -> 10.0.0.1:80', expect: expected }) as never
    const holding = Object.keys(outcomes).filter((name) => tcp.judge(spec, outcomes[name]!, nothing).holds)
    expect(holding).toEqual([expected === 'no-answer' ? 'timeout' : expected])
  })

  test('each outcome is told in words', () => {
    const spec = tcp.schema.parse({ tcp: 'host -> 10.0.0.1:80' }) as never
    expect(Object.values(outcomes).map((seen) => tcp.judge(spec, seen, nothing).actual)).toEqual([
      'the connection was opened',
      'the connection was refused',
      'a SYN was sent, and no answer came',
      'nothing was sent: nobody answered ARP',
      'no connection: Network is unreachable',
    ])
  })

  test('what was printed', () => {
    expect(readTcp(said({ stdout: 'failed No route to host\n' }))).toEqual({
      outcome: 'failed',
      text: 'No route to host',
    })
    expect(() => readTcp(said({ status: 2, stderr: 'socket: Operation not permitted\n' }))).toThrow(
      'connecting was not tried: socket: Operation not permitted',
    )
    expect(() => readTcp(said({ status: 137 }))).toThrow(ProbeError)
  })

  test.each([
    ['client -> 192.168.0.10:8000', { from: 'client', address: '192.168.0.10', port: '8000' }],
    ['net1->www.example.com:80', { from: 'net1', address: 'www.example.com', port: '80' }],
    ['host -> [fd00::1]:22', { from: 'host', address: 'fd00::1', port: '22' }],
    ['host -> {{address}}:{{port}}', { from: 'host', address: '{{address}}', port: '{{port}}' }],
  ])('%s', (text, connection) => {
    expect(tcp.schema.parse({ tcp: text })).toEqual({ tcp: connection, expect: 'open' })
  })

  test.each(['10.0.0.1:80', 'host -> 10.0.0.1', 'host -> 10.0.0.1:http', 'host -> fd00::1:80', 'a -> b -> c:1'])(
    'not %s',
    (text) => {
      expect(tcp.schema.safeParse({ tcp: text }).success).toBe(false)
    },
  )

  test('a port that is none cannot be tried', async () => {
    for (const port of ['0', '65536', '{{nothing}}']) {
      const spec = tcp.schema.parse({ tcp: `host -> 10.0.0.1:${port}` }) as never
      await expect(tcp.observe(spec, probeThatSays({}), undefined)).rejects.toThrow(`${port} is not a port`)
    }
  })
})

describe('http', () => {
  const page = said({ stdout: 'status 404\nof the body\nstatus 200\n' })

  test('the status is what curl added, not what the body says', () => {
    expect(readHttp(page)).toEqual({ status: 200, body: 'status 404\nof the body' })
    expect(readHttp(said({ stdout: '\nstatus 204\n' }))).toEqual({ status: 204, body: '' })
  })

  test.each([
    [
      7,
      'curl: (7) Failed to connect to 10.0.0.1 port 80 after 0 ms: Couldn’t connect to server',
      /^no connection \(Fa/,
    ],
    [28, 'curl: (28) Connection timed out after 3001 milliseconds', /^it was not over within 3 s \(Connection timed/],
    [52, 'curl: (52) Empty reply from server', /^the connection was closed without an answer \(Empty/],
    [56, '', /^the connection broke off$/],
  ])('status %i of curl is no answer', (status, stderr, trouble) => {
    const seen = readHttp(said({ status, stdout: '\nstatus 000\n', stderr: `${stderr}\n` }))
    expect(seen).toEqual({ status: undefined, trouble: expect.stringMatching(trouble) })
  })

  test('other trouble with curl is no verdict', () => {
    expect(() => readHttp(said({ status: 3, stderr: 'curl: (3) URL using bad/illegal format\n' }))).toThrow(
      'curl ended with status 3: URL using bad/illegal format',
    )
    expect(() => readHttp(said({ status: 0, stdout: 'nothing of the kind' }))).toThrow(ProbeError)
  })

  test.each([
    [{}, true, 'status 200'],
    [{ status: 'any', body: 'of the body' }, true, 'status 200'],
    [{ status: 404 }, false, 'status 200'],
    [{ body: 'else' }, false, 'status 200, without it: "status 404\\nof the body"'],
  ])('%o', (keys, holds, actual) => {
    const spec = http.schema.parse({ http: 'host -> http://10.0.0.1/', ...keys }) as never
    expect(http.judge(spec, readHttp(page), nothing)).toMatchObject({ holds, actual })
  })

  test('no answer never holds', () => {
    const spec = http.schema.parse({ http: 'host -> http://10.0.0.1/', status: 'any' }) as never
    const judgement = http.judge(spec, { status: undefined, trouble: 'no connection' }, nothing)
    expect(judgement).toEqual({
      holds: false,
      expected: 'an answer with any status',
      actual: 'no answer: no connection',
    })
  })

  test.each(['http://10.0.0.1/', 'host -> 10.0.0.1', 'host -> ftp://10.0.0.1/', 'host -> http://a b/'])(
    'not %s',
    (text) => {
      expect(http.schema.safeParse({ http: text }).success).toBe(false)
    },
  )
})

describe('listen', () => {
  const stdout = [
    'LISTEN 0      128               0.0.0.0:80   0.0.0.0:* users:(("python3",pid=22953,fd=3),("python3",pid=22909,fd=3))',
    'LISTEN 0      128          127.0.0.1%lo:8000 0.0.0.0:* users:(("python3",pid=22953,fd=4),("sh",pid=2,fd=4))',
    'LISTEN 0      128                     *:81         *:* users:(("my server",pid=22953,fd=5))',
    'LISTEN 0      128                  [::]:83      [::]:* users:(("python3",pid=22953,fd=7))',
    'LISTEN 0      128    [::ffff:127.0.0.1]:84         *:*',
    '',
  ].join('\n')

  test('what ss printed', () => {
    expect(readListening(said({ stdout }))).toEqual([
      { address: '0.0.0.0', port: 80, processes: ['python3'] },
      { address: '127.0.0.1', port: 8000, processes: ['python3', 'sh'] },
      { address: '*', port: 81, processes: ['my server'] },
      { address: '::', port: 83, processes: ['python3'] },
      { address: '::ffff:127.0.0.1', port: 84, processes: [] },
    ])
    expect(readListening(said({}))).toEqual([])
    expect(() => readListening(said({ stdout: 'Netid State\n' }))).toThrow(/not understood: Netid State/)
    expect(() => readListening(said({ status: 255, stderr: 'ss: no\n' }))).toThrow('ss ended with status 255: ss: no')
  })

  test.each([
    ['80/tcp', {}, true],
    ['79/tcp', {}, false],
    ['79/tcp', { absent: true }, true],
    ['80/tcp', { absent: true }, false],
    ['80/tcp', { address: '0.0.0.0' }, true],
    ['80/tcp', { address: '*' }, true],
    ['80/tcp', { address: '127.0.0.1' }, false],
    ['80/tcp', { address: '127.0.0.1', absent: true }, true],
    ['81/tcp', { address: '0.0.0.0' }, true],
    ['81/tcp', { address: '::' }, true],
    ['81/tcp', { process: 'my server' }, true],
    ['83/tcp', { address: '0.0.0.0' }, false],
    ['84/tcp', { address: '127.0.0.1' }, true],
    ['8000/tcp', { process: 'sh' }, true],
    ['8000/tcp', { process: 'nginx' }, false],
    ['8000/tcp', { process: 'nginx', absent: true }, true],
  ])('%s %o', async (text, keys, holds) => {
    const spec = listen.schema.parse({ listen: text, ...keys }) as never
    const seen = await listen.observe(spec, probeThatSays({ stdout }), undefined)
    expect(listen.judge(spec, seen, nothing).holds).toBe(holds)
  })

  test('what a process is called that nobody shows is not known, neither yes nor no', async () => {
    for (const keys of [{}, { absent: true }]) {
      const spec = listen.schema.parse({ listen: '84/tcp', process: 'nginx', ...keys }) as never
      await expect(listen.observe(spec, probeThatSays({ stdout }), undefined)).rejects.toThrow(
        'ss does not show which process listens to 84/tcp',
      )
    }
  })

  test.each(['80', 'tcp/80', 'box/80/tcp', '80/sctp', 'box: 80/tcp'])('not %s', (text) => {
    expect(listen.schema.safeParse({ listen: text }).success).toBe(false)
  })
})
