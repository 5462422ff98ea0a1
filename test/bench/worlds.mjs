import { inTurn, timeOf } from './measure.mjs'
import { limit, ratio } from './table.mjs'

const LAN = { uplink: { name: 'ens33', address: '192.168.0.10/24' }, gateway: '192.168.0.2', client: '192.168.0.129' }

/** Building a world and dropping it, by labrun's own exports, against the barest set of the same namespaces. */
export async function benchWorlds({ rounds = 15 }) {
  const { localMachine, World } = await import('../../dist/index.js')
  const rows = []
  for (const [name, spec] of Object.entries({ isolated: { lan: undefined }, lan: { lan: LAN } })) {
    const { labrun, bare } = await inTurn(`world ${name}`, rounds, {
      labrun: async () => {
        const start = performance.now()
        const world = await World.open(localMachine, spec)
        const ready = performance.now()
        await world.close()
        return { build: ready - start, drop: performance.now() - ready }
      },
      bare: () => timeOf('unshare', ['-Urnmpuif', 'true']),
    })
    const both = labrun.build.map((time, round) => time + labrun.drop[round])
    const other = 'unshare -Urnmpuif true'
    rows.push(limit({ what: `world ${name}: build`, labrun: labrun.build, aim: 60 }))
    rows.push(ratio({ what: `world ${name}: build and drop`, other, labrun: both, times: bare }))
  }
  return { rows }
}
