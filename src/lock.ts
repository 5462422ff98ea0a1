import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { z } from 'zod'

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  /** When the process was started, in the kernel's own count; a pid alone may be another process by now. */
  process: z.string(),
  since: z.string(),
})

/** Who has something for themselves. */
export type Holder = z.infer<typeof holderSchema>

/** How long whoever has made a lock may take to write into it, in milliseconds. */
const WRITING = 100

/**
 * Takes a lock for this process. Gives what lets it go again, or who has it. A process that is gone holds nothing. Where nothing can be
 * written, nothing is in the way either.
 */
export function hold(file: string): { release(): void } | { readonly holder: Holder } {
  const own = { pid: process.pid, host: hostname(), process: startOf(process.pid), since: new Date().toISOString() }
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      const descriptor = openSync(file, 'wx', 0o600)
      try {
        writeFileSync(descriptor, JSON.stringify(own))
      } finally {
        closeSync(descriptor)
      }
      return { release: () => letGo(file) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return { release: () => letGo(file) }
    }
    const holder = readHolder(file) ?? readLater(file)
    if (holder && isAlive(holder)) return { holder }
    letGo(file)
  }
  return { release: () => {} }
}

/** For people: the process, where it is, and since when. */
export function whoHolds({ pid, host, since }: Holder): string {
  return `process ${pid} on ${host}, since ${new Date(since).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })}`
}

function letGo(file: string): void {
  try {
    rmSync(file, { force: true })
  } catch {
    // In a folder that cannot be written nothing is held either.
  }
}

/** One that is there and says nothing may be written this moment. */
function readLater(file: string): Holder | undefined {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WRITING)
  return readHolder(file)
}

function readHolder(file: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return undefined
  }
}

/** On another computer, which has this folder too, nobody can look. */
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
