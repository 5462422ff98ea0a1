import { hold } from '../lock.ts'
import { stateFolder, stateName } from '../state.ts'

/** Takes a lab for this process: two that keep their place in one file would undo each other's. */
export function holdLab(lab: Parameters<typeof stateName>[0]): ReturnType<typeof hold> {
  return hold(stateFolder('progress', `${stateName(lab)}.lock`))
}
