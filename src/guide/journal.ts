import { createHash } from 'node:crypto'
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { beginSync, putAside, replaceFile, writeAll } from './durable.ts'
import { type Which, workFile } from './work-files.ts'

const entrySchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('start'),
    lab: z.string(),
    digest: z.string(),
    /** The student's pseudonym; null without a ticket. */
    ticket: z.string().nullable(),
    /** labrun's version. */
    version: z.string(),
  }),
  z.object({ type: z.literal('resume') }),
  z.object({ type: z.literal('step'), step: z.string() }),
  z.object({
    type: z.literal('command'),
    step: z.string(),
    /** How many of the lab's commands were decided on before it. */
    before: z.int(),
    terminal: z.string(),
    text: z.string(),
    from: z.enum(['lab', 'student']),
    /** Null if it did not come to its end. */
    exit: z.int().nullable(),
  }),
  z.object({ type: z.literal('check'), step: z.string(), line: z.int(), column: z.int(), status: z.string() }),
  z.object({
    type: z.literal('answer'),
    step: z.string(),
    line: z.int(),
    ask: z.string(),
    text: z.string(),
    /** Null where nobody here knows. */
    right: z.boolean().nullable(),
  }),
  z.object({ type: z.literal('hint'), step: z.string() }),
  z.object({ type: z.literal('solution'), step: z.string() }),
  z.object({ type: z.literal('left'), step: z.string(), before: z.int() }),
  z.object({ type: z.literal('back'), step: z.string() }),
  z.object({ type: z.literal('reset'), step: z.string() }),
  z.object({ type: z.literal('finish') }),
])

/** What can be in a journal. */
export type JournalEntry = z.infer<typeof entrySchema>

const chainSchema = z.object({ n: z.int(), at: z.string(), prev: z.string(), hash: z.string() })

/** An entry in its place: `n` counts from 1, `at` is ISO 8601, `hash` covers the entry and `prev`, the hash before it. */
export type Chained = JournalEntry & z.infer<typeof chainSchema>

export interface Journal {
  readonly entries: readonly Chained[]
  /** False: an entry was changed, taken out or cannot be read; `entries` are those before it. */
  readonly intact: boolean
  /** Why it is not intact, or could not be read at all. */
  readonly trouble: string | null
}

/** The file of a lab's journal: one JSON object a line. */
export function journalFile(lab: Which): string {
  return workFile('journal', lab)
}

/** Everything that was written down of a lab. A last line that was not written to its end is no entry. */
export function readJournal(lab: Which): Journal {
  try {
    return parseJournal(readFileSync(journalFile(lab), 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? EMPTY : { entries: [], intact: false, trouble: message }
  }
}

/** Reads and proves the text of a journal. */
export function parseJournal(text: string): Journal {
  const entries: Chained[] = []
  for (const [index, line] of wholeLines(text).entries()) {
    const entry = readEntry(line)
    const wrong = entry ? whyWrong(entry, entries.at(-1)) : 'cannot be read'
    if (!entry || wrong) return { entries, intact: false, trouble: `entry ${index + 1} of the journal ${wrong}` }
    entries.push(entry)
  }
  return { entries, intact: true, trouble: null }
}

/** Adds an entry, which is on its way to the disk then; resolves to what kept it from being written, if anything. */
export function appendJournal(lab: Which, entry: JournalEntry): string | undefined {
  try {
    const open = openJournal(journalFile(lab))
    const chained = { n: open.n + 1, at: new Date().toISOString(), ...entry, prev: open.hash }
    const hash = hashOf(chained)
    const line = `${JSON.stringify({ ...chained, hash })}\n`
    try {
      writeAll(open.descriptor, line)
    } catch (error) {
      // Half a line on a full disk would spoil the next one.
      ftruncateSync(open.descriptor, open.size)
      throw error
    }
    const { size, mtimeMs } = fstatSync(open.descriptor)
    opened = { ...open, n: chained.n, hash, size, mtimeMs }
    beginSync(open.descriptor, (error) => {
      late = error.message
    })
    const trouble = late
    late = undefined
    return trouble
  } catch (error) {
    return (error as Error).message
  }
}

/** SHA-256 of the hash before and the entry as JSON with sorted keys, without the entry's own hash; in hex. */
export function hashOf(entry: JournalEntry & Omit<Chained, 'hash'>): string {
  const { hash: _own, ...rest } = entry as Chained
  const sorted = Object.fromEntries(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256').update(entry.prev).update(JSON.stringify(sorted)).digest('hex')
}

const EMPTY: Journal = { entries: [], intact: true, trouble: null }

interface Open {
  readonly file: string
  readonly descriptor: number
  readonly size: number
  readonly mtimeMs: number
  readonly n: number
  readonly hash: string
}

/** The journal that is being written: a student is in one lab at a time. */
let opened: Open | undefined
/** What the disk said after an entry had been taken. */
let late: string | undefined

function openJournal(file: string): Open {
  // Another process may have written, or a person have deleted the file.
  if (opened?.file === file && isAsLeft(opened)) return opened
  if (opened) closeSync(opened.descriptor)
  opened = undefined
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  mend(file)
  const descriptor = openSync(file, 'a', 0o600)
  const { entries } = parseJournal(readFileSync(file, 'utf8'))
  const { n, hash } = entries.at(-1) ?? { n: 0, hash: '' }
  const { size, mtimeMs } = fstatSync(descriptor)
  opened = { file, descriptor, size, mtimeMs, n, hash }
  return opened
}

function isAsLeft({ descriptor, size, mtimeMs }: Open): boolean {
  const now = fstatSync(descriptor)
  return now.nlink > 0 && now.size === size && now.mtimeMs === mtimeMs
}

/** Cuts a torn end off. Of a journal that is not intact the whole is kept aside, and what is right of it goes on. */
function mend(file: string): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  const { entries, intact } = parseJournal(text)
  if (intact && (text === '' || text.endsWith('\n'))) return
  const right = wholeLines(text)
    .slice(0, entries.length)
    .map((line) => `${line}\n`)
    .join('')
  if (!intact) putAside(file, 'unreadable')
  replaceFile(file, right)
}

function wholeLines(text: string): string[] {
  return text.split('\n').slice(0, -1)
}

function readEntry(line: string): Chained | undefined {
  try {
    const value: unknown = JSON.parse(line)
    // What a later version adds to an entry is part of its hash, so nothing is taken away here.
    return entrySchema.safeParse(value).success && chainSchema.safeParse(value).success ? (value as Chained) : undefined
  } catch {
    return undefined
  }
}

function whyWrong(entry: Chained, before: Chained | undefined): string | undefined {
  if (entry.prev !== (before?.hash ?? '') || entry.n !== (before?.n ?? 0) + 1) return 'does not follow the one before'
  return entry.hash === hashOf(entry) ? undefined : 'was changed'
}
