import { expect, test } from 'vitest'
import { localMachine } from '../../../src/machine/local.ts'
import type { Machine } from '../../../src/machine/machine.ts'
import { World } from '../../../src/world/world.ts'
import { asUser, isRoot, STRANGER } from '../../conformance/machines.ts'
import { fence, frontMatter } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

const LAN = `${frontMatter('world: lan')}## It\n`

/** What the world says of processes that were started by a block. */
const GONE = fence('sh', 'sleep 0; ! pgrep -f "http.serve[r]|tcpdum[p]"')

test.each(users)('a server is waited for, in its namespace, and ends with its step: %s', async (_name, machine) => {
  const { result, blocks } = await runText(
    LAN +
      fence('sh', 'ip netns add box', 'ip -n box link set lo up') +
      fence('sh background ready=8000/tcp', 'sleep 0.5', 'cd /etc', 'python3 -m http.server 8000') +
      fence('sh terminal=client', 'curl -s http://192.168.0.10:8000/hostname') +
      fence('output', 'host') +
      fence('sh background ready=80/tcp', 'ip netns exec box python3 -m http.server 80') +
      fence('sh', 'ip netns exec box curl -s -o /dev/null http://127.0.0.1/') +
      `## Then\n${GONE}`,
    { openWorld: (spec) => World.open(machine, spec) },
  )
  expect(blocks.map(({ reason }) => reason)).toEqual([null, null, null, null, null, null])
  expect(result.status).toBe('passed')
})

test('on another machine: a server, and a capture that is really listening', async () => {
  const { result, blocks } = await runText(
    LAN +
      fence('sh background ready=9000/tcp terminal=client', 'python3 -m http.server 9000') +
      fence('sh background terminal=client ready="listening on"', 'tcpdump -nli eth0 --immediate-mode icmp') +
      fence("sh background ready='listening on'", 'tcpdump -nli ens33 --immediate-mode icmp') +
      fence('sh', 'ping -c 1 192.168.0.129', 'curl -s -o /dev/null http://client:9000/') +
      `## Then\n${GONE}${fence('sh terminal=client', '! ss -Hltn | grep :9000')}`,
  )
  expect(blocks.map(({ reason }) => reason)).toEqual([null, null, null, null, null, null])
  expect(result.status).toBe('passed')
  for (const { output } of blocks.slice(1, 3))
    expect(output).toMatch(
      /IP 192.168.0.10 > 192.168.0.129: ICMP echo request[\s\S]*echo reply[\s\S]*2 packets captured/,
    )
})

test('until=lab: ready once, and there in later steps too', async () => {
  const { result } = await runText(
    LAN +
      fence('sh background ready=9000/tcp until=lab terminal=client', 'python3 -m http.server 9000') +
      `## Then\n${fence('sh', 'curl -s -o /dev/null http://192.168.0.129:9000/')}`,
  )
  expect(result.status).toBe('passed')
})

test('udp, a program of another user, and one that puts itself into the background', async () => {
  const open = (port: number) => `IO::Socket::INET->new(Proto => "udp", LocalPort => ${port}) or die`
  const { result, blocks } = await runText(
    LAN +
      fence('sh background ready=53/udp', `perl -MIO::Socket::INET -e '$s = ${open(53)}; sleep 60'`) +
      fence(
        'sh background ready=54/udp',
        `perl -MIO::Socket::INET -e 'exit if fork; sleep 1; $s = ${open(54)}; sleep 60'`,
      ) +
      fence(
        'sh background ready=5555/udp',
        `su -s /bin/sh - nobody -c 'perl -MIO::Socket::INET -e "\\$s = ${open(5555).replaceAll('"', '\\"')}; sleep 60"'`,
      ) +
      fence('sh', 'ss -Hlun | grep -c -e :53 -e :54 -e :5555') +
      fence('output', '3'),
  )
  expect(blocks.map(({ reason }) => reason)).toEqual([null, null, null, null])
  expect(result.status).toBe('passed')
})

test.each([
  [
    'sh background timeout=600ms ready=8000/tcp',
    'python3 -m http.server 8001',
    'nothing listens to 8000/tcp within 0.6 s',
  ],
  [
    'sh background timeout=600ms ready="listening on"',
    'echo wait; sleep 60',
    'it has not printed "listening on" within 0.6 s',
  ],
  ['sh background ready=8000/tcp', 'echo cannot; false', 'it ended with status 1'],
  ['sh background ready="listening on"', 'tcpdump -i nothing', 'it ended with status 1'],
])('%s, with `%s`, is not ready', async (info, command, reason) => {
  const { events, blocks } = await runText(LAN + fence(info, command) + fence('sh', '! pgrep -f http.serve[r]'))
  expect(blocks).toMatchObject(
    [
      { status: 'failed', reason: `not ready: ${reason}`, commands: [{ status: 'failed', output: /./ }] },
      { status: 'passed' },
    ].map((block) => ({ ...block, commands: expect.anything() })),
  )
  expect(blocks[0]!.output).not.toBe('')
  const ends = events.filter(({ type }) => type === 'block-end' || type === 'block-start').map(({ type }) => type)
  expect(ends).toEqual(['block-start', 'block-end', 'block-start', 'block-end'])
})

test('a wait can be interrupted', async () => {
  const stop = new AbortController()
  const start = Date.now()
  const { blocks } = await runText(LAN + fence('sh background ready=8000/tcp', 'echo started; sleep 60'), {
    signal: stop.signal,
    onEvent: (event) => {
      if (event.type === 'output') stop.abort()
    },
  })
  expect(Date.now() - start).toBeLessThan(5000)
  expect(blocks).toMatchObject([{ status: 'skipped', reason: 'interrupted' }])
})

test('a block that ends at once never holds up what comes next', async () => {
  const { events, result } = await runText(
    `${frontMatter()}## It\n${Array.from({ length: 60 }, () => fence('sh background', 'true')).join('')}${fence('sh', 'true')}`,
  )
  expect(result).toMatchObject({ status: 'passed', duration: expect.toSatisfy((time: number) => time < 9000) })
  expect(events.filter(({ type }) => type === 'block-end')).toHaveLength(61)
})
