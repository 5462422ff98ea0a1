import { DirectoryStore } from './directory-store.ts'
import type { Store } from './store.ts'
import { QueueError } from './trouble.ts'

/** The store at a place that the command line names: a folder. Rejects with QueueError. */
export async function openStore(place: string): Promise<Store> {
  if (/^\w{2,}:\/\//.test(place))
    throw new QueueError(
      'store-unknown',
      `a store is a folder that all machines share, and not ${place.split(':')[0]}:`,
      [],
    )
  return await DirectoryStore.open(place)
}
