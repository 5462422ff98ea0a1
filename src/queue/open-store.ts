import { DirectoryStore } from './directory-store.ts'
import { loadOptional } from './optional.ts'
import type { Store } from './store.ts'
import { QueueError } from './trouble.ts'

/** The store at a place that the command line names: a folder, or `s3://BUCKET/PREFIX`. Rejects with QueueError. */
export async function openStore(place: string): Promise<Store> {
  if (place.startsWith('s3:')) {
    const { S3Store } = await loadOptional('a store in S3', ['aws4fetch'], () => import('./s3-store.ts'))
    return await S3Store.open(place)
  }
  if (/^\w{2,}:\/\//.test(place))
    throw new QueueError(
      'store-unknown',
      `a store is a folder that all machines share, or s3://BUCKET/PREFIX, and not ${place.split(':')[0]}:`,
      [],
    )
  return await DirectoryStore.open(place)
}
