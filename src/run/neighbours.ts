import { type NeighbourFacts, namespaces, neighbours } from '../checks/ip.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import { recordingProbe } from './recording-probe.ts'

/**
 * Remembers the neighbour tables of a world, because what labrun itself sends leaves entries there, and the kernel goes on asking for
 * them by ARP: a check would take both for the student's. Resolves to what puts them back: entries that have come since are taken out,
 * and those that were stale are so again (ip-neighbour(8)).
 */
export async function keepNeighbours(world: World): Promise<() => Promise<void>> {
  const before = await tables(world)
  return async () => {
    const after = await tables(world)
    const commands = [...after].flatMap(([place, entries]) => {
      const then = before.get(place)
      return then ? entries.flatMap((entry) => undo(entry, then)).map((command) => ({ place, command })) : []
    })
    await Promise.all(commands.map(async ({ place, command }) => await orNothing(world.probe(place, command))))
  }
}

/** Of each place that can be looked at. */
async function tables(world: World): Promise<Map<string, readonly NeighbourFacts[]>> {
  const { probe } = recordingProbe({ world, artefacts: undefined })
  const named = (await orNothing(namespaces(probe))) ?? []
  const places = ['host', ...named, ...world.outside]
  const found = await Promise.all(places.map(async (place) => await orNothing(neighbours(probe, place))))
  return new Map(places.flatMap((place, index) => (found[index] ? [[place, found[index]]] : [])))
}

function undo(entry: NeighbourFacts, before: readonly NeighbourFacts[]): [string, ...string[]][] {
  const { dst, dev, lladdr, state } = entry
  const was = before.find((one) => one.dst === dst && one.dev === dev)
  if (!was) return [['ip', 'neigh', 'del', dst, 'dev', dev]]
  const isAsked = state.includes('DELAY') || state.includes('PROBE')
  if (!was.state.includes('STALE') || !isAsked || !lladdr) return []
  return [['ip', 'neigh', 'replace', dst, 'lladdr', lladdr, 'dev', dev, 'nud', 'stale']]
}

/** A namespace may be gone by now: then there is nothing to put back. */
async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof ProbeError) return undefined
    throw error
  }
}
