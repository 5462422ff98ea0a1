import { hostname } from 'node:os'
import { sanitize } from '../sanitize.ts'
import type { Store } from './store.ts'

/** Says why a job could not be done, and writes it into the store: the reason may quote the lab, so it goes nowhere else. */
export async function reportFailure(failure: {
  readonly store: Store
  readonly digest: string
  readonly error: unknown
  readonly say: (line: string) => void
}): Promise<void> {
  const { store, digest, error, say } = failure
  const message = sanitize(error instanceof Error ? error.message : String(error))
  say(`${digest.slice(0, 12)}: ${message}`)
  // A store that does not answer is perhaps the very reason.
  await store.put('troubles', digest, Buffer.from(`${hostname()}: ${message}`)).catch(() => {})
}
