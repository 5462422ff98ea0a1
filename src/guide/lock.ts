import { setTimeout as delay } from 'node:timers/promises'
import { type Held, hold, isSure, letGo } from '../lock.ts'
import { stateFolder, stateName } from '../state.ts'

type Named = Parameters<typeof stateName>[0]

/**
 * Takes a lab for this process: two that keep their place in one file would undo each other's. A window that has just been closed
 * is waited for.
 */
export async function holdLab(lab: Named): Promise<Held> {
  let held = hold(lockFile(lab))
  for (let waited = 0; 'holder' in held && isSure(held.holder) && waited < CLOSING; waited += PAUSE) {
    await delay(PAUSE)
    held = hold(lockFile(lab))
  }
  return held
}

/** How long a window that was closed may take to end its world, and how often it is looked whether it has; milliseconds. */
const CLOSING = 1500
const PAUSE = 100

/** Takes a lab from whoever has it: somebody has looked, and nobody is there. */
export function takeOverLab(lab: Named): Held {
  letGo(lockFile(lab))
  return hold(lockFile(lab))
}

function lockFile(lab: Named): string {
  return stateFolder('progress', `${stateName(lab)}.lock`)
}
