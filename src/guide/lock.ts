import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync } from 'node:fs'
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

/** What lets a lab go again, or who has it. */
export type Held = { release(): void } | { readonly holder: Holder }

/**
 * Takes a lab for this process: two that keep their place in one file would undo each other's. A process that is gone holds
 * nothing. Where nothing can be written, nothing is in the way either.
 */
export function holdLab(lab: Parameters<typeof stateName>[0]): Held {
  const file = lockFile(lab)
  const own = { pid: process.pid, host: hostname(), process: startOf(process.pid), since: new Date().toISOString() }
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      const descriptor = openSync(file, 'wx', 0o600)
      try {
        writeAll(descriptor, JSON.stringify(own))
      } catch (error) {
        // An empty lock on a full disk says of nobody that they are here.
        letGo(file)
        throw error
      } finally {
        closeSync(descriptor)
      }
      return { release: () => letGo(file, own) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { release: () => letGo(file, own) }
    }
    const holder = readWholeHolder(file)
    if (holder && isAlive(holder)) return { holder }
    letGo(file)
  }
  return { release: () => {} }
}

/** Takes a lab from whoever has it: somebody has looked, and nobody is there. */
export function takeOverLab(lab: Parameters<typeof stateName>[0]): Held {
  letGo(lockFile(lab))
  return holdLab(lab)
}

/** Whether it is known that the holder is there; else a killed container or another name of this computer looks the same. */
export function isSure({ host, process: started }: Holder): boolean {
  return host === hostname() && started !== ''
}

function lockFile(lab: Parameters<typeof stateName>[0]): string {
  return stateFolder('progress', `${stateName(lab)}.lock`)
}

/** `holder`: only where it is still this one's. */
function letGo(file: string, holder?: Holder): void {
  try {
    if (!holder || JSON.stringify(readHolder(file)) === JSON.stringify(holder)) rmSync(file, { force: true })
  } catch {
    // In a folder that cannot be written nothing is held either.
  }
}

/** Somebody may be about to write it: what cannot be read and is young is read once more. */
function readWholeHolder(file: string): Holder | undefined {
  for (;;) {
    const holder = readHolder(file)
    if (holder || !isYoung(file)) return holder
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50)
  }
}

function isYoung(file: string): boolean {
  const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  return age >= 0 && age < YOUNG
}

/** Milliseconds. */
const YOUNG = 1000

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
