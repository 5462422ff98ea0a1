import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
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

/** What lets it go again, or who has it. */
export type Held = { release(): void } | { readonly holder: Holder }

/**
 * Takes a lock for this process. A process that is gone holds nothing. Where nothing can be written, nothing is in the way
 * either.
 */
export function hold(file: string): Held {
  const own = { pid: process.pid, host: hostname(), process: startOf(process.pid), since: new Date().toISOString() }
  for (let tries = 0; tries < 3; tries++) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      write(file, JSON.stringify(own))
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

/** Makes the file; an empty one on a full disk would say of nobody that they are here. */
function write(file: string, text: string): void {
  const descriptor = openSync(file, 'wx', 0o600)
  try {
    writeFileSync(descriptor, text)
  } catch (error) {
    letGo(file)
    throw error
  } finally {
    closeSync(descriptor)
  }
}

/** Whether it is known that the holder is there; else a killed container or another name of this computer looks the same. */
export function isSure({ host, process: started }: Holder): boolean {
  return host === hostname() && started !== ''
}

/** For people: the process, where it is, and since when. */
export function whoHolds({ pid, host, since }: Holder): string {
  return `process ${pid} on ${host}, since ${new Date(since).toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'short' })}`
}

/** Takes a lock away. `holder`: only where it is still this one's. */
export function letGo(file: string, holder?: Holder): void {
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

/** Milliseconds that whoever has made a lock may take to write into it. */
const YOUNG = 1000

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
