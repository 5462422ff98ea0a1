import { existsSync, linkSync, rmSync, writeFileSync } from 'node:fs'

/** Writes a new file whole, or not at all; it never takes the place of another one. Throws what the system says. */
export function writeWhole(file: string, bytes: Buffer): void {
  const beside = `${file}.${process.pid}.part`
  try {
    writeFileSync(beside, bytes, { flag: 'wx', flush: true })
    placeNew(beside, file, bytes)
  } finally {
    rmSync(beside, { force: true })
  }
}

/** `lab.zip`, or if there is one already, `lab-2.zip` and so on. */
export function freeName(stem: string): string {
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${stem}.zip` : `${stem}-${number}.zip`
    if (!existsSync(file)) return file
  }
}

/** A link fails where the name is taken, and a rename does not; some file systems have no links. */
function placeNew(beside: string, file: string, bytes: Buffer): void {
  try {
    linkSync(beside, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error
    writeFileSync(file, bytes, { flag: 'wx', flush: true })
  }
}
