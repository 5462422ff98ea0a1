import { existsSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { stateFolder } from '../state.ts'

/**
 * Makes the folder for what the checks of a lab keep, such as captured packets: below the one that was chosen, or where
 * programs keep their state. What an earlier run has left there is taken away. Undefined where nothing can be kept;
 * throws where that was asked for.
 */
export function openArtefacts(lab: string, chosen: string | undefined): string | undefined {
  const folder = join(resolve(chosen ?? stateFolder('captures')), lab.replace(/[^\w.-]/g, '_'))
  try {
    mkdirSync(folder, { recursive: true })
    for (const file of captures(folder)) rmSync(join(folder, file))
    return folder
  } catch (error) {
    if (chosen !== undefined) throw error
    return undefined
  }
}

/** The names of the files that were kept. An empty folder that nobody asked for is taken away. */
export function closeArtefacts(folder: string, chosen: string | undefined): string[] {
  const kept = captures(folder)
  if (chosen !== undefined || kept.length > 0) return kept
  try {
    rmdirSync(folder)
  } catch {
    // Somebody has put something else there.
  }
  return []
}

/** None where the folder is gone: another run of the same lab has ended meanwhile, and has taken it away empty. */
function captures(folder: string): string[] {
  return (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.pcap')).toSorted()
}
