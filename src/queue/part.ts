import { execute, type GradeOne } from './execute.ts'
import { sha256Of } from './order.ts'
import { isDigest, type Store } from './store.ts'
import { QueueError } from './trouble.ts'
import { reportFailure } from './trouble-report.ts'

export interface PartChoices {
  readonly store: Store
  /** The digest of a list of jobs. */
  readonly batch: string
  /** From 0 to `parts` - 1. */
  readonly part: number
  readonly parts: number
  /** At the same time. */
  readonly jobs: number
  readonly gradeOne: GradeOne
  /** Rejects where no world can be built here. */
  readonly prove: () => Promise<void>
  readonly say: (line: string) => void
}

/** Writes a list of jobs into a store; resolves to its name. */
export async function putBatch(store: Store, digests: readonly string[]): Promise<string> {
  const bytes = Buffer.from(digests.map((digest) => `${digest}\n`).join(''))
  const name = sha256Of(bytes)
  await store.put('batches', name, bytes)
  return name
}

/**
 * Does every `parts`-th job of a list, from `part` on, whose result is not there yet. Needs no queue: a scheduler that starts
 * the part again when its machine was lost is enough. Resolves to how many are not done; rejects with Trouble where it cannot begin.
 */
export async function workPart(choices: PartChoices, end: AbortSignal, abort: AbortSignal): Promise<number> {
  const { store, batch, part, parts, jobs, prove, say } = choices
  if (part >= parts)
    throw new QueueError('no-part', `there is no part ${part} of ${parts}`, [
      `parts are counted from 0: --part 0 to --part ${parts - 1}`,
    ])
  const list = isDigest(batch) ? await store.get('batches', batch) : undefined
  if (!list) throw new QueueError('no-batch', `there is no list ${batch} in the store ${store.name}`, [])
  const mine = String(list)
    .split('\n')
    .filter((digest, index) => isDigest(digest) && index % parts === part)
  await prove()
  say(`part ${part} of ${parts}: ${mine.length} submissions, ${jobs} at a time`)
  let done = 0
  const waiting = mine.values()
  const takeTurns = async () => {
    for (const digest of waiting) {
      if (end.aborted) return
      if (await one(digest, choices, abort)) done++
    }
  }
  await Promise.all(Array.from({ length: jobs }, takeTurns))
  return mine.length - done
}

async function one(digest: string, { store, gradeOne, say }: PartChoices, abort: AbortSignal): Promise<boolean> {
  try {
    const graded = await execute(store, digest, gradeOne, abort)
    if (graded !== 'there') say(`${digest.slice(0, 12)} ${graded.student.pseudonym}: ${graded.status}`)
    return true
  } catch (error) {
    await reportFailure({ store, digest, error: abort.aborted ? new Error('it was stopped') : error, say })
    return false
  }
}
