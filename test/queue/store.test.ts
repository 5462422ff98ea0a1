import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { GradeJob } from '../../src/grade/executor.ts'
import { DirectoryStore } from '../../src/queue/directory-store.ts'
import { receive, Sender, sha256Of } from '../../src/queue/order.ts'

const DIGEST = 'ab'.repeat(32)
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('a store in a folder', () => {
  test('whoever opens it first names it for all', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => DirectoryStore.open(join(folder, 'store'))))
    const ids = new Set(await Promise.all(all.map((one) => one.id())))
    expect(ids.size).toBe(1)
    expect([...ids][0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(readdirSync(join(folder, 'store')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  test('many write the same entry at the same time: who reads finds all of one of them', async () => {
    const store = await DirectoryStore.open(folder)
    const texts = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(100_000 + index))
    const writing = texts.map((text) => store.put('results', DIGEST, Buffer.from(text)))
    for (let turn = 0; turn < 50; turn++) {
      const seen = await store.get('results', DIGEST)
      if (seen) expect(texts.includes(String(seen))).toBe(true)
    }
    await Promise.all(writing)
    expect(texts).toContain(String(await store.get('results', DIGEST)))
    expect(readdirSync(join(folder, 'results'))).toEqual([DIGEST])
    await store.remove('results', DIGEST)
    expect([await store.has('results', DIGEST), await store.get('results', DIGEST)]).toEqual([false, undefined])
  })

  test.each(['../orders/x', '..', 'AB'.repeat(32), `${DIGEST}.tmp`, ''])('%j is no name of an entry', async (name) => {
    const store = await DirectoryStore.open(folder)
    await expect(store.put('results', name, Buffer.from('x'))).rejects.toThrow('no name of an entry')
    await expect(store.get('results', name)).rejects.toThrow('no name of an entry')
  })
})

describe('a job in a store', () => {
  const sent = async () => {
    const store = await DirectoryStore.open(join(folder, 'store'))
    for (const name of ['course', 'other', 'worker']) mkdirSync(join(folder, name))
    const [lab, before] = [join(folder, 'course/exam.md'), join(folder, 'other/first.md')]
    writeFileSync(lab, 'the exam')
    writeFileSync(before, 'the lab before')
    writeFileSync(join(folder, 'course/work.zip'), 'the work')
    const job: GradeJob = {
      digest: DIGEST,
      bundleFile: join(folder, 'course/work.zip'),
      labFile: lab,
      student: { pseudonym: 's1', id: '4711', name: 'Ada' },
      values: { port: '8000' },
      options: { carry: 0.8, attempts: 3 },
    }
    await new Sender(store, () => [lab, before]).send(job)
    return { store, job }
  }

  test('arrives with all files of the lab where they were to each other, and without the name of the student', async () => {
    const { store, job } = await sent()
    const here = join(folder, 'worker')
    const got = await receive(store, DIGEST, here)
    expect(got).toEqual({
      ...job,
      bundleFile: join(here, 'bundles/work.zip'),
      labFile: join(here, 'labs/course/exam.md'),
      student: { pseudonym: 's1', id: null, name: null },
    })
    expect(readFileSync(got.bundleFile, 'utf8')).toBe('the work')
    expect(readFileSync(got.labFile, 'utf8')).toBe('the exam')
    expect(readFileSync(join(here, 'labs/other/first.md'), 'utf8')).toBe('the lab before')
  })

  test('is not taken when something of it is missing, or is not what it was', async () => {
    const { store } = await sent()
    const [bundle, lab] = [sha256Of(Buffer.from('the work')), sha256Of(Buffer.from('the exam'))]
    await store.put('bundles', bundle, Buffer.from('other work'))
    await expect(receive(store, DIGEST, join(folder, 'worker'))).rejects.toThrow('is not what it was')
    await store.put('bundles', bundle, Buffer.from('the work'))
    await store.remove('labs', lab)
    await expect(receive(store, DIGEST, join(folder, 'worker'))).rejects.toThrow(`labs/${lab} is not in the store`)
    await expect(receive(store, 'cd'.repeat(32), join(folder, 'worker'))).rejects.toThrow('is not in the store')
  })

  test.each(['../../evil', '/etc/evil', 'a/../../../evil'])('the path %s leads nowhere', async (path) => {
    const { store } = await sent()
    const order = JSON.parse(String(await store.get('orders', DIGEST))) as { bundle: { path: string } }
    order.bundle.path = path
    await store.put('orders', DIGEST, Buffer.from(JSON.stringify(order)))
    await expect(receive(store, DIGEST, join(folder, 'worker'))).rejects.toThrow('a path in the store leads out of it')
  })
})
