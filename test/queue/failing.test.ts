import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { labFiles } from '../../src/commands/grade-executor.ts'
import { loadGradedLab } from '../../src/commands/grading-labs.ts'
import type { GradeJob } from '../../src/grade/executor.ts'
import { jobDigest } from '../../src/grade/job-digest.ts'
import type { Graded } from '../../src/grade/model.ts'
import { DirectoryStore } from '../../src/queue/directory-store.ts'
import { sha256Of } from '../../src/queue/order.ts'
import { QueueExecutor } from '../../src/queue/queue-executor.ts'
import { ClassOnQueue } from './class-on-queue.ts'
import { noRedis, RedisServer } from './redis-server.ts'
import { endAll } from './running.ts'

describe.skipIf(noRedis)('a job that cannot be done', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterEach(endAll)
  afterAll(async () => await redis.stop())

  test('is tried again, then told with the reason, and the others go on; asked for once more, it is done', async () => {
    const here = await ClassOnQueue.of(redis.url, 2)
    const store = await DirectoryStore.open(here.store)
    const jobs = ['roster0', 'roster1'].map((id) => jobOf(here, id))
    const [broken, right] = jobs as [GradeJob, GradeJob]
    const kept: Graded[] = []
    const said: string[] = []
    const grade = async () => {
      const executor = new QueueExecutor({
        url: redis.url,
        store,
        keep: async (graded) => void kept.push(graded),
        labFiles,
        say: (line) => said.push(line),
        backoff: 10,
      })
      const outcomes = []
      for await (const one of executor.grade(jobs, { signal: new AbortController().signal })) outcomes.push(one)
      await executor.close()
      return outcomes
    }
    // Named like the bundle, and something else: what a disk does that fails.
    const bundle = sha256Of(Buffer.from(here.bytes('inbox/roster0.zip')))
    await store.put('bundles', bundle, Buffer.from('rubbish'))
    const worker = here.worker()
    expect((await grade()).toSorted((a, b) => (a.status < b.status ? -1 : 1))).toEqual([
      { digest: broken.digest, status: 'error', reason: expect.stringContaining('is not what it was') },
      { digest: right.digest, status: 'graded', reason: null },
    ])
    expect(worker.output.match(/is not what it was/g)).toHaveLength(5)
    expect(await store.has('results', broken.digest)).toBe(false)

    await store.remove('bundles', bundle)
    expect((await grade()).map(({ status }) => status)).toEqual(['graded', 'graded'])
    expect(kept.map(({ student }) => student.name).toSorted()).toEqual(['roster0!', 'roster1!', 'roster1!'])
    expect(kept.at(-1)!.bundle.file).toMatch(/inbox\/roster0\.zip$/)
    here.remove()
  }, 300_000)
})

function jobOf(here: ClassOnQueue, id: string): GradeJob {
  const { fullDigest } = loadGradedLab(here.exam, null)
  const pseudonym = here.pseudonym(id)
  const bundle = sha256Of(here.bytes(`inbox/${id}.zip`))
  return {
    digest: jobDigest({ bundle, lab: fullDigest, pseudonym, values: {}, carry: 0.8 }),
    bundleFile: here.path(`inbox/${id}.zip`),
    labFile: here.exam,
    student: { pseudonym, id, name: `${id}!` },
    values: {},
    options: { carry: 0.8, attempts: 1 },
  }
}
