import { sanitize } from '../sanitize.ts'

/** Text that can go into a file and onto a terminal, whoever wrote it. */
export function printable(text: string): string {
  return sanitize(text).replaceAll('\0', '␀').toWellFormed()
}

/** JSON that does nothing to a terminal: what is no plain character is escaped. */
export function printableJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    escaped,
  )
}
