import { type NeighbourFacts, namespaces, neighbours } from '../checks/ip.ts'
import type { CheckItem } from '../lab/lab.ts'
import { ProbeError } from '../world/probes.ts'
import type { World } from '../world/world.ts'
import { recordingProbe } from './recording-probe.ts'
import type { StepRun } from './run-step.ts'

/**
 * Looks at a check where a student is at work. What labrun itself sends for it leaves entries in the neighbour tables, and the kernel
 * goes on asking for these by ARP: other checks would take both for the student's. So entries that have come since are taken out
 * afterwards, and those that were stale are so again (ip-neighbour(8)).
 */
export async function withoutTraces<T>({ check, spec }: CheckItem, run: Running, look: () => Promise<T>): Promise<T> {
  const kind = run.kinds.get(check)!
  if (!kind.sends(spec) && !kind.question(spec)) return await look()
  const before = await tables(run.world)
  try {
    return await look()
  } finally {
    await putBack(before, run.world)
  }
}

type Running = Pick<StepRun, 'kinds' | 'world'>

type Tables = ReadonlyMap<string, readonly NeighbourFacts[]>

async function putBack(before: Tables, world: World): Promise<void> {
  const after = await tables(world)
  const commands = [...after].flatMap(([place, entries]) => {
    const then = before.get(place)
    return then ? entries.flatMap((entry) => undo(entry, then)).map((command) => ({ place, command })) : []
  })
  await Promise.all(commands.map(async ({ place, command }) => await orNothing(world.probe(place, command))))
}

/** Of each place that can be looked at. */
async function tables(world: World): Promise<Tables> {
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
  if (!was.state.includes('STALE') || state.includes('STALE') || !lladdr) return []
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
