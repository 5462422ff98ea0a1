import { readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { ClassOnQueue } from './class-on-queue.ts'
import { noRedis, RedisServer } from './redis-server.ts'
import { endAll, Running } from './running.ts'
import { S3Server } from './s3-server.ts'

const GRADED = /[0-9a-f]{12} s\w+: graded in/
const LONG = 300_000
vi.setConfig({ testTimeout: LONG })

if (noRedis) console.warn(`not tested: grading through a queue: ${noRedis}`)

describe.skipIf(noRedis)('grading through a queue', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterEach(endAll)
  afterAll(async () => await redis.stop())

  test(
    'workers, Redis and the one who collects are killed in the middle: each submission has exactly one result',
    async () => {
      const here = await ClassOnQueue.of(redis.url, 8)
      const [first, second] = [here.worker('--lease', '3', '--jobs', '2'), here.worker('--lease', '3')]
      await Promise.all([first.says(/waiting at Redis/), second.says(/waiting at Redis/)])
      const grade = here.grade()
      await grade.says(/2 workers are at the queue/)
      await first.says(GRADED)
      first.kill('SIGKILL')
      const third = here.worker('--lease', '3', '--jobs', '2')
      await second.says(GRADED)

      await redis.kill()
      await Promise.all([grade, second].map((one) => one.says(/Redis at 127\.0\.0\.1:\d+ does not answer/)))
      await redis.begin()
      await Promise.all([grade, second].map((one) => one.says(/answers: going on/)))
      await third.says(GRADED)

      grade.kill('SIGKILL')
      expect(await grade.end()).toBeNull()
      const found = here.stored('results').length
      const again = here.grade()
      expect(await again.end(), again.output).toBe(0)
      const { seen, due } = here.points()
      expect(seen).toEqual(due)
      expect(here.results()).toHaveLength(8)
      expect(here.stored('results').toSorted()).toEqual(
        here
          .results()
          .map((name) => name.slice(0, 64))
          .toSorted(),
      )
      expect(found).toBeGreaterThan(0)
      expect(here.graded().map(({ student }) => student.name)).toContain('Nameless roster3')

      for (const one of [second, third]) one.kill('SIGTERM')
      expect([await second.end(), await third.end()]).toEqual([0, 0])
      // Nothing of what was killed is left to read, and nothing of what went well is graded anew.
      expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`labrun-grade-${second.pid}-`))).toEqual([])
      expect(await here.grade().end()).toBe(0)
      here.remove()
    },
    LONG,
  )

  test(
    'the same with a store in S3: a worker is killed in the middle, and nobody prints the key',
    async () => {
      const server = await S3Server.start()
      const here = await ClassOnQueue.of(redis.url, 6, { store: server.place('exam'), env: server.environment })
      const [first, second] = [here.worker('--lease', '3'), here.worker('--lease', '3')]
      await Promise.all([first.says(/waiting at Redis/), second.says(/waiting at Redis/)])
      const grade = here.grade()
      await first.says(GRADED)
      await expect.poll(() => busy(first), { timeout: LONG }).toBe(true)
      first.kill('SIGKILL')
      expect(await grade.end(), grade.output).toBe(0)
      const { seen, due } = here.points()
      expect(seen).toEqual(due)

      // Another one who collects finds all of it, without a queue and without a world.
      rmSync(here.path('graded'), { recursive: true })
      const words = here.words('--store', here.store, '--on', 'ssh:nobody@127.0.0.1')
      const again = new Running(server.environment, ...words)
      expect(await again.end(), again.output).toBe(0)
      expect(here.points().seen).toEqual(due)
      second.kill('SIGTERM')
      expect(await second.end(), second.output).toBe(0)
      for (const { output } of [first, second, grade, again]) expect(output).not.toContain('S3RVER')
      here.remove()
      await server.stop()
    },
    LONG,
  )

  test(
    'asked to end, a worker finishes first; asked twice, it lets go, and another one does it',
    async () => {
      const here = await ClassOnQueue.of(redis.url, 2)
      const worker = here.worker('--lease', '3')
      const grade = here.grade()
      await worker.says(/waiting at Redis/)
      await expect.poll(() => busy(worker), { timeout: LONG }).toBe(true)
      worker.kill('SIGTERM')
      await worker.says(/ending: finishing 1 first/)
      expect(await worker.end(), worker.output).toBe(0)
      expect(here.stored('results')).toHaveLength(1)

      const hasty = here.worker('--lease', '3')
      await hasty.says(/waiting at Redis/)
      await expect.poll(() => busy(hasty), { timeout: LONG }).toBe(true)
      hasty.kill('SIGTERM')
      await hasty.says(/ending/)
      hasty.kill('SIGTERM')
      expect(await hasty.end(), hasty.output).toBe(130)
      expect(here.stored('results')).toHaveLength(1)

      const last = here.worker('--lease', '3')
      expect(await grade.end(), grade.output).toBe(0)
      const { seen, due } = here.points()
      expect(seen).toEqual(due)
      last.kill('SIGTERM')
      expect(await last.end()).toBe(0)
      here.remove()
    },
    LONG,
  )

  test(
    'Redis hears digests and nothing of the lab, the roster or the submissions; nobody prints its password',
    async () => {
      const here = await ClassOnQueue.of(redis.url, 2)
      const client = redis.client()
      const heard: string[] = []
      const monitor = await client.monitor()
      monitor.on('monitor', (_time: string, words: string[]) => heard.push(words.join(' ')))
      const [worker, grade] = [here.worker(), here.grade()]
      expect(await grade.end(), grade.output).toBe(0)
      worker.kill('SIGTERM')
      expect(await worker.end(), worker.output).toBe(0)
      monitor.disconnect()
      client.disconnect()
      const knows = (words: string | RegExp) => heard.filter((line) => line.search(words) >= 0).length
      for (const digest of here.stored('results')) expect(knows(digest)).toBeGreaterThan(0)
      const pseudonyms = ['roster0', 'roster1'].map((id) => here.pseudonym(id))
      for (const one of [/roster\d|Nameless|example\.org|netns|iptables|hidden|rooms/, ...pseudonyms])
        expect(knows(one), String(one)).toBe(0)
      expect(worker.output + grade.output).not.toContain(redis.password)
      // The store is read on other machines: who is behind a pseudonym stays here.
      const orders = here.stored('orders').map((digest) => here.read(`store/orders/${digest}`))
      const results = here.stored('results').map((digest) => here.read(`store/results/${digest}`))
      expect([...orders, ...results].join('\n')).not.toMatch(/Nameless|"roster\d"|example\.org/)
      here.remove()
    },
    LONG,
  )

  test('a worker waits for a Redis that is not there yet, and ends when it is asked to', async () => {
    const here = await ClassOnQueue.of('redis://127.0.0.1:1', 1)
    const [worker, grade] = [here.worker(), here.grade()]
    for (const one of [worker, grade]) {
      await one.says(/Redis at 127\.0\.0\.1:1 does not answer \(connect ECONNREFUSED 127\.0\.0\.1:1\): waiting for it/)
      one.kill('SIGTERM')
    }
    expect([await worker.end(), await grade.end()]).toEqual([0, 130])
    here.remove()
  })

  test.each([
    ['a wrong password', (url: string) => url.replace(/:[^:]*@/, ':wrong-secret@'), /refuses: WRONGPASS/],
    ['no password', (url: string) => url.replace(/:[^:]*@/, ''), /refuses: NOAUTH/],
    ['a wrong URL', () => 'redis:/wrong-secret@host', /not given as redis:\/\/HOST:PORT/],
    ['another protocol', () => 'http://wrong-secret@host', /not given as redis:\/\/HOST:PORT/],
  ])('%s: said at once, without the password', async (_name, urlOf, says) => {
    const here = await ClassOnQueue.of(urlOf(redis.url), 1)
    for (const one of [here.worker(), here.grade()]) {
      expect(await one.end(), one.output).toBe(2)
      expect(one.output).toMatch(says)
      expect(one.output).not.toMatch(/wrong-secret|a-secret-of-the-test/)
    }
    here.remove()
  })

  test(
    'says that nobody is there to grade',
    async () => {
      const here = await ClassOnQueue.of(redis.url, 1)
      const grade = here.grade()
      await grade.says(/no worker is at the queue with this version of labrun and the store \S+; start one/)
      const worker = here.worker()
      expect(await grade.end(), grade.output).toBe(0)
      worker.kill('SIGINT')
      expect(await worker.end()).toBe(0)
      here.remove()
    },
    LONG,
  )
})

test('what is missing on the command line is said', async () => {
  const words = [
    [['worker', '--store', '/tmp'], /--queue redis:\/\/HOST:PORT/],
    [['worker', '--queue', 'redis://127.0.0.1:1'], /--store \/srv\/labrun/],
    [
      ['worker', '--queue', 'redis://127.0.0.1:1', '--store', '/etc/passwd/x'],
      /the store \/etc\/passwd\/x cannot be used/,
    ],
    [['worker', '--queue', 'redis://127.0.0.1:1', '--store', 'nfs://host/x'], /a store is a folder .*, or s3:/],
    [['worker', '--queue', 'redis://127.0.0.1:1', '--store', 's3://bucket/x'], /AWS_ACCESS_KEY_ID/],
  ] as const
  for (const [line, says] of words) {
    const one = new Running({ AWS_ACCESS_KEY_ID: '' }, ...line)
    expect(await one.end()).toBe(2)
    expect(one.output).toMatch(says)
  }
})

/** Whether a worker has a submission: its folder is there. */
function busy(worker: Running): boolean {
  return readdirSync(tmpdir()).some((name) => name.startsWith(`labrun-grade-${worker.pid}-`))
}
