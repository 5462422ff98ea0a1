/**
 * `bundles` and `labs` are named by the SHA-256 of what they are, `batches` by that of their list; `orders`, `results` and
 * `troubles` by the digest of the job that they are about.
 */
export type Kind = 'bundles' | 'labs' | 'orders' | 'results' | 'batches' | 'troubles'

/** What machines that grade together share. Whoever reads an entry finds all of it or nothing, whenever that is. */
export interface Store {
  /** For people: without passwords. */
  readonly name: string
  /** The same for all who use this store, another one for any other store. */
  id(): Promise<string>
  put(kind: Kind, digest: string, bytes: Uint8Array): Promise<void>
  get(kind: Kind, digest: string): Promise<Buffer | undefined>
  has(kind: Kind, digest: string): Promise<boolean>
  remove(kind: Kind, digest: string): Promise<void>
}

/** Whether something can be the name of an entry. What comes from elsewhere must not lead out of the store. */
export function isDigest(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}
