import { type Chained, hashOf, type JournalEntry } from '../../src/guide/journal.ts'

/** A journal as labrun writes it, an entry every ten seconds; an entry may say its own time. */
export function chain(entries: readonly (JournalEntry & { readonly at?: string })[], from = START): Chained[] {
  const chained: Chained[] = []
  for (const [index, entry] of entries.entries()) {
    const at = entry.at ?? new Date(Date.parse(from) + index * 10_000).toISOString()
    const whole = { n: index + 1, ...entry, at, prev: chained.at(-1)?.hash ?? '' }
    chained.push({ ...whole, hash: hashOf(whole) })
  }
  return chained
}

export function linesOf(entries: readonly Chained[]): string {
  return entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
}

export const START = '2026-11-20T10:00:00.000Z'
export const started: JournalEntry = { type: 'start', lab: 'demo', digest: 'd', ticket: null, version: '0.1.0' }

export function command(step: string, before: number, text: string, more: Partial<CommandEntry> = {}): JournalEntry {
  return { type: 'command', step, before, terminal: 'main', text, from: 'student', exit: 0, ...more }
}

export function answer(step: string, line: number, text: string): JournalEntry {
  return { type: 'answer', step, line, ask: 'How many?', text, right: null }
}

type CommandEntry = Extract<JournalEntry, { type: 'command' }>
