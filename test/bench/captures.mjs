import { inTurn } from './measure.mjs'
import { difference, limit, ratio } from './table.mjs'

const LAN = { uplink: { name: 'ens33', address: '192.168.0.10/24' }, gateway: '192.168.0.2', client: '192.168.0.129' }
const PING = 'ping -q -c 1 -W 1 192.168.0.2'
const EIGHT = [
  'ens33',
  'lo',
  'client/eth0',
  'server/eth0',
  ...['lan0', 'lan1', 'lan2', 'wan0'].map((name) => `gateway/${name}`),
]

/**
 * What it costs to watch one packet: with a capture that has to be started, with one that is already there, and by the
 * counter of a rule; and to find out where a packet died.
 */
export async function benchCaptures({ rounds = 15 }) {
  const product = await import('../../dist/index.js')
  const { one, eight, counters, lost } = await inTurn('captures', rounds, {
    one: () => watchPings(product, ['ens33']),
    eight: () => watchPings(product, EIGHT),
    counters: () => watchCounters(product),
    lost: () => diagnoseLostPing(product),
  })
  const other = 'the ping alone'
  return {
    rows: [
      difference({ what: 'capture: the first ping on a device', other, labrun: one.first, times: one.bare, aim: 60 }),
      difference({ what: 'capture: a later ping on it', other, labrun: one.later, times: one.bare, aim: 10 }),
      ratio({ what: 'capture: start 8 at once', other: 'start 1', labrun: eight.start, times: one.start, aim: 3 }),
      ratio({ what: 'capture: a later ping on 8', other: 'on 1', labrun: eight.later, times: one.later }),
      difference({ what: 'iptables: each of 10 counters', other, labrun: counters.each, times: counters.none, aim: 5 }),
      limit({ what: 'diagnosis of a ping with no way back', labrun: lost, aim: 2000 }),
    ],
  }
}

/** A step with a ping alone, and what each of ten checks of a counter adds to it, as a lab is run. */
async function watchCounters({ localMachine, World, checks, parseLab, runLab }) {
  const { lab } = parseLab(COUNTED, 'counted.md', checks)
  const took = {}
  let start = 0
  const { status } = await runLab(lab, {
    openWorld: (spec, needs) => World.open(localMachine, spec, needs),
    kinds: checks,
    signal: new AbortController().signal,
    emit: (event) => {
      if (event.type === 'step-start') start = performance.now()
      if (event.type === 'step-end') took[event.step] = performance.now() - start
    },
  })
  if (status !== 'passed') throw new Error('the ping was not counted')
  return { none: took.none, each: took.none + (took.ten - took.none) / 10 }
}

const COUNTED = `---
labrun: 1
world: lan
---

# Counted

## Begin

\`\`\`sh
iptables -A OUTPUT -p icmp -j ACCEPT
${PING}
\`\`\`

## None

\`\`\`sh
${PING}
\`\`\`

## Ten

\`\`\`sh
${PING}
\`\`\`

\`\`\`yaml check
${"- {iptables: filter OUTPUT -p icmp -j ACCEPT, packets: '+1'}\n".repeat(10).trim()}
\`\`\`
`

/** Milliseconds that a failed check takes longer because its diagnosis is made. */
async function diagnoseLostPing({ localMachine, World, checks, parseLab, runLab }) {
  const { lab } = parseLab(LOST, 'lost.md', checks)
  let [asked, found] = [0, 0]
  await runLab(lab, {
    openWorld: (spec, needs) => World.open(localMachine, spec, needs),
    kinds: checks,
    signal: new AbortController().signal,
    emit: ({ type, result }) => {
      if (type === 'check-start') asked = performance.now()
      if (type !== 'check-end') return
      if (!result.diagnosis) throw new Error('there is no diagnosis')
      found = performance.now() - asked - result.duration
    },
  })
  return found
}

const LOST = `---
labrun: 1
world: lan
---

# Lost

## Ask

\`\`\`sh
ip netns add net1
ip link add veth1 type veth peer name eth0 netns net1
ip addr add 10.0.0.1/24 dev veth1
ip link set veth1 up
ip -n net1 addr add 10.0.0.2/24 dev eth0
ip -n net1 link set eth0 up
ip -n net1 route add default via 10.0.0.1
sysctl -qw net.ipv4.ip_forward=1
\`\`\`

\`\`\`yaml check
- ping: net1 -> 192.168.0.2
\`\`\`
`

/** In a world of its own: a ping alone, a first one that is captured on the devices, and a later one. */
async function watchPings({ localMachine, World, checks }, devices) {
  const world = await World.open(localMachine, { lan: LAN })
  try {
    const watch = watchIn(world, checks.get('capture'), devices)
    // Opens the terminal, and fills the ARP tables.
    await world.run('main', PING, { timeout: 10_000 })
    const start = performance.now()
    await world.run('main', PING, { timeout: 10_000 })
    const bare = performance.now() - start
    const first = await watch()
    const later = await watch()
    return { bare, start: first.armed, first: first.total, later: later.total }
  } finally {
    await world.close()
  }
}

function probeIn(world) {
  return {
    run: (place, command, options) => world.probe(place, command, options),
    start: (place, command) => world.start(place, command),
    namespaceId: (place, other) => world.namespaceId(place, other),
    outside: world.outside,
    shared: (key, make) => world.shared(key, make),
    note: () => {},
    keep: () => undefined,
  }
}

function watchIn(world, kind, devices) {
  const probe = probeIn(world)
  const specs = devices.map((device) => kind.schema.parse({ capture: device, filter: 'icmp', count: '>= 0' }))
  return async () => {
    const start = performance.now()
    const watches = await Promise.all(specs.map((spec) => kind.arm(spec, probe)))
    const armed = performance.now() - start
    await world.run('main', PING, { timeout: 10_000 })
    const verdicts = await Promise.all(specs.map((spec, index) => kind.look(spec, probe, new Map(), watches[index])))
    const total = performance.now() - start
    if (!verdicts[0].actual.startsWith('2 packets')) throw new Error(`the ping was not seen: ${verdicts[0].actual}`)
    return { armed, total }
  }
}
