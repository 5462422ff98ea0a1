import type { z } from 'zod'
import { SubmissionRefused } from './refusal.ts'

const MOST_DEPTH = 16

/** Bytes of a file as text: UTF-8, without a byte order mark and without NUL. Throws SubmissionRefused. */
export function readText(bytes: Buffer, name: string): string {
  if (bytes.subarray(0, 3).equals(BOM) || /^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2)))
    throw new SubmissionRefused('bom', name)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SubmissionRefused('encoding', name)
  }
  if (text.includes('\0')) throw new SubmissionRefused('nul', name)
  return text
}

/** Bytes of a JSON file as what the schema says. Throws SubmissionRefused. */
export function readJson<T>(bytes: Buffer, name: string, schema: z.ZodType<T>): T {
  const result = schema.safeParse(parseSafely(readText(bytes, name), name))
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new SubmissionRefused(
    'not-as-described',
    `${name}, ${issue?.path.join('.') || 'as a whole'}: ${issue?.message}`,
  )
}

/** As JSON.parse, for a text that somebody may have written to do harm. Throws SubmissionRefused. */
export function parseSafely(text: string, name: string): unknown {
  // Before anything follows the nesting by calling itself.
  if (isTooDeep(text)) throw new SubmissionRefused('too-deep', name)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new SubmissionRefused('not-json', name)
  }
  checkValue(value, name)
  return value
}

/** Character by character: an expression for strings would take quadratic time on a text that was made for that. */
function isTooDeep(text: string): boolean {
  let depth = 0
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted) {
      if (character === '\\') at++
      else if (character === '"') quoted = false
    } else if (character === '"') quoted = true
    else if (character === '[' || character === '{') {
      if (++depth > MOST_DEPTH) return true
    } else if (character === ']' || character === '}') depth--
  }
  return false
}

function checkValue(value: unknown, name: string): void {
  if (typeof value === 'string') checkString(value, name)
  else if (Array.isArray(value)) for (const one of value) checkValue(one, name)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      if (RESERVED.has(key)) throw new SubmissionRefused('reserved-key', name)
      checkString(key, name)
      checkValue(one, name)
    }
  }
}

/** What was written with a backslash. */
function checkString(text: string, name: string): void {
  if (text.includes('\0')) throw new SubmissionRefused('nul', name)
  if (!text.isWellFormed()) throw new SubmissionRefused('encoding', name)
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf])
const RESERVED: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype'])
