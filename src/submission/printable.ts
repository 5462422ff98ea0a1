import { sanitize } from '../sanitize.ts'

/** Text that can go into a file and onto a terminal, whoever wrote it. */
export function printable(text: string): string {
  return sanitize(text).replaceAll('\0', '␀').toWellFormed()
}
