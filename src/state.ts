import { createHash } from 'node:crypto'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

/** What labrun wants to know the next time: a path below its folder for state (XDG Base Directory Specification); it may not be there yet. */
export function stateFolder(...below: readonly string[]): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'labrun', ...below)
}

/** The name of a file about one lab. Two labs of one name in different places are two labs. */
export function stateName(lab: { readonly id: string; readonly file: string }): string {
  const place = createHash('sha256').update(resolve(lab.file)).digest('hex').slice(0, 8)
  return `${lab.id.replace(/[^\w.-]/g, '_')}-${place}.json`
}
