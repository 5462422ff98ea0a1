import { homedir } from 'node:os'
import { join } from 'node:path'

/** The folder where labrun keeps what it wants to know the next time (XDG Base Directory Specification); it may not exist yet. */
export function stateFolder(...below: string[]): string {
  const state = process.env.XDG_STATE_HOME || join(homedir(), '.local', 'state')
  return join(state, 'labrun', ...below)
}
