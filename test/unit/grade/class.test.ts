import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ClassList, lastOfEach } from '../../../src/grade/class-list.ts'
import type { Received } from '../../../src/grade/intake.ts'
import { jobDigest } from '../../../src/grade/job-digest.ts'
import type { Graded } from '../../../src/grade/model.ts'
import { Records } from '../../../src/grade/records.ts'
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
  const recordsOf = (...all: readonly Received[]) => {
    const records = new Records<Received>(folder)
    for (const one of all) records.add(one)
    return records
  }
  const counts = (...all: readonly Received[]) => {
    const records = recordsOf(...all)
    const counted = [...lastOfEach(records)].map(({ place, others }) => [place, ...others])
    records.close()
    return counted
  }

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
    const records = recordsOf(...all, ...all)
    const start = process.cpuUsage()
    const [only, ...rest] = lastOfEach(records)
    const { user, system } = process.cpuUsage(start)
    expect([only!.others.length, rest.length]).toEqual([19_999, 0])
    // Microseconds of the processor: the machine may be busy with something else.
    expect(user + system).toBeLessThan(2_000_000)
    records.close()
  })

  test('the list is read as it was written', () => {
    // Longer than what is read at a time, and with what Unicode takes for the end of a line.
    const names = ['a', 'b\u2028b', 'ü'.repeat(100_000), 'd']
    const all = names.map((name) => ({ ...received(name, null, null, name), digest: null, others: [name] }))
    const list = new ClassList(folder)
    for (const one of all) list.add(one)
    list.write(join(folder, 'list'))
    list.close()
    const again = ClassList.read(join(folder, 'list'), folder)
    expect([...again]).toEqual(all)
    expect(names.map((name) => again.of(name))).toEqual(all)
    expect(again.of('c')).toBeUndefined()
    again.close()
    const none = ClassList.read(join(folder, 'none'), folder)
    expect([...none]).toEqual([])
    none.close()
    expect(readdirSync(folder)).toEqual(['list'])
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
