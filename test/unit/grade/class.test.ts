import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { lastOfEach, readClass, writeClass } from '../../../src/grade/class-list.ts'
import type { Received } from '../../../src/grade/intake.ts'
import { jobDigest } from '../../../src/grade/job-digest.ts'
import type { Graded } from '../../../src/grade/model.ts'
import { ResultStore } from '../../../src/grade/store.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'class-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('several submissions of one student', () => {
  const received = (
    place: string,
    created: string | null,
    refused: string | null = null,
    pseudonym = 's1',
  ): Received => ({
    place,
    sender: null,
    student: { pseudonym, id: null, name: null },
    named: { pseudonym, id: null, name: null },
    sha256: place,
    values: {},
    created,
    late: null,
    refused,
  })
  const counts = (...all: readonly Received[]) => lastOfEach(all).map(({ place, others }) => [place, ...others])

  test('the last counts, wherever it stands', () => {
    const [early, late] = [received('a', '2026-01-01T00:00:00Z'), received('b', '2026-01-02T00:00:00Z')]
    expect(counts(early, late)).toEqual([['b', 'a']])
    expect(counts(late, early)).toEqual([['b', 'a']])
  })

  test('one that is refused does not count, however late it is, unless there is no other', () => {
    expect(counts(received('a', '2026-01-01T00:00:00Z'), received('b', '2026-01-02T00:00:00Z', 'expired'))).toEqual([
      ['a', 'b'],
    ])
    expect(counts(received('a', null, 'broken'), received('b', null, 'broken'))).toEqual([['b', 'a']])
  })

  test('the same file twice is one', () => {
    const one = received('a', '2026-01-01T00:00:00Z')
    expect(counts(one, one, received('c', null, null, 's2'))).toEqual([['a'], ['c']])
  })

  test('twenty thousand of one student take no longer than they should', () => {
    const all = Array.from({ length: 20_000 }, (_, at) => received(`${at}`, null, 'it is empty'))
    const start = performance.now()
    expect(counts(...all, ...all)).toHaveLength(1)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('the list is read as it was written', () => {
    const list = lastOfEach([received('a', null)]).map((one) => ({ ...one, digest: null }))
    writeClass(join(folder, 'list'), list)
    expect(readClass(join(folder, 'list'))).toEqual(list)
    expect(readClass(join(folder, 'none'))).toEqual([])
  })
})

describe('the name of a result', () => {
  const deciding = { bundle: 'b', lab: 'l', pseudonym: 's', values: { a: '1', b: '2' }, carry: 0.8 }

  test('is the same for the same, whatever the order of the values', () => {
    expect(jobDigest({ ...deciding, values: { b: '2', a: '1' } })).toBe(jobDigest(deciding))
  })

  test.each([{ bundle: 'c' }, { lab: 'm' }, { pseudonym: 't' }, { values: { a: '1', b: '3' } }, { carry: 0.5 }])(
    'is another with %o',
    (change) => {
      expect(jobDigest({ ...deciding, ...change })).not.toBe(jobDigest(deciding))
    },
  )
})

describe('results', () => {
  const digest = 'a'.repeat(64)
  const result = { labrun: 'grade', version: 1, digest } as Graded

  test('are there as a whole, or not at all', () => {
    const store = new ResultStore(join(folder, 'results'))
    expect(store.has(digest)).toBe(false)
    store.write(result)
    expect(store.read(digest)).toEqual(result)
    expect(readdirSync(store.folder)).toEqual([`${digest}.json`])
  })

  test.each(['', '{"labrun":"gra', 'null', '{"labrun":"grade","version":1,"digest":"b"}'])(
    'what is no result is graded anew: %s',
    (text) => {
      const store = new ResultStore(folder)
      writeFileSync(join(folder, `${digest}.json`), text)
      expect(store.has(digest)).toBe(false)
    },
  )

  test('no name leads out of the folder', () => {
    expect(() => new ResultStore(folder).read('../../etc/passwd')).toThrow()
  })
})
