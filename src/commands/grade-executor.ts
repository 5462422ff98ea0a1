import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checks } from '../checks/index.ts'
import type { GradeExecutor } from '../grade/executor.ts'
import { LocalPool } from '../grade/local-pool.ts'
import type { Graded } from '../grade/model.ts'
import { ResultStore } from '../grade/store.ts'
import type { Lab } from '../lab/lab.ts'
import { packageRoot } from '../package.ts'
import { loadOptional } from '../queue/optional.ts'
import { QueueError } from '../queue/trouble.ts'
import { gradeContext } from './grading-labs.ts'
import { labsBefore, loadLab } from './labs.ts'
import type { Where } from './where.ts'

/** Where grading is done, as the command line says it. */
export interface ExecutorOptions {
  /** Submissions at the same time, on this machine. */
  readonly jobs: number
  /** `redis://…`: workers elsewhere do it. */
  readonly queue?: string
  /** What these machines share: a folder, or `s3://BUCKET/PREFIX`. */
  readonly store?: string
  readonly regrade: boolean
  /** The folder of the results. */
  readonly out: string
}

export interface ExecutorPlace {
  readonly lab: Lab
  readonly where: Where
  readonly results: ResultStore
  readonly say: (line: string) => void
}

/** Who grades. Rejects with Trouble where it cannot be done like that. */
export async function openExecutor(options: ExecutorOptions, place: ExecutorPlace): Promise<GradeExecutor> {
  const { queue, store: shared, regrade } = options
  if (queue === undefined && shared === undefined) return await openLocal(options, place)
  const { openStore } = await import('../queue/open-store.ts')
  const store = await openStore(demandStore(shared))
  const keep = async (graded: Graded) => place.results.write(graded)
  if (queue === undefined) {
    const { StoreFirst } = await import('../queue/store-first.ts')
    const counts = regrade ? isNewsFor(options.out) : () => true
    return new StoreFirst({ store, keep, counts, rest: () => openLocal(options, place), say: place.say })
  }
  const { QueueExecutor } = await loadQueue(() => import('../queue/queue-executor.ts'))
  return new QueueExecutor({ url: queue, store, keep, labFiles, say: place.say, anew: regrade })
}

/** What is graded anew is what this folder knows already; others may have done that meanwhile. */
function isNewsFor(out: string): (graded: Graded) => boolean {
  const known = new ResultStore(join(resolve(out), 'results'))
  return ({ digest, gradedAt }) => known.read(digest)?.gradedAt !== gradedAt
}

/** The file of a lab and those of the labs that it starts from, but not of those that come with labrun: they are everywhere. */
export function labFiles(file: string): readonly string[] {
  const shipped = fileURLToPath(new URL('labs/', packageRoot))
  const isOwn = (one: string) => !resolve(one).startsWith(shipped)
  const before = labsBefore(loadLab(file, checks), checks).map(({ lab }) => lab.file)
  return [file, ...(isOwn(file) ? before.filter(isOwn) : before)]
}

export function demandStore(store: string | undefined): string {
  if (store !== undefined) return store
  throw new QueueError('no-store', 'where the submissions and results lie that the machines share was not said', [
    'name a folder that all of them see: --store /srv/labrun; or a bucket: --store s3://BUCKET/PREFIX',
  ])
}

/** What the queue is made of. Rejects with QueueError where its packages are missing. */
export async function loadQueue<Part>(load: () => Promise<Part>): Promise<Part> {
  return await loadOptional('a queue', ['bullmq', 'ioredis'], load)
}

/** Where no world can be built, that is told once, and not of each student. */
async function openLocal({ jobs }: ExecutorOptions, { lab, where, results }: ExecutorPlace): Promise<GradeExecutor> {
  await (await where.openWorld(lab.world, lab.machine)).close()
  return new LocalPool(jobs, results, gradeContext(where.openWorld))
}
