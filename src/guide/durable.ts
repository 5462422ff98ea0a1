import { closeSync, fdatasync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import writeFileAtomic from 'write-file-atomic'

/**
 * Puts a text in the place of a file's own: after a crash, a full disk or a power cut there is the old one or the new
 * one, never half of one. Throws what the system says; then the old text is still there.
 */
export function replaceFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  // Written beside it, forced to the disk, renamed into place.
  writeFileAtomic.sync(file, text, { mode: 0o600 })
  syncFolder(dirname(file))
}

/** Gives a file another name, which says why, so that nothing is lost; resolves to that name. */
export function putAside(file: string, why: 'unreadable' | 'before'): string {
  const aside = `${file}.${why}-${Date.now()}`
  renameSync(file, aside)
  return aside
}

/** Writes the whole text, or throws; what the system has taken of it then is at the end of the file. */
export function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at)
}

/** Begins to force a file to the disk; nobody has to wait for it. `onTrouble` gets what the system says. */
export function beginSync(descriptor: number, onTrouble: (error: Error) => void): void {
  fdatasync(descriptor, (error) => {
    if (error && !UNSYNCABLE.has(error.code ?? '')) onTrouble(error)
  })
}

/** Without this a power cut may bring the old name back. */
function syncFolder(folder: string): void {
  let descriptor: number | undefined
  try {
    descriptor = openSync(folder, 'r')
    fsyncSync(descriptor)
  } catch {
    // Not every system lets a folder be opened (Windows) or forced (some network file systems); the file itself is safe.
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

/** Of file systems that cannot do it, and of a file that was closed meanwhile. */
const UNSYNCABLE: ReadonlySet<string> = new Set(['EINVAL', 'ENOSYS', 'ENOTSUP', 'EROFS', 'EBADF'])
