import { describe, expect, test } from 'vitest'
import { fence, oneStep } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

// A probe that did not run never passes, least of all where nothing is what is expected.

/** A host and a namespace with an address each; 10.0.0.9 is nobody's, 10.0.0.2 answers. */
const NETWORK = [
  'ip link set lo up',
  'ip netns add net1',
  'ip link add veth0 type veth peer name veth1 netns net1',
  'ip addr add 10.0.0.1/24 dev veth0',
  'ip -n net1 addr add 10.0.0.2/24 dev veth1',
  'ip link set veth0 up',
  'ip -n net1 link set veth1 up',
]

/** Each would pass, or fail, if only it could be looked. */
const PINGS = [
  { ping: 'host -> 10.0.0.2' },
  { ping: 'host -> 10.0.0.9', expect: 'no-reply' },
  { ping: 'host -> 203.0.113.1', expect: 'unreachable' },
  { ping: 'net1 -> 10.0.0.1' },
  { ping: 'net1 -> 10.0.0.9', expect: 'no-reply' },
]

const FACTS = [
  { netns: 'net1' },
  { netns: 'net2', absent: true },
  { link: 'veth0', type: 'veth' },
  { link: 'veth9', absent: true },
  { link: 'net1/veth9', absent: true },
  { addr: 'veth0', has: '10.0.0.1/24' },
  { addr: 'veth0', lacks: '10.0.0.9/24' },
  { route: '10.0.0.0/24' },
  { route: '10.9.0.0/24', absent: true },
  { neigh: '10.0.0.77', absent: true },
]

async function look(commands: readonly string[], specs: readonly object[]) {
  const lines = specs.map((spec) => `- ${JSON.stringify({ ...spec, within: 0 })}`)
  const text = oneStep(fence('sh', ...NETWORK), fence('sh', ...commands), fence('yaml check', ...lines))
  const { result, checks, blocks } = await runText(text)
  expect(blocks.map(({ status }) => status)).toEqual(['passed', 'passed'])
  return { result, checks }
}

test('undisturbed, all of them hold', async () => {
  const { result } = await look(['true'], [...PINGS, ...FACTS])
  expect(result.status).toBe('passed')
})

describe('ping', () => {
  test.each([
    ['is not there', ['mount -t tmpfs none /usr/bin'], /ping: No such file or directory.*labrun doctor/],
    ['may not be run', ['mount --bind /dev/null /usr/bin/ping'], /ping: Permission denied/],
    ['is no program', ['head -c 100 /dev/urandom > x; chmod +x x; mount --bind x /usr/bin/ping'], /ping/],
    [
      'is killed',
      ["printf '#!/bin/bash\\nkill -9 $$' > x; chmod +x x; mount --bind x /usr/bin/ping"],
      /ended by signal 9/,
    ],
    [
      'may not make a socket',
      [
        'cp /usr/bin/ping /tmp/real',
        'printf \'#!/bin/bash\\nexec setpriv --bounding-set=-all --inh-caps=-all /tmp/real "$@"\' > x',
        'chmod +x x; mount --bind x /usr/bin/ping',
      ],
      /Operation not permitted/,
    ],
    ['says nothing', ['mount --bind /usr/bin/true /usr/bin/ping'], /ping could not try/],
  ])('%s', async (_what, commands, reason) => {
    const { checks, result } = await look(commands, PINGS)
    for (const check of checks) {
      expect(check).toMatchObject({ status: 'error', expected: 'to find out', actual: expect.stringMatching(reason) })
      expect(check.evidence).not.toEqual([])
    }
    expect(result).toMatchObject({ status: 'error', ledger: { error: PINGS.length } })
  })
})

describe('ip', () => {
  test.each([
    ['may not be run', 'mount --bind /dev/null $(type -P ip)', /ip: Permission denied/],
    ['says nothing', 'mount --bind /usr/bin/true $(type -P ip)', /did not print JSON/],
    ['fails', 'mount --bind /usr/bin/false $(type -P ip)', /ended with status 1/],
  ])('%s', async (_what, command, reason) => {
    // Where there is no /run/netns, ip is right to print nothing when it is asked for namespaces.
    const facts = FACTS.filter((fact) => !('netns' in fact) || !command.includes('true'))
    const { checks } = await look([command], facts)
    for (const check of checks) expect(check).toMatchObject({ status: 'error', actual: expect.stringMatching(reason) })
  })
})

describe('a namespace that is not there', () => {
  test.each([
    [{ ping: 'nowhere -> 10.0.0.9', expect: 'no-reply' }],
    [{ ping: 'nowhere -> 10.0.0.9', expect: 'unreachable' }],
    [{ link: 'nowhere/veth1', absent: true }],
    [{ addr: 'nowhere/veth1', lacks: '10.0.0.2/24' }],
    [{ route: '10.0.0.0/24', in: 'nowhere', absent: true }],
    [{ neigh: '10.0.0.2', in: 'nowhere', absent: true }],
    [{ sysctl: 'net.ipv4.ip_forward', in: 'nowhere', is: 0 }],
    [{ run: 'false', in: 'nowhere', exit: 1 }],
    [{ link: 'veth0', peer: 'nowhere/veth1' }],
  ])('%j', async (spec) => {
    const { checks } = await look(['true'], [spec])
    expect(checks).toMatchObject([{ status: 'error', actual: expect.stringMatching(/namespace 'nowhere'/) }])
  })
})

describe('a command line of a run check', () => {
  test.each([
    ['is killed', { run: 'kill -9 $$', exit: 'any' }, /ended by signal 9/],
    ['has no shell', { run: 'true', exit: 'any' }, /bash/],
  ])('%s', async (what, spec, reason) => {
    const { checks } = await look([what === 'has no shell' ? 'mount --bind /dev/null /usr/bin/bash' : 'true'], [spec])
    expect(checks).toMatchObject([{ status: 'error', actual: expect.stringMatching(reason) }])
  })
})

test('a sysctl that is not there has no value, not even an empty one', async () => {
  const { checks } = await look(['true'], [{ sysctl: 'net.ipv4.nothing', is: '' }])
  expect(checks).toMatchObject([{ status: 'error' }])
})

test('a check that cannot look is tried again, and one that can at last has its verdict', async () => {
  const spec = '- {netns: net1, within: 5s}'
  const hide = 'mount --bind /dev/null $(type -P ip); (sleep 0.5; umount $(type -P ip)) &'
  const { checks } = await runText(oneStep(fence('sh', 'ip netns add net1', hide), fence('yaml check', spec)))
  expect(checks).toMatchObject([{ status: 'passed' }])
  expect(checks[0]!.tries).toBeGreaterThan(1)
})
