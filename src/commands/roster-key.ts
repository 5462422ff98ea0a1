import { writeFileSync } from 'node:fs'
import { createKey } from '../exam/key.ts'
import { OutputError } from './sinks.ts'

/** `labrun roster key FILE`: never over another key, because the tickets of that one could not be checked any more. */
export function rosterKey(file: string): number {
  try {
    writeFileSync(file, createKey(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new OutputError(
      code === 'EEXIST' ? `${file} is there already, and is left as it is` : `cannot write: ${message}`,
    )
  }
  process.stdout.write(
    `${file}: a new key. Whoever has it can draw the values of your students and sign tickets: keep it to yourself,\nand keep a copy of it until the last grade is given.\n`,
  )
  return 0
}
