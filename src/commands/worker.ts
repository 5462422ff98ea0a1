import { gradeJob } from '../grade/grade-job.ts'
import { openStore } from '../queue/open-store.ts'
import { QueueError } from '../queue/trouble.ts'
import type { WorkerChoices } from '../queue/worker.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { GRADING_LIMITS } from '../world/limits.ts'
import { demandStore, loadQueue } from './grade-executor.ts'
import { gradeContext } from './grading-labs.ts'
import type { PlaceOptions } from './place.ts'
import { Where } from './where.ts'

export interface WorkerOptions extends PlaceOptions {
  readonly queue?: string
  readonly store?: string
  /** Submissions at the same time. */
  readonly jobs: number
  /** Seconds. */
  readonly lease: number
  /** A list of jobs in the store instead of a queue, and which part of it: counted from 0. */
  readonly batch?: string
  readonly part: number
  readonly parts: number
}

/**
 * `labrun worker`: grades what others have put into a queue, until it is asked to end; or a part of a list. 0 when it ended as
 * it should, 1 if something of the list could not be graded, 130 if it let go of what it was doing.
 */
export async function worker(
  options: WorkerOptions,
  { signal, onInterrupt, onTerminate }: Surroundings,
): Promise<number> {
  const [end, abort] = [new AbortController(), new AbortController()]
  const ask = () => {
    if (end.signal.aborted) abort.abort()
    end.abort()
  }
  // Its terminal or the reader of its output is gone.
  signal.addEventListener('abort', ask, { once: true })
  const release = [onInterrupt(ask), onTerminate(ask)]
  const where = new Where(options, abort.signal, GRADING_LIMITS)
  const say = (line: string) => process.stdout.write(`labrun: ${sanitize(line).replaceAll(/\s+/g, ' ')}\n`)
  try {
    const context = gradeContext(where.openWorld)
    const gradeOne: WorkerChoices['gradeOne'] = (job, signal) => gradeJob(job, { ...context, signal })
    const prove = async () => await (await where.openWorld({ lan: undefined }, 'any')).close()
    if (options.batch === undefined && options.queue === undefined) throw noQueue()
    const store = await openStore(demandStore(options.store))
    const chosen = { ...options, store, gradeOne, prove, say }
    if (options.batch !== undefined) {
      const { workPart } = await import('../queue/part.ts')
      const left = await workPart({ ...chosen, batch: options.batch }, end.signal, abort.signal)
      if (left === 0) return 0
      return abort.signal.aborted ? 130 : 1
    }
    const { work } = await loadQueue(() => import('../queue/worker.ts'))
    await work({ ...chosen, url: options.queue! }, end.signal, abort.signal)
    return abort.signal.aborted ? 130 : 0
  } catch (error) {
    // It had not begun yet. Of a list nothing is done then, and whoever has started this is to know.
    if (end.signal.aborted) return options.batch === undefined ? 0 : 1
    throw error
  } finally {
    for (const one of release) one()
    await where.close()
  }
}

function noQueue(): QueueError {
  return new QueueError('no-queue', 'where the queue is was not said', [
    '--queue redis://HOST:PORT, or LABRUN_QUEUE in the environment',
  ])
}
