import { stripVTControlCharacters } from 'node:util'

/**
 * Text that is safe to print: no escape sequences, and control characters shown as pictures (`␇`). Line feeds and
 * tabs stay; a carriage return before a line feed is dropped.
 */
export function sanitize(text: string): string {
  if (!/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(text)) return text
  return withoutEscapes(text)
    .replace(/\r+\n/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (character) => String.fromCharCode(0x2400 + character.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

/**
 * Escape sequences are taken away piece by piece, because stripVTControlCharacters takes quadratic time on broken ones.
 * ESC \\ ends a sequence, so it does not begin a new piece.
 */
export function withoutEscapes(text: string): string {
  return text.replace(/[\u001b\u009b](?:[^\u001b\u009b\n]|\u001b\\){0,255}/g, stripVTControlCharacters)
}

/** JSON that does nothing to a terminal: what is no plain character is escaped. Without `indent` it is one line. */
export function printableJson(value: unknown, indent = 2): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    escaped,
  )
}
