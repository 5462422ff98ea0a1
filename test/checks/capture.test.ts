import { type ChildProcess, spawn } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { eventually, lan, outputOf, type } from '../conformance/case.ts'
import { asUser, isRoot, STRANGER } from '../conformance/machines.ts'
import { makeCheck, watch } from '../support/check-in-world.ts'

const BUILD = `
for n in 1 2; do
  ip netns add net$n
  ip link add veth$n type veth peer name eth0 netns net$n
  ip addr add 10.0.$n.1/24 dev veth$n
  ip link set veth$n up
  ip -n net$n addr add 10.0.$n.2/24 dev eth0
  ip -n net$n link set eth0 up
  ip -n net$n route add default via 10.0.$n.1
done
sysctl -qw net.ipv4.ip_forward=1
`
const PING = 'ip netns exec net1 ping -q -c 1 -W 1 10.0.2.2'

const users: [string, Machine][] = [['the current user', localMachine]]
if (isRoot) users.push(['an ordinary user', asUser(STRANGER)])

describe.each(users)('a capture, as %s', (_name, machine) => {
  let world: World
  beforeEach(async () => {
    world = await World.open(machine, lan)
    await outputOf(world, BUILD)
  })
  afterEach(() => world.close())

  const around = (command: string, ...lines: string[]) => watch(world, lines, () => outputOf(world, command))

  test('sees what a command sends, and nothing else', async () => {
    await outputOf(world, PING)
    const asked = ['capture: net1/eth0', 'filter: icmp', 'ordered: true', 'count: 2']
    const sees = 'sees: [ICMP echo request, ICMP echo reply]'
    expect(await around(PING, ...asked, sees)).toMatchObject({
      status: 'passed',
      evidence: [
        {
          command: "ip netns exec net1 tcpdump -nn -i eth0 'icmp'",
          output: expect.stringMatching(/^[\d:.]+ IP 10.0.1.2 > 10.0.2.2: .*\n[\d:.]+ IP .*$/),
        },
      ],
    })
    await outputOf(world, PING)
    expect(await around('true', 'capture: net1/eth0', 'filter: icmp', 'count: 0')).toMatchObject({ status: 'passed' })
    expect(await around(PING, 'capture: net1/eth0', 'filter: icmp', 'never: echo reply')).toMatchObject({
      status: 'failed',
      actual: expect.stringContaining('seen, though it should not be: IP 10.0.2.2 > 10.0.1.2: ICMP echo reply'),
    })
  })

  test('runs the command that it is about', async () => {
    const during = `during: ${PING}`
    expect(await makeCheck(world, 'capture: veth2', during, 'sees: 10.0.1.2 > 10.0.2.2')).toMatchObject({
      status: 'passed',
    })
    expect(await makeCheck(world, 'capture: any', 'filter: icmp', 'count: 4', during)).toMatchObject({
      status: 'passed',
    })
  })

  test('of several devices at once, in several namespaces and on other machines', async () => {
    const devices = ['net1/eth0', 'veth1', 'veth2', 'net2/eth0', 'lo', 'ens33', 'gateway/lan0', 'server/eth0']
    const all = (work: () => Promise<unknown>) =>
      Promise.all(devices.map((device) => watch(world, [`capture: ${device}`, 'filter: icmp', 'count: 2'], work)))
    let left = devices.length
    let start = () => {}
    const everyone = new Promise<void>((resolve) => {
      start = resolve
    })
    const sent = everyone.then(() => outputOf(world, PING))
    const results = await all(async () => {
      if (--left === 0) start()
      await sent
    })
    const passed = devices.filter((_, index) => results[index]!.status === 'passed')
    expect(passed).toEqual(['net1/eth0', 'veth1', 'veth2', 'net2/eth0'])
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['passed', 'failed']))
  })

  test('shows whatever comes: garbage, and a lot of it', async () => {
    const garbage = `
import os, socket
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
s.bind(('veth1', 0))
for n in range(200):
    kind = [b'\\x08\\x00', b'\\x86\\xdd', b'\\x08\\x06', b'\\x88\\xb5', b'\\x81\\x00', b'\\x00\\x20'][n % 6]
    s.send(b'\\xff' * 6 + b'\\x02\\0\\0\\0\\0\\x99' + kind + os.urandom(n * 5))
`
    const filter = 'filter: ether src 02:00:00:00:00:99'
    const lines = ['capture: net1/eth0', filter, 'count: 200', 'sees: [ethertype Unknown (0x88b5)]']
    const result = await around(`python3 -c "${garbage}"`, ...lines)
    expect(result).toMatchObject({ status: 'passed' })
    expect(result.evidence[0]!.output).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
    const flood = 'ip netns exec net1 ping -q -f -c 400 -s 1400 10.0.2.2'
    const many = await around(flood, 'capture: veth2', 'filter: icmp', 'count: 800', 'sees: [seq 1, seq 400]')
    expect(many).toMatchObject({ status: 'passed' })
    expect(await outputOf(world, 'ls /run/labrun')).not.toContain('captured')
  })

  test('says that packets were dropped, and knows nothing of what was not seen', async () => {
    // It cannot read while it is stopped, and the kernel's buffer runs over.
    const flood = async () => {
      await world.probe('host', ['pkill', '-STOP', 'tcpdump'])
      await outputOf(world, 'ip netns exec net1 ping -q -f -c 8000 10.0.2.2')
      await world.probe('host', ['pkill', '-CONT', 'tcpdump'])
    }
    expect(await watch(world, ['capture: veth2', 'filter: icmp', 'never: unreachable'], flood)).toMatchObject({
      status: 'error',
      actual: expect.stringMatching(
        /could not find out: \d+ packets dropped by the kernel, so not all of them were seen/,
      ),
    })
    expect(await around(PING, 'capture: veth2', 'filter: icmp', 'never: unreachable')).toMatchObject({
      status: 'passed',
    })
  })

  test.each([
    ['capture: nope', /tcpdump -i nope: nope: No such device/],
    ['capture: nowhere/eth0', /there is no network namespace 'nowhere'/],
    ['capture: off', /tcpdump -i off: off: That device is not up/],
    ['capture: veth1, filter: icmp and', /tcpdump -i veth1: can't parse filter expression: syntax error/],
    ['capture: veth1, filter: -w /tmp/stolen', /can't parse filter expression/],
  ])('knows nothing of what cannot be watched: %s', async (lines, message) => {
    await outputOf(world, 'ip link add off type bridge')
    expect(await around(PING, ...lines.split(', '))).toMatchObject({
      status: 'error',
      actual: expect.stringMatching(message),
    })
  })

  test.each([
    ['deleted', 'ip link del veth1', /veth1 was deleted while it was watched/],
    ['replaced', 'ip link del veth1; ip link add veth1 type bridge; ip link set veth1 up', /veth1 was deleted/],
    ['moved', 'ip link set veth1 netns net2', /veth1 was deleted/],
  ])('knows nothing of a device that is %s meanwhile', async (_what, command, message) => {
    expect(await around(command, 'capture: veth1', 'filter: icmp', 'count: 0')).toMatchObject({
      status: 'error',
      actual: expect.stringMatching(message),
    })
  })

  test('goes on where a device was down for a while', async () => {
    const command = `ip link set veth2 down; ip link set veth2 up; ip -n net2 route replace default via 10.0.2.1; ${PING}`
    expect(await around(command, 'capture: veth2', 'filter: icmp', 'sees: echo reply')).toMatchObject({
      status: 'passed',
    })
  })

  test('begins anew for a device or a namespace that was made again', async () => {
    const lines = ['capture: net1/eth0', 'filter: icmp', 'count: 2']
    const host = ['capture: veth1', 'filter: icmp', 'count: 2']
    const again = BUILD.replace('1 2', '1')
    const gone = () => eventually(async () => (await type(world, 'ip link show veth1')).output, /does not exist/)
    for (const command of ['ip link del veth1; ip netns del net1', 'ip netns del net1']) {
      expect(await around(PING, ...lines)).toMatchObject({ status: 'passed' })
      expect(await around(PING, ...host)).toMatchObject({ status: 'passed' })
      await outputOf(world, command)
      await gone()
      await outputOf(world, again)
    }
    expect(await around(PING, ...lines)).toMatchObject({ status: 'passed' })
    expect(await around(PING, ...host)).toMatchObject({ status: 'passed' })
  })

  test('does not keep a namespace alive that is deleted, not even while it is watched', async () => {
    await around(PING, 'capture: net1/eth0', 'filter: icmp')
    const result = await watch(world, ['capture: net1/eth0', 'filter: icmp', 'count: 0'], async () => {
      await outputOf(world, 'ip netns del net1')
      await eventually(async () => (await type(world, 'ip link show veth1')).output, /does not exist/)
    })
    expect(result).toMatchObject({ status: 'error', actual: expect.stringContaining('the namespace net1 was deleted') })
    expect(await outputOf(world, 'ps -e -o args= | grep -c "[t]cpdump" || true')).toBe('0')
  })

  test('starts anew after it was ended from outside; the student cannot do that', async () => {
    await around(PING, 'capture: veth1', 'filter: icmp')
    expect((await type(world, 'pkill tcpdump')).status).toBe(1)
    const end = () => world.probe('host', ['pkill', '-KILL', 'tcpdump'])
    expect(await watch(world, ['capture: veth1', 'filter: icmp'], end)).toMatchObject({
      status: 'error',
      actual: expect.stringContaining('tcpdump -i veth1: it was ended by signal 9'),
    })
    expect(await around(PING, 'capture: veth1', 'filter: icmp')).toMatchObject({ status: 'passed' })
  })
})

describe('on a busy machine', () => {
  const busy: ChildProcess[] = []
  beforeEach(() => {
    // After a minute of work the kernel ends them, even if nobody else does.
    for (let count = 0; count < 2; count++) busy.push(spawn('sh', ['-c', 'ulimit -t 60; while :; do :; done']))
  })
  afterEach(() => {
    for (const child of busy.splice(0)) child.kill('SIGKILL')
  })

  test('200 captures of one packet in a row miss none', { timeout: 120_000 }, async () => {
    const world = await World.open(localMachine, lan)
    try {
      const wrong: string[] = []
      for (let count = 0; count < 200; count++) {
        // The shell sends it itself: the command ends with the packet.
        const send = () => outputOf(world, 'echo > /dev/udp/192.168.0.2/9')
        const { status, actual } = await watch(world, ['capture: ens33', 'filter: udp port 9', 'count: 1'], send)
        if (status !== 'passed') wrong.push(`${count}: ${status}: ${actual}`)
      }
      expect(wrong).toEqual([])
    } finally {
      await world.close()
    }
  })

  test('20 captures that are started anew miss none', { timeout: 120_000 }, async () => {
    const world = await World.open(localMachine, lan)
    try {
      const wrong: string[] = []
      for (let count = 0; count < 20; count++) {
        const send = () => outputOf(world, 'echo > /dev/udp/192.168.0.2/9')
        const lines = ['capture: ens33', `filter: udp port 9 and greater ${count}`, 'count: 1']
        const { status, actual } = await watch(world, lines, send)
        if (status !== 'passed') wrong.push(`${count}: ${status}: ${actual}`)
      }
      expect(wrong).toEqual([])
    } finally {
      await world.close()
    }
  })
})
