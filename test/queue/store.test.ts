import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GradeJob } from '../../src/grade/executor.ts'
import { DirectoryStore } from '../../src/queue/directory-store.ts'
import { receive, Sender, sha256Of } from '../../src/queue/order.ts'
import { S3Store } from '../../src/queue/s3-store.ts'
import type { Store } from '../../src/queue/store.ts'
import { QueueError } from '../../src/queue/trouble.ts'
import { S3Server } from './s3-server.ts'

const DIGEST = 'ab'.repeat(32)
let folder: string
let server: S3Server
let plain: S3Server
beforeAll(async () => {
  server = await S3Server.start()
  plain = await S3Server.start({ conditions: false })
})
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'labrun-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
afterAll(async () => await Promise.all([server, plain].map((one) => one.stop())))

const inFolder = async (name: string) => await DirectoryStore.open(join(folder, name))
/** Each test has a part of the bucket of its own. */
const inS3 = (of: () => S3Server) => async (name: string) =>
  await S3Store.open(of().place(`${folder.replaceAll('/', '.')}/${name}`), of().environment)

describe.each<[string, (name: string) => Promise<Store>, RegExp]>([
  ['a store in a folder', inFolder, /^[0-9a-f-]{36}$/],
  ['a store in S3', inS3(() => server), /^[0-9a-f-]{36}$/],
  ['a store in S3 that does not know whether something is there', inS3(() => plain), /^[0-9a-f]{32}$/],
])('%s', (_kind, open, form) => {
  test('whoever opens it first names it for all; another one has another name', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => open('store')))
    const ids = new Set(await Promise.all(all.map((one) => one.id())))
    expect(ids.size).toBe(1)
    expect([...ids][0]).toMatch(form)
    expect(await (await open('store')).id()).toBe([...ids][0])
    expect(await (await open('other')).id()).not.toBe([...ids][0])
  })

  test('many write the same entry at the same time: who reads finds all of one of them', async () => {
    const store = await open('store')
    const texts = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(100_000 + index))
    const writing = texts.map((text) => store.put('results', DIGEST, Buffer.from(text)))
    for (let turn = 0; turn < 50; turn++) {
      const seen = await store.get('results', DIGEST)
      if (seen) expect(texts.includes(String(seen))).toBe(true)
    }
    await Promise.all(writing)
    expect(texts).toContain(String(await store.get('results', DIGEST)))
    expect([await store.has('results', DIGEST), await store.has('orders', DIGEST)]).toEqual([true, false])
    await store.remove('results', DIGEST)
    await store.remove('results', DIGEST)
    expect([await store.has('results', DIGEST), await store.get('results', DIGEST)]).toEqual([false, undefined])
  })

  test('what is written is read as it was, also nothing and what is no text', async () => {
    const store = await open('store')
    for (const bytes of [Buffer.alloc(0), Buffer.from([0, 255, 13, 10]), Buffer.alloc(5 << 20, 'x')]) {
      await store.put('bundles', DIGEST, bytes)
      expect((await store.get('bundles', DIGEST))!.equals(bytes)).toBe(true)
    }
  })

  test.each(['../orders/x', '..', 'AB'.repeat(32), `${DIGEST}.tmp`, ''])('%j is no name of an entry', async (name) => {
    const store = await open('store')
    await expect(store.put('results', name, Buffer.from('x'))).rejects.toThrow('no name of an entry')
    await expect(store.get('results', name)).rejects.toThrow('no name of an entry')
  })
})

test('a store in a folder leaves nothing beside its entries', async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => inFolder('store')))
  await Promise.all(all.map((one, index) => one.put('results', DIGEST, Buffer.from(`${index}`))))
  expect(readdirSync(join(folder, 'store')).filter((name) => name.endsWith('.tmp'))).toEqual([])
  expect(readdirSync(join(folder, 'store/results'))).toEqual([DIGEST])
})

describe('a store in S3 that cannot be used', () => {
  type Environment = Readonly<Record<string, string>>
  test.each<[string, string, (right: Environment) => Environment, RegExp, RegExp]>([
    ['no bucket', 's3://none/x', (right) => right, /there is no bucket none at 127\.0\.0\.1:\d+/, /make it/],
    [
      'a wrong key',
      's3://course/x',
      (right) => ({ ...right, AWS_SECRET_ACCESS_KEY: 'pass-1' }),
      /refuses \(SignatureDoesNotMatch\)/,
      /AWS_SECRET_ACCESS_KEY/,
    ],
    [
      'an unknown key',
      's3://course/x',
      (right) => ({ ...right, AWS_ACCESS_KEY_ID: 'pass-1' }),
      /refuses \(InvalidAccessKeyId\)/,
      /AWS_ACCESS_KEY_ID/,
    ],
    [
      'no key',
      's3://course/x',
      () => ({}),
      /not set: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY/,
      /set AWS_ACCESS_KEY_ID/,
    ],
    [
      'nobody there',
      's3://course/x',
      (right) => ({ ...right, AWS_ENDPOINT_URL: 'http://127.0.0.1:3' }),
      /127\.0\.0\.1:3 does not answer \(connect ECONNREFUSED/,
      /AWS_ENDPOINT_URL/,
    ],
    ['a password in its name', 's3://me:pass-1@course/x', (right) => right, /not given as s3:/, /into the environment/],
    ['a way out of it', 's3://course/x/../y', (right) => right, /not given as s3:/, /for example/],
    [
      'a password in the address',
      's3://course/x',
      (right) => ({ ...right, AWS_ENDPOINT_URL: 'http://me:pass-1@host' }),
      /not given as https:/,
      /without a user/,
    ],
  ])(
    '%s: what failed, why and what to do are said, and no secret',
    async (_name, place, change, why, advice) => {
      const trouble = await S3Store.open(place, change(server.environment)).catch((error: unknown) => error)
      expect(trouble).toBeInstanceOf(QueueError)
      const { message, remedies } = trouble as QueueError
      expect(message).toMatch(why)
      expect(remedies.join('\n')).toMatch(advice)
      expect(message + remedies.join('\n')).not.toContain('pass-1')
    },
    60_000,
  )
})

describe.each([
  ['a folder', inFolder],
  ['S3', inS3(() => server)],
])('a job in a store in %s', (_kind, open) => {
  const sent = async () => {
    const store: Store = await open('store')
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
