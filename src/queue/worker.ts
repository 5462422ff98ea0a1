import { hostname } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'bullmq'
import { clearAway, execute, type GradeOne } from './execute.ts'
import type { Errand } from './queue-executor.ts'
import { connect, queueName, type Say } from './redis.ts'
import { isDigest, type Store } from './store.ts'
import { reportFailure } from './trouble-report.ts'

export interface WorkerChoices {
  /** `redis://…` */
  readonly url: string
  readonly store: Store
  /** Submissions at the same time. */
  readonly jobs: number
  /** Seconds without a sign of life after which others take over what a worker was doing. */
  readonly lease: number
  readonly gradeOne: GradeOne
  /** Rejects where no world can be built here: such a worker would spoil one job after the other. */
  readonly prove: () => Promise<void>
  readonly say: Say
}

/** How often a submission may lose its worker before it is taken for the cause. */
const LOSSES = 5

/**
 * Takes submissions from the queue until `end` is aborted; then it finishes those that it has. When `abort` is aborted, it
 * lets go of them. Resolves when nothing is left to do; rejects with Trouble where it cannot begin.
 */
export async function work(choices: WorkerChoices, end: AbortSignal, abort: AbortSignal): Promise<void> {
  const { url, store, jobs, lease, gradeOne, prove, say } = choices
  await clearAway()
  await prove()
  const connection = await connect(url, say, end)
  let running = 0
  const name = `${hostname()}:${process.pid}`
  const worker = new Worker<Errand>(
    await queueName(store),
    async ({ data }) => {
      running++
      try {
        await runErrand(data, store, gradeOne, abort, say)
      } finally {
        running--
      }
    },
    {
      connection: connection.client,
      name,
      concurrency: jobs,
      lockDuration: lease * 1000,
      stalledInterval: lease * 1000,
      maxStalledCount: LOSSES,
      // How soon it goes on after Redis was away.
      runRetryDelay: 1000,
    },
  )
  // The connection tells by itself when it is lost; a lost lock is harmless, because results are named by digest.
  worker.on('error', () => {})
  worker.on('stalled', (id) => say(`${short(id.slice('grade-'.length))}: its worker was lost, it is tried again`))
  say(`waiting at Redis ${connection.name}, store ${store.name}, ${jobs} at a time`)
  await aborted(end)
  if (running > 0 && !abort.aborted) say(`ending: finishing ${running} first`)
  await close(worker, () => running)
  connection.close()
}

async function runErrand(
  { digest }: Errand,
  store: Store,
  gradeOne: GradeOne,
  abort: AbortSignal,
  say: Say,
): Promise<void> {
  if (!isDigest(digest)) throw new Error('not a job of labrun')
  const start = performance.now()
  try {
    const graded = await execute(store, digest, gradeOne, abort)
    if (graded === 'there') return
    const seconds = ((performance.now() - start) / 1000).toFixed(1)
    say(`${short(digest)} ${graded.student.pseudonym}: ${graded.status} in ${seconds} s`)
  } catch (error) {
    await reportFailure({ store, digest, error: abort.aborted ? new Error('it was stopped') : error, say })
    // What is thrown here is written to Redis.
    throw new Error('the reason is in the store')
  }
}

/** BullMQ's own waiting does not end while Redis is away; results are safe in the store by then. */
async function close(worker: Worker, running: () => number): Promise<void> {
  const closed = worker.close()
  let ended = false
  void closed.finally(() => {
    ended = true
  })
  let idle = 0
  while (!ended && idle < 50) {
    await wait(100)
    idle = running() > 0 ? 0 : idle + 1
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
}

function short(digest: string): string {
  return digest.slice(0, 12)
}
