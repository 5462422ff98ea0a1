import { describe, expect, test } from 'vitest'
import { localMachine } from '../../../src/machine/local.ts'
import type { Machine } from '../../../src/machine/machine.ts'
import { World } from '../../../src/world/world.ts'
import { isRoot, wrapped } from '../../conformance/machines.ts'
import { fence, oneStep } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

// A probe that did not run never passes, least of all where nothing is what is expected.

/** A host and a namespace with an address each; 10.0.0.9 is nobody's, 10.0.0.2 answers. */
const NETWORK = [
  'if [ -x /opt/ip ]; then ip() { /opt/ip "$@"; }; fi',
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

async function look(commands: readonly string[], specs: readonly object[], machine: Machine = localMachine) {
  const lines = specs.map((spec) => `- ${JSON.stringify({ ...spec, within: 0 })}`)
  const text = oneStep(fence('sh', ...NETWORK), fence('sh', ...commands), fence('yaml check', ...lines))
  const { result, checks, blocks } = await runText(text, { openWorld: (spec) => World.open(machine, spec) })
  expect(blocks.map(({ status }) => status)).toEqual(['passed', 'passed'])
  return { result, checks }
}

/**
 * A machine whose program is another one, made by lines of a shell as the file `x`: what a student does to programs in a
 * world is of no consequence for checks. The student has the real one in /opt.
 */
function machineWith(program: string, lines: string): Machine {
  const made = `mount -t tmpfs none /opt && cd /opt && p=$(command -v ${program}) && cp $p . && ${lines}
    chmod 755 x && mount --bind x $(readlink -f $p) && cd / && exec "$@"`
  return wrapped(`a machine with another ${program}`, ['unshare', '-m', 'sh', '-c', made, 'sh'])
}

test('undisturbed, all of them hold', async () => {
  const { result } = await look(['true'], [...PINGS, ...FACTS])
  expect(result.status).toBe('passed')
})

describe.runIf(isRoot)('ping', () => {
  test.each([
    ['has no interpreter', "printf '#!/nowhere\\n' > x;", /ping: No such file or directory.*labrun doctor/],
    ['may not be run', "printf '#!/etc\\n' > x;", /ping: Permission denied/],
    ['is no program', 'head -c 100 /dev/urandom > x;', /ping/],
    ['is killed', "printf '#!/bin/bash\\nkill -9 $$' > x;", /ended by signal 9/],
    [
      'may not make a socket',
      'printf \'#!/bin/bash\\nexec setpriv --reuid 1 --clear-groups /opt/ping "$@"\' > x;',
      /Operation not permitted/,
    ],
    ['says nothing', 'cp /usr/bin/true x;', /ping could not try/],
  ])('%s', async (_what, lines, reason) => {
    const { checks, result } = await look(['true'], PINGS, machineWith('ping', lines))
    for (const check of checks) {
      expect(check).toMatchObject({ status: 'error', expected: 'to find out', actual: expect.stringMatching(reason) })
      expect(check.evidence).not.toEqual([])
    }
    expect(result).toMatchObject({ status: 'error', ledger: { error: PINGS.length } })
  })
})

describe.runIf(isRoot)('ip', () => {
  test.each([
    ['may not be run', "printf '#!/etc\\n' > x;", /ip: Permission denied/],
    ['says nothing', 'cp /usr/bin/true x;', /did not print JSON/],
    ['fails', 'cp /usr/bin/false x;', /ended with status 1/],
  ])('%s', async (_what, lines, reason) => {
    // Where there is no /run/netns, ip is right to print nothing when it is asked for namespaces.
    const facts = FACTS.filter((fact) => !('netns' in fact) || !lines.includes('true'))
    const { checks } = await look(['true'], facts, machineWith('ip', lines))
    for (const check of checks) expect(check).toMatchObject({ status: 'error', actual: expect.stringMatching(reason) })
  })

  test('replaced by the student, changes nothing', async () => {
    const { result } = await look(['mount --bind /usr/bin/false $(type -P ip); mount -t tmpfs none /usr/bin'], FACTS)
    expect(result.status).toBe('passed')
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
  const spec = '- {addr: net1/lo, lacks: 10.0.0.1/8, within: 5s}'
  const later = '(sleep 0.5; ip netns add net1) &'
  const { checks } = await runText(oneStep(fence('sh', later), fence('yaml check', spec)))
  expect(checks).toMatchObject([{ status: 'passed' }])
  expect(checks[0]!.tries).toBeGreaterThan(1)
})
