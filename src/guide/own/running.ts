import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { stateFolder, stateName } from '../../state.ts'
import { replaceFile } from '../durable.ts'

const schema = z.object({
  lab: z.string(),
  title: z.string(),
  file: z.string(),
  pid: z.int(),
  /** Where the guide of the lab listens, a path or the name of a pipe. */
  socket: z.string(),
  /** Who can read this may join. */
  secret: z.string(),
})

/** A lab that somebody has open, and that other windows may join. */
export type RunningLab = z.infer<typeof schema>

/** The longest path that a socket can have on every system, with room for the final zero (unix(7): 108; macOS: 104). */
const LONGEST_PATH = 100

/** Where a lab's guide may listen: in a folder that nobody else can enter. Throws where there is no such place. */
export function socketOf(lab: { readonly id: string; readonly file: string }): string {
  const name = stateName(lab).replace(/\.json$/, '')
  if (process.platform === 'win32') return `\\\\.\\pipe\\labrun-${process.pid}-${name}`
  const path = join(ownFolder(), `${name}.socket`)
  return path.length > LONGEST_PATH ? join(mkdtempSync(join(tmpdir(), 'labrun-')), 'socket') : path
}

/** From now on it can be found. */
export function publish(lab: { readonly id: string; readonly file: string }, running: RunningLab): void {
  replaceFile(join(ownFolder(), stateName(lab)), JSON.stringify(running))
}

/** From now on it cannot be found any more; what another window has published stays. */
export function withdraw(lab: { readonly id: string; readonly file: string }, { socket, secret }: RunningLab): void {
  const file = join(stateFolder('open'), stateName(lab))
  if (read(file)?.secret !== secret) return
  rmSync(file, { force: true })
  if (process.platform !== 'win32') rmSync(socket, { force: true })
}

/** The labs that this user has open. */
export function runningLabs(): RunningLab[] {
  const folder = stateFolder('open')
  try {
    if (!isOwn(folder)) return []
    return readdirSync(folder).flatMap((name) => {
      const running = name.endsWith('.json') ? read(join(folder, name)) : undefined
      return running && isAlive(running.pid) ? [running] : []
    })
  } catch {
    return []
  }
}

function ownFolder(): string {
  const folder = stateFolder('open')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  if (!isOwn(folder)) throw new Error(`${folder} is not a folder of yours alone`)
  return folder
}

function isOwn(folder: string): boolean {
  if (process.platform === 'win32') return true
  const { uid, mode } = lstatSync(folder)
  return uid === process.getuid?.() && (mode & 0o077) === 0
}

function read(file: string): RunningLab | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
