import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSubmission } from '../../../src/submission/read.ts'
import { SubmissionRefused } from '../../../src/submission/refusal.ts'
import { makeZip, submissionParts } from '../../support/zip.ts'
import { contents, data, type Hostile, names, zips } from './hostile-zips.ts'

async function refusalOf(from: string | Buffer): Promise<SubmissionRefused> {
  const error: unknown = await readSubmission(from).then(
    () => new Error('it was accepted'),
    (reason: unknown) => reason,
  )
  if (error instanceof SubmissionRefused) return error
  throw error
}

describe('a submission that is not as labrun writes it', () => {
  it.each<Hostile>([...zips, ...names, ...data, ...contents])('is refused: %s → %s', async (_, code, bytes) => {
    const refusal = await refusalOf(bytes)
    expect([refusal.code, refusal.message]).toEqual([code, expect.stringMatching(/^[ -~…]{10,400}$/)])
  })

  it('is refused for whatever is changed in it, or says the same', async () => {
    const right = makeZip(submissionParts({ 'journal.jsonl': '', 'ticket.txt': 'a.b.c\n' }))
    const { sha256, ...whole } = await readSubmission(right)
    const byte = fc.record({ at: fc.nat(right.length - 1), to: fc.nat(255) })
    const meaningless: number[] = []
    await fc.assert(
      fc.asyncProperty(byte, async ({ at, to }) => {
        const changed = Buffer.from(right)
        changed[at] = to
        const read = await readSubmission(changed).catch((error: unknown) => error)
        if (read instanceof SubmissionRefused) return
        meaningless.push(at)
        expect(read).toEqual({ ...whole, sha256: expect.any(String) })
      }),
      { numRuns: 1500 },
    )
    expect(sha256).toHaveLength(64)
    // Only dates, versions and permissions, of which there are little more than a dozen for each file.
    expect(new Set(meaningless).size).toBeLessThan(4 * 25)
  })

  it('is refused, and never more than that, if it is noise between the marks of a zip', async () => {
    const marks = ['PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006', 'PK\u0006\u0007'].map((mark) =>
      Buffer.from(mark),
    )
    const noise = fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.constantFrom(...marks), noise), { maxLength: 12 }), async (pieces) => {
        expect((await refusalOf(Buffer.concat(pieces))).code).toMatch(/^[\w-]+$/)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a submission that another program has packed', () => {
  it('is accepted if it is right, in any order and deflated', async () => {
    const parts = submissionParts({ 'ticket.txt': 'a.b.c\n' }).map((part) => ({ ...part, deflate: true }))
    expect(await readSubmission(makeZip(parts.toReversed()))).toMatchObject({ ticket: 'a.b.c', work: { steps: [] } })
  })
})

describe('the file of a submission', () => {
  let folder: string

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'labrun-read-'))
  })

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is read', async () => {
    writeFileSync(join(folder, 'a.zip'), makeZip(submissionParts()))
    expect((await readSubmission(join(folder, 'a.zip'))).manifest.lab).toBe('cable')
  })

  it('is refused where it is none, without waiting for it', async () => {
    mkdirSync(join(folder, 'folder.zip'))
    execFileSync('mkfifo', [join(folder, 'pipe.zip')])
    writeFileSync(join(folder, 'real.zip'), makeZip(submissionParts()))
    symlinkSync('real.zip', join(folder, 'link.zip'))
    writeFileSync(join(folder, 'huge.zip'), Buffer.alloc(5 << 20))
    const kinds = ['folder', 'pipe', 'link', 'huge', 'gone']
    const codes = await Promise.all(kinds.map(async (name) => (await refusalOf(join(folder, `${name}.zip`))).code))
    expect(codes).toEqual(['not-a-file', 'not-a-file', 'not-a-file', 'too-large', 'not-readable'])
    expect((await refusalOf('/dev/zero')).message).toContain('a device')
  })
})
