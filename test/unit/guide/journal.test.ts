import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { appendJournal, hashOf, type JournalEntry, journalFile, readJournal } from '../../../src/guide/journal.ts'

const lab = { id: 'a-lab', file: '/labs/a-lab.md' }
const start: JournalEntry = { type: 'start', lab: 'a-lab', digest: 'd', ticket: null, version: '1.2.3' }
const typed = (text: string): JournalEntry => ({
  type: 'command',
  step: 'first',
  before: 2,
  terminal: 'main',
  text,
  from: 'student',
  exit: 0,
})

describe('the journal', () => {
  let state: string
  let before: string | undefined

  beforeEach(() => {
    before = process.env.XDG_STATE_HOME
    state = mkdtempSync(join(tmpdir(), 'labrun-journal-'))
    process.env.XDG_STATE_HOME = state
  })

  afterEach(() => {
    if (before === undefined) delete process.env.XDG_STATE_HOME
    else process.env.XDG_STATE_HOME = before
    rmSync(state, { recursive: true, force: true })
  })

  function write(...entries: JournalEntry[]): void {
    for (const entry of entries) expect(appendJournal(lab, entry)).toBeUndefined()
  }

  it('gives back what was written, numbered, dated and chained', () => {
    expect(readJournal(lab)).toEqual({ entries: [], intact: true, trouble: null })
    write(start, typed('ip link 网络'), { type: 'finish' })
    const { entries, intact } = readJournal(lab)
    expect(intact).toBe(true)
    expect(entries.map(({ n, type }) => [n, type])).toEqual([
      [1, 'start'],
      [2, 'command'],
      [3, 'finish'],
    ])
    expect(entries[1]).toMatchObject(typed('ip link 网络'))
    expect(entries.map(({ prev }) => prev)).toEqual(['', entries[0]!.hash, entries[1]!.hash])
    expect(
      entries.every((entry) => entry.hash === hashOf(entry) && entry.at === new Date(entry.at).toISOString()),
    ).toBe(true)
    expect(statSync(journalFile(lab)).mode & 0o077).toBe(0)
  })

  it('has a frozen hash', () => {
    const entry = { n: 1, at: '2026-01-02T03:04:05.678Z', ...start, prev: '' }
    expect(hashOf(entry)).toBe('514d7fc5832bfd4eb0e10620bd523515cc6b868bdca4688b6682c167e8a71127')
  })

  it('cuts off a last line that was not written to its end, and goes on', () => {
    write(start, typed('one'))
    appendFileSync(journalFile(lab), '{"n":3,"type":"comm')
    expect(readJournal(lab)).toMatchObject({ intact: true, entries: [{ n: 1 }, { n: 2 }] })
    write(typed('two'))
    expect(readJournal(lab)).toMatchObject({ intact: true, entries: [{ n: 1 }, { n: 2 }, { n: 3, text: 'two' }] })
    expect(readdirSync(dirname(journalFile(lab)))).toHaveLength(1)
  })

  it.each([
    [
      'changed',
      (lines: string[]) => lines.map((line) => line.replace('one', 'own')),
      1,
      'entry 2 of the journal was changed',
    ],
    [
      'taken out',
      (lines: string[]) => lines.filter((_, index) => index !== 1),
      1,
      'entry 2 of the journal does not follow',
    ],
    ['the first taken out', (lines: string[]) => lines.slice(1), 0, 'entry 1 of the journal does not follow'],
    ['not JSON', ([first]: string[]) => [first!, '{'], 1, 'entry 2 of the journal cannot be read'],
    ['of no known type', ([first]: string[]) => [first!, '{"type":"x"}'], 1, 'entry 2 of the journal cannot be read'],
  ])(
    'notices an entry that was %s, keeps the file aside, and goes on after what is right',
    (_, spoil, right, trouble) => {
      write(start, typed('one'), typed('two'))
      const file = journalFile(lab)
      const spoiled = `${spoil(readFileSync(file, 'utf8').trimEnd().split('\n')).join('\n')}\n`
      writeFileSync(file, spoiled)
      const journal = readJournal(lab)
      expect(journal).toMatchObject({ intact: false, trouble: expect.stringContaining(trouble) })
      expect(journal.entries).toHaveLength(right)
      write(typed('three'))
      expect(readJournal(lab).intact).toBe(true)
      expect(readJournal(lab).entries).toHaveLength(right + 1)
      const aside = readdirSync(dirname(file)).find((name) => name.includes('.unreadable-'))!
      expect(readFileSync(join(dirname(file), aside), 'utf8')).toBe(spoiled)
    },
  )

  it('says why it cannot be written', () => {
    writeFileSync(join(state, 'labrun'), 'a file where a folder should be')
    expect(appendJournal(lab, start)).toMatch(/EEXIST|ENOTDIR/)
    expect(readJournal(lab)).toMatchObject({ entries: [], intact: false, trouble: expect.stringMatching('ENOTDIR') })
  })
})
