import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { Queue, QueueEvents } from 'bullmq'
import type { GradeExecutor, GradeJob, GradeOutcome } from '../grade/executor.ts'
import type { Graded } from '../grade/model.ts'
import { isSettled, readResult } from './execute.ts'
import { type LabFiles, Sender } from './order.ts'
import { type Connection, connect, queueName, type Say } from './redis.ts'
import type { Store } from './store.ts'
import { takeOver } from './store-first.ts'

export interface QueueChoices {
  /** `redis://…` */
  readonly url: string
  readonly store: Store
  /** Keeps a result, which now has the name from the roster, where the class is put together. */
  readonly keep: (graded: Graded) => Promise<void>
  readonly labFiles: LabFiles
  readonly say: Say
  /** Also what has a result in the store. */
  readonly anew?: boolean
  /** Milliseconds before a job that went wrong is tried again, doubled each time; default: 2 s. */
  readonly backoff?: number
  /** Milliseconds after which is looked for what nobody told about; default: 10 s. */
  readonly patience?: number
}

/** What goes through Redis about a job: a digest, and nothing of the lab, the student or the roster. */
export interface Errand {
  readonly digest: string
}

/** Jobs that are in the queue at the same time: enough for many workers, and memory stays flat. */
const WINDOW = 1000
const ATTEMPTS = 5

/**
 * Lets workers on other machines do the grading (worker.ts). What counts is the store: a job is done when its result is
 * there, whatever Redis says or has forgotten. A digest that is asked for twice is told once.
 */
export class QueueExecutor implements GradeExecutor {
  readonly #choices: QueueChoices
  readonly #sender: Sender
  readonly #open = new Map<string, GradeJob>()
  readonly #told = new PassThrough({ objectMode: true })
  #connection: Connection | undefined
  #queue: Queue<Errand> | undefined
  #events: QueueEvents | undefined

  constructor(choices: QueueChoices) {
    this.#choices = choices
    this.#sender = new Sender(choices.store, choices.labFiles)
  }

  async *grade(
    jobs: AsyncIterable<GradeJob> | Iterable<GradeJob>,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<GradeOutcome> {
    const { url, say, store } = this.#choices
    this.#connection = await connect(url, say, signal)
    const name = await queueName(store)
    const connection = this.#connection.client
    // The connection itself tells what happens to it.
    const quiet = () => {}
    this.#queue = new Queue<Errand>(name, { connection }).on('error', quiet)
    this.#events = new QueueEvents(name, { connection }).on('error', quiet)
    const fail = (error: unknown) => this.#told.destroy(error as Error)
    this.#events.on('completed', ({ jobId }) => void this.#settle(digestOf(jobId)).catch(fail))
    this.#events.on('failed', ({ jobId }) => void this.#giveUp(digestOf(jobId)).catch(fail))
    const stop = () => this.#told.destroy()
    signal.addEventListener('abort', stop, { once: true })
    this.#feed(jobs, signal).catch(fail)
    this.#watch(signal).catch(fail)
    try {
      for await (const outcome of this.#told) yield outcome as GradeOutcome
    } catch (error) {
      if (!signal.aborted) throw error
      say('workers go on with what is in the queue; the same command takes what they found out')
    } finally {
      signal.removeEventListener('abort', stop)
      this.#told.destroy()
    }
  }

  async close(): Promise<void> {
    // They would wait for a Redis that is away.
    const closing = Promise.allSettled([this.#events?.close(), this.#queue?.close()])
    await Promise.race([closing, wait(1000, undefined, { ref: false })])
    this.#connection?.close()
  }

  /** Puts jobs into the queue, as many as there is room for, and ends when the last of them is done. */
  async #feed(jobs: AsyncIterable<GradeJob> | Iterable<GradeJob>, signal: AbortSignal): Promise<void> {
    for await (const job of jobs) {
      if (signal.aborted) return
      if (this.#open.has(job.digest)) continue
      while (this.#open.size >= WINDOW) await once(this.#told, 'settled', { signal })
      this.#open.set(job.digest, job)
      await this.#submit(job)
    }
    while (this.#open.size > 0) await once(this.#told, 'settled', { signal })
    this.#told.end()
  }

  async #submit(job: GradeJob): Promise<void> {
    const { store, anew = false } = this.#choices
    if (await isSettled(store, job.digest, anew)) {
      await this.#settle(job.digest)
      return
    }
    await this.#sender.send(job)
    const failed = await this.#queue!.getJob(idOf(job.digest))
    if (await failed?.isFailed()) await failed!.remove()
    await this.#add(job.digest)
  }

  /** To add what is in the queue already changes nothing. */
  async #add(digest: string): Promise<void> {
    const backoff = { type: 'exponential', delay: this.#choices.backoff ?? 2000 }
    await this.#queue!.add(
      'grade',
      { digest },
      // What went wrong is in the store: a message may quote the lab, and Redis is to know nothing of it.
      {
        jobId: idOf(digest),
        removeOnComplete: true,
        removeOnFail: { age: 86_400 },
        stackTraceLimit: 0,
        attempts: ATTEMPTS,
        backoff,
      },
    )
  }

  /** A result that is there counts, whoever has told of it; otherwise nothing happens. */
  async #settle(digest: string): Promise<void> {
    if (!this.#open.has(digest)) return
    const graded = await readResult(this.#choices.store, digest)
    const job = this.#open.get(digest)
    if (!graded || !job) return
    this.#open.delete(digest)
    this.#tell(await takeOver(graded, job, this.#choices.keep))
  }

  /** All attempts were in vain. */
  async #giveUp(digest: string): Promise<void> {
    await this.#settle(digest)
    if (!this.#open.has(digest)) return
    const trouble = await this.#choices.store.get('troubles', digest)
    if (!this.#open.delete(digest)) return
    const reason = trouble ? String(trouble) : 'each machine that tried it was lost while it did'
    this.#tell({ digest, status: 'error', reason })
  }

  #tell(outcome: GradeOutcome): void {
    if (this.#told.destroyed) return
    this.#told.write(outcome)
    this.#told.emit('settled')
  }

  /** Looks for what was not told: after a loss of Redis, or of what was in it. */
  async #watch(signal: AbortSignal): Promise<void> {
    const { say, patience = 10_000 } = this.#choices
    let workers: number | undefined
    while (!this.#told.destroyed) {
      // Some of those that offer Redis forbid to ask who is connected.
      const now = await this.#queue!.getWorkersCount().catch(() => undefined)
      if (now !== undefined && now !== workers) say(describeWorkers(now, this.#choices.store))
      workers = now
      await wait(patience, undefined, { signal, ref: false }).catch(() => {})
      for (const digest of [...this.#open.keys()]) await this.#settle(digest)
      for (const digest of [...this.#open.keys()]) {
        if (signal.aborted) return
        const state = await this.#queue!.getJobState(idOf(digest))
        if (state === 'failed') await this.#giveUp(digest)
        else if (state === 'unknown' && this.#open.has(digest)) await this.#add(digest)
      }
    }
  }
}

function describeWorkers(workers: number, store: Store): string {
  if (workers > 0) return `${workers === 1 ? '1 worker is' : `${workers} workers are`} at the queue`
  return (
    `no worker is at the queue with this version of labrun and the store ${store.name}; ` +
    'start one, here or on another machine: labrun worker --queue redis://… --store …'
  )
}

/** BullMQ takes numbers for its own ids. */
function idOf(digest: string): string {
  return `grade-${digest}`
}

function digestOf(id: string): string {
  return id.slice('grade-'.length)
}
