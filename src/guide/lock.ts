import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'
import { stateFolder, stateName } from '../state.ts'
import { writeAll } from './durable.ts'

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** When the process was started, in the kernel's own count; a pid alone may be another process by now. */
  process: z.string(),
  since: z.string(),
})

/** Who has a lab open. */
export type Holder = z.infer<typeof holderSchema>

/**
 * Takes a lab for this process: two that keep their place in one file would undo each other's. Gives what lets it go
 * again, or who has it. A process that is gone holds nothing. Where nothing can be written, nothing is in the way either.
 */
export function holdLab(lab: Parameters<typeof stateName>[0]): { release(): void } | { readonly holder: Holder } {
  const file = stateFolder('progress', `${stateName(lab)}.lock`)
  const own = { pid: process.pid, host: hostname(), process: startOf(process.pid), since: new Date().toISOString() }
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      const descriptor = openSync(file, 'wx', 0o600)
      try {
        writeAll(descriptor, JSON.stringify(own))
      } finally {
        closeSync(descriptor)
      }
      return { release: () => letGo(file) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { release: () => letGo(file) }
    }
    const holder = readHolder(file)
    if (holder && isAlive(holder)) return { holder }
    letGo(file)
  }
  return { release: () => {} }
}

function letGo(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // In a folder that cannot be written nothing is held either.
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** On another computer, whose home folder this is too, nobody can look. */
function isAlive({ pid, host, process: started }: Holder): boolean {
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return started === startOf(pid)
}

/** Empty where the system does not say (no /proc). */
function startOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // The name of the program, in brackets, may hold blanks and brackets itself.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    return `${boot} ${fields[19]}`
  } catch {
    return ''
  }
}
