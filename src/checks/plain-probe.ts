import type { World } from '../world/world.ts'
import type { Probe } from './check.ts'

/** Eyes whose evidence nobody keeps. */
export function plainProbe(world: World): Probe {
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
