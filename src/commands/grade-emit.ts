import type { GradeJob } from '../grade/executor.ts'
import { isSettled } from '../queue/execute.ts'
import { kubernetesJob, type StorePlace } from '../queue/kubernetes.ts'
import { openStore } from '../queue/open-store.ts'
import { Sender } from '../queue/order.ts'
import { putBatch } from '../queue/part.ts'
import { s3Service } from '../queue/s3-place.ts'
import type { Store } from '../queue/store.ts'
import { demandStore, labFiles } from './grade-executor.ts'

export interface EmitOptions {
  readonly emit?: 'kubernetes'
  readonly store?: string
  readonly jobs: number
  readonly parts: number
  readonly image: string
  readonly claim: string
  readonly secret: string
  /** Also what has a result in the store. */
  readonly regrade: boolean
}

/** Puts what is to be graded into the store, and writes what a cluster needs to do it. Rejects with Trouble. */
export async function emitJobs(jobs: Iterable<GradeJob>, options: EmitOptions): Promise<void> {
  const store = await openStore(demandStore(options.store))
  const sender = new Sender(store, labFiles)
  const digests: string[] = []
  for (const job of jobs) {
    await isSettled(store, job.digest, options.regrade)
    await sender.send(job)
    digests.push(job.digest)
  }
  const batch = await putBatch(store, digests)
  process.stdout.write(
    kubernetesJob({ ...options, batch, submissions: digests.length, place: placeOf(store, options) }),
  )
}

function placeOf({ name }: Store, { claim, secret }: EmitOptions): StorePlace {
  return name.startsWith('s3:')
    ? { kind: 's3', name, secret, ...s3Service(process.env) }
    : { kind: 'claim', name, claim }
}
