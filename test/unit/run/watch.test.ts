import { expect, test } from 'vitest'
import { fence } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const NETWORK = `ip netns add net1
ip link add veth1 type veth peer name eth0 netns net1
ip addr add 10.0.0.1/24 dev veth1
ip link set veth1 up
ip -n net1 addr add 10.0.0.2/24 dev eth0
ip -n net1 link set eth0 up
iptables -A OUTPUT -p icmp -j ACCEPT
ping -c 1 10.0.0.2`

const step = (title: string, commands: string, ...checks: readonly string[]) => [
  `## ${title}`,
  fence('sh', commands),
  fence('yaml check', ...checks),
]

test('a watch ends with the command: what checks before it send does not count', async () => {
  const { checks } = await runText(
    [
      '---\nlabrun: 1\n---\n# Lab',
      ...step('Build', NETWORK, '- link: veth1'),
      ...step(
        'Ping',
        'ping -c 2 -i 0.2 10.0.0.2',
        '- ping: host -> 10.0.0.2',
        "- {iptables: filter OUTPUT -p icmp -j ACCEPT, packets: '+2'}",
        "- {iptables: filter OUTPUT -p icmp -j ACCEPT, packets: '+3'}",
        '- {capture: veth1, filter: icmp, count: 4}',
        "- {path: host -> 10.0.0.2, hops: ['veth1 10.0.0.1 > 10.0.0.2', 'net1/eth0 10.0.0.1 > 10.0.0.2']}",
        "- {trace: -p icmp, packet: 5, sees: ['filter:OUTPUT:rule:1']}",
      ),
    ].join('\n\n'),
  )
  expect(checks.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
    'link passed',
    'ping passed',
    'iptables passed',
    'iptables failed',
    'capture passed',
    'path passed',
    'trace failed',
  ])
  // Each has its own evidence, though the rules were read once for both.
  for (const { evidence } of checks.slice(2, 4))
    expect(evidence.filter(({ command }) => command.includes('save -c')).length).toBeGreaterThan(1)
})

test('what the student does after a failed look counts for the next one', async () => {
  let asked = 0
  const { checks } = await runText(
    [
      '---\nlabrun: 1\n---\n# Lab',
      ...step('Build', NETWORK, '- link: veth1'),
      ...step('Ping', 'true', "- {iptables: filter OUTPUT -p icmp -j ACCEPT, packets: '+1'}"),
    ].join('\n\n'),
    {
      pace: {
        check: async ({ status }) => {
          if (status === 'passed') return 'go-on'
          asked++
          return asked === 1 ? { text: 'ping -c 1 10.0.0.2', terminal: 'main' } : 'go-on'
        },
      },
    },
  )
  expect(asked).toBe(1)
  expect(checks.at(-1)).toMatchObject({ status: 'passed', tries: 1 })
})
