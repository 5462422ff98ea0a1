import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { printableJson } from '../../../src/sanitize.ts'
import { describeSubmission } from '../../../src/submission/describe.ts'
import { freeName, writeWhole } from '../../../src/submission/output.ts'
import { openSubmission, readSubmission } from '../../../src/submission/read.ts'
import { type Parts, pack, SubmissionTooLarge, writeSubmission } from '../../../src/submission/write.ts'
import { chain, command, linesOf, started } from '../../support/journal.ts'

const parts: Parts = {
  about: { lab: 'demo', digest: 'ab'.repeat(32), created: '2026-11-20T10:00:00.000Z', by: 'labrun 0.1.0' },
  ticket: 'labrun-ticket-1.a.b',
  work: {
    steps: [
      {
        id: 'one',
        commands: [{ terminal: 'main', text: 'ip link 网络', exit: 0, at: '2026-11-20T09:00:00.000Z' }],
        answers: [{ line: 9, ask: 'How many?', text: '7' }],
      },
    ],
  },
  advice: { labrun: 'advice', version: 1, note: 'advice', status: 'passed', trouble: null, steps: [] },
  journal: linesOf(chain([started, command('one', 0, 'ip link 网络')])),
}

describe('a submission', () => {
  it('is byte for byte the same for the same parts, in every time zone', async () => {
    const bytes = await writeSubmission(parts)
    expect(await writeSubmission(structuredClone(parts))).toEqual(bytes)
    // What this once was. Another one would be another form of submissions.
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(
      'a73a70eeb4257392e36155df4aec53d4798f1a39bb52a40a9db2189227ef8983',
    )
  })

  it('is read as it was written, with its files in their order', async () => {
    const { submission, texts } = await openSubmission(await writeSubmission(parts))
    expect([...texts.keys()]).toEqual(['manifest.json', 'ticket.txt', 'work.json', 'advice.json', 'journal.jsonl'])
    expect(submission).toMatchObject({ ticket: parts.ticket, work: parts.work, advice: parts.advice })
    expect(submission.journal).toMatchObject({ intact: true, entries: [{ type: 'start' }, { text: 'ip link 网络' }] })
  })

  it('goes without a ticket, advice and journal', async () => {
    const bytes = await writeSubmission({ ...parts, ticket: null, advice: null, journal: null })
    const { manifest, ...rest } = await readSubmission(bytes)
    expect(Object.keys(manifest.files)).toEqual(['work.json'])
    expect(rest).toMatchObject({ ticket: null, advice: null, journal: null })
  })

  it('stays true when something is taken out', async () => {
    const { submission, texts } = await openSubmission(await writeSubmission(parts))
    texts.delete('journal.jsonl')
    texts.delete('advice.json')
    const bytes = await pack(submission.manifest, Object.fromEntries(texts))
    expect(bytes).toEqual(await writeSubmission({ ...parts, advice: null, journal: null }))
  })

  it('is not written where it would be too large to be read', async () => {
    const text = 'x'.repeat(3 << 20)
    await expect(writeSubmission({ ...parts, journal: text })).rejects.toThrow(SubmissionTooLarge)
    const half = 'x'.repeat((3 << 20) / 2)
    const all = { 'work.json': half, 'advice.json': half, 'journal.jsonl': half }
    await expect(pack(parts.about, all)).rejects.toThrow('journal.jsonl is larger')
  })

  it('is a zip for other programs too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'labrun-write-'))
    try {
      writeFileSync(join(folder, 'a.zip'), await writeSubmission(parts))
      const script =
        'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), *z.namelist(), z.infolist()[0].date_time[:3])'
      const said = execFileSync('python3', ['-c', script, join(folder, 'a.zip')], { encoding: 'utf8' })
      expect(said).toBe('None manifest.json ticket.txt work.json advice.json journal.jsonl (1980, 1, 1)\n')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

describe('what is shown of a submission', () => {
  const evil = '\u001b[2J\u001b]0;owned\u0007 \u009b31m \u202e rm'

  it('is all that is in it, and does nothing to the terminal', async () => {
    const commands = [{ terminal: 'client', text: `echo one\n${evil}`, exit: 3, at: null }]
    const step = { id: `one${evil}`, commands, answers: [{ line: 1, ask: evil, text: `7\n${evil}` }] }
    const bytes = await writeSubmission({
      ...parts,
      ticket: null,
      work: { steps: [step] },
      journal: linesOf(chain([started, command('one', 0, evil), { type: 'hint', step: 'one' }])),
    })
    const submission = await readSubmission(bytes)
    const text = describeSubmission(submission)
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    for (const part of [
      'demo',
      'echo one',
      '[client]',
      '[exit 3]',
      'hint',
      'start',
      'its chain is whole',
      submission.sha256,
    ])
      expect(text).toContain(part)
    const json = printableJson(submission)
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(JSON.parse(json)).toEqual(submission)
  })

  it('says that a journal was changed, and that a ticket is none', async () => {
    const journal = parts.journal!.replace('ip link', 'ip xfrm')
    const text = describeSubmission(await readSubmission(await writeSubmission({ ...parts, journal })))
    expect(text).toContain('its chain is broken: entry 2 of the journal was changed')
    expect(text).toContain('! this ticket is refused')
  })
})

describe('the file of a submission', () => {
  let folder: string

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-write-'))
  })

  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('never takes the place of another one, and leaves nothing beside it', () => {
    const file = join(folder, 'a.zip')
    writeWhole(file, Buffer.from('one'))
    expect(() => writeWhole(file, Buffer.from('two'))).toThrow('EEXIST')
    expect(readFileSync(file, 'utf8')).toBe('one')
    expect(readdirSync(folder)).toEqual(['a.zip'])
    expect(freeName(join(folder, 'a'))).toBe(join(folder, 'a-2.zip'))
    expect(freeName(join(folder, 'b'))).toBe(join(folder, 'b.zip'))
  })
})
