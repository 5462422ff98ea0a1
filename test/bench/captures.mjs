import { inTurn } from './measure.mjs'
import { difference, ratio } from './table.mjs'

const LAN = { uplink: { name: 'ens33', address: '192.168.0.10/24' }, gateway: '192.168.0.2', client: '192.168.0.129' }
const PING = 'ping -q -c 1 -W 1 192.168.0.2'
const EIGHT = [
  'ens33',
  'lo',
  'client/eth0',
  'server/eth0',
  ...['lan0', 'lan1', 'lan2', 'wan0'].map((name) => `gateway/${name}`),
]

/** What it costs to watch one packet: with a capture that has to be started, and with one that is already there. */
export async function benchCaptures({ rounds = 15 }) {
  const product = await import('../../dist/index.js')
  const { one, eight } = await inTurn('captures', rounds, {
    one: () => watchPings(product, ['ens33']),
    eight: () => watchPings(product, EIGHT),
  })
  const other = 'the ping alone'
  return {
    rows: [
      difference({ what: 'capture: the first ping on a device', other, labrun: one.first, times: one.bare, aim: 60 }),
      difference({ what: 'capture: a later ping on it', other, labrun: one.later, times: one.bare, aim: 10 }),
      ratio({ what: 'capture: start 8 at once', other: 'start 1', labrun: eight.start, times: one.start, aim: 3 }),
      ratio({ what: 'capture: a later ping on 8', other: 'on 1', labrun: eight.later, times: one.later }),
    ],
  }
}

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

function watchIn(world, kind, devices) {
  const probe = {
    run: (place, command, options) => world.probe(place, command, options),
    start: (place, command) => world.start(place, command),
    outside: world.outside,
    shared: (key, make) => world.shared(key, make),
    note: () => {},
    keep: () => undefined,
  }
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
