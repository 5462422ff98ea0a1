import { type Held, hold, letGo } from '../lock.ts'
import { stateFolder, stateName } from '../state.ts'

type Named = Parameters<typeof stateName>[0]

/** Takes a lab for this process: two that keep their place in one file would undo each other's. */
export function holdLab(lab: Named): Held {
  return hold(lockFile(lab))
}

/** Takes a lab from whoever has it: somebody has looked, and nobody is there. */
export function takeOverLab(lab: Named): Held {
  letGo(lockFile(lab))
  return holdLab(lab)
}

function lockFile(lab: Named): string {
  return stateFolder('progress', `${stateName(lab)}.lock`)
}
