import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { lan, outputOf } from '../conformance/case.ts'
import { asUser, isRoot, STRANGER } from '../conformance/machines.ts'
import { makeCheck } from '../support/check-in-world.ts'

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

describe.each(users)('as %s', (_name, machine) => {
  let world: World
  beforeEach(async () => {
    world = await World.open(machine, lan)
  })
  afterEach(() => world.close())

  const check = (...lines: string[]) => makeCheck(world, ...lines)
  const serve = async (text: string) => void (await world.launch('main', text, () => {}))

  test('tcp: open, on an address, by a name, and as soon as the server is there', async () => {
    expect(await check('tcp: host -> 203.0.113.10:80')).toMatchObject({
      status: 'passed',
      actual: 'the connection was opened',
      evidence: [{ command: 'nc -zv 203.0.113.10 80', output: '203.0.113.10 port 80: open' }],
    })
    expect(await check('tcp: client -> www.example.com:80')).toMatchObject({ status: 'passed', tries: 1 })
    await serve('sleep 0.4; python3 -m http.server 8000 --bind ::1')
    const late = await check('tcp: host -> [::1]:8000', 'within: 8s')
    expect(late).toMatchObject({ status: 'passed' })
    expect(late.tries).toBeGreaterThan(1)
  })

  test('tcp: refused, by nobody and by a rule', async () => {
    expect(await check('tcp: client -> 192.168.0.10:8000', 'expect: refused')).toMatchObject({
      status: 'passed',
      duration: expect.toSatisfy((milliseconds: number) => milliseconds < 1000),
      evidence: [
        { command: '(on client) nc -zv 192.168.0.10 8000', output: '192.168.0.10 port 8000: Connection refused' },
      ],
    })
    expect(await check('tcp: client -> 192.168.0.10:8000', 'within: 0')).toMatchObject({
      status: 'failed',
      expected: 'a connection is opened',
      actual: 'the connection was refused',
    })
    await outputOf(world, 'iptables -A INPUT -p tcp --dport 1 -j REJECT --reject-with tcp-reset')
    expect(await check('tcp: client -> 192.168.0.10:1', 'expect: refused')).toMatchObject({ status: 'passed' })
  })

  test('tcp: no answer, where a SYN has left', async () => {
    await outputOf(world, 'iptables -A INPUT -p tcp --dport 8000 -j DROP')
    const silent = await check('tcp: client -> 192.168.0.10:8000', 'expect: no-answer')
    expect(silent).toMatchObject({ status: 'passed', tries: 1, actual: 'a SYN was sent, and no answer came' })
    expect(silent.duration).toBeLessThan(2500)
    expect(await check('tcp: client -> 192.168.0.10:8001', 'expect: no-answer', 'within: 0')).toMatchObject({
      status: 'failed',
      actual: 'the connection was refused',
    })
    expect(await check('tcp: client -> 203.0.113.10:80', 'expect: no-answer', 'within: 0')).toMatchObject({
      status: 'failed',
      actual: 'the connection was opened',
    })
  })

  test.each([
    ['no route', 'tcp: box -> 10.9.9.9:80', 'no connection: Network is unreachable'],
    ['nobody has the address', 'tcp: host -> 192.168.0.77:80', 'no connection: No route to host'],
    ['a router says so', 'tcp: host -> 9.9.9.9:80', /^no connection: (Network is unreachable|No route to host)$/],
    ['no such name', 'tcp: host -> nowhere:80', 'no connection: the name nowhere is not known'],
  ])('tcp: %s is neither refused nor no answer', async (_name, line, actual) => {
    await outputOf(world, 'ip netns add box')
    // To give up on ARP takes the kernel three seconds.
    for (const expected of line.includes('0.77') ? ['no-answer'] : ['refused', 'no-answer']) {
      const result = await check(line, `expect: ${expected}`, 'within: 0')
      expect(result).toMatchObject({ status: 'failed', actual: expect.stringMatching(actual) })
    }
  })

  test.each(['tcp: gone -> 10.0.0.1:80', 'http: gone -> http://10.0.0.1/', 'listen: gone:80/tcp'])(
    '%s: the place is missing, so nothing is known',
    async (line) => {
      const negative = { tcp: 'expect: no-answer', http: 'status: any', listen: 'absent: true' }[line.split(':')[0]!]!
      const result = await check(line, negative, 'within: 0')
      expect(result).toMatchObject({ status: 'error', actual: expect.stringMatching(/no network namespace 'gone'/) })
    },
  )

  test('http: status and body', async () => {
    expect(await check('http: client -> http://www.example.com/', 'body: You came from 203.0.113.1')).toMatchObject({
      status: 'passed',
      tries: 1,
      actual: 'status 200',
      evidence: [{ command: expect.stringMatching(/^\(on client\) curl .* http:\/\/www.example.com\/$/) }],
    })
    expect(await check('http: host -> http://203.0.113.10', 'body: nothing', 'within: 0')).toMatchObject({
      status: 'failed',
      actual: expect.stringMatching(/^status 200, without it: "This is www.example.com/),
    })
    await serve('cd /etc && exec python3 -m http.server 8000')
    expect(await check('http: client -> http://192.168.0.10:8000/hostname', 'body: host', 'within: 8s')).toMatchObject({
      status: 'passed',
    })
    expect(await check('http: client -> http://192.168.0.10:8000/nowhere', 'status: 404')).toMatchObject({
      status: 'passed',
    })
    expect(await check('http: client -> http://192.168.0.10:8000/nowhere', 'within: 0')).toMatchObject({
      status: 'failed',
      expected: 'an answer with status 200',
      actual: 'status 404',
    })
    expect(await check('http: client -> http://192.168.0.10:8000/nowhere', 'status: any')).toMatchObject({
      status: 'passed',
    })
  })

  test('http: why there is no answer, in words', async () => {
    const answer = (text: string) =>
      `perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => shift, Listen => 9, ReuseAddr => 1); while (my $c = $s->accept) { sysread $c, my $r, 999; ${text} }'`
    await serve(`${answer('close $c')} 81 & ${answer('print $c "hello\\n"')} 82 & ${answer('sleep 60')} 83`)
    await outputOf(world, 'echo "url = http://www.example.com/" > ~/.curlrc; ip netns add box')
    const lines = [81, 82, 83].map((port) => check(`listen: ${port}/tcp`, 'within: 5s'))
    expect((await Promise.all(lines)).map(({ status }) => status)).toEqual(['passed', 'passed', 'passed'])
    for (const [url, reason] of [
      ['http://192.168.0.10:80/', /^no answer: no connection \(Failed to connect.*\)$/],
      ['http://nowhere/', /^no answer: the name is not known \(Could not resolve host: nowhere\)$/],
      ['http://192.168.0.10:81/', /^no answer: the connection (was closed without an answer|broke off)/],
      ['http://192.168.0.10:82/', /^no answer: the answer is no HTTP/],
      ['http://192.168.0.10:83/', /^no answer: it was not over within 3 s/],
    ] as const) {
      const result = await check(`http: host -> ${url}`, 'status: any', 'within: 0')
      expect(result, url).toMatchObject({ status: 'failed', actual: expect.stringMatching(reason) })
    }
    expect(await check('http: box -> http://10.0.0.1/', 'within: 0')).toMatchObject({ status: 'failed' })
  })

  test('listen: process, address, protocol, place, absence', async () => {
    await outputOf(world, 'ip netns add box')
    await outputOf(world, 'ip -n box link set lo up')
    expect(await check('listen: 8000/tcp', 'absent: true')).toMatchObject({ status: 'passed', tries: 1 })
    await serve(`python3 -m http.server 8000 --bind 127.0.0.1 &
      ip netns exec box python3 -m http.server 80 &
      perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Proto => "udp", LocalPort => 53) or die; $0 = "a-very-long-process-name"; sleep 60'`)
    for (const lines of [
      ['listen: 8000/tcp', 'within: 8s', 'process: python3', 'address: 127.0.0.1'],
      ['listen: host:8000/tcp', 'address: 192.168.0.10', 'absent: true'],
      ['listen: 8000/tcp', 'process: nginx', 'absent: true'],
      ['listen: 8000/udp', 'absent: true'],
      ['listen: box:80/tcp', 'within: 8s', 'address: 0.0.0.0'],
      ['listen: 80/tcp', 'absent: true'],
      ['listen: 53/udp', 'within: 8s', 'process: a-very-long-process-name'],
      ['listen: server:80/tcp'],
    ]) {
      expect(await check(...lines), lines.join()).toMatchObject({ status: 'passed' })
    }
    expect(await check('listen: 8000/tcp', 'process: nginx', 'within: 0')).toMatchObject({
      status: 'failed',
      expected: 'somebody listens to 8000/tcp by nginx',
      actual: 'python3 (on 127.0.0.1) listens to 8000/tcp',
    })
    expect(await check('listen: server:80/tcp', 'process: httpd', 'within: 0')).toMatchObject({ status: 'passed' })
    expect(await check('listen: box:81/tcp', 'within: 0')).toMatchObject({
      status: 'failed',
      actual: 'nobody listens to 81/tcp in box',
    })
  })
})
