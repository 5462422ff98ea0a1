import { createHash, randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { sanitize } from '../sanitize.ts'
import { sha256Of } from './order.ts'
import { type S3Place, s3Place } from './s3-place.ts'
import { isDigest, type Kind, type Store } from './store.ts'
import { QueueError } from './trouble.ts'

/** How often it is asked where there is no answer, or one that is no answer. */
const TRIES = 5
/** Milliseconds for one try. */
const PATIENCE = 60_000

/** An S3 bucket, or a part of one: `results/<digest>` and so on. A put is all or nothing there, and seen by all at once. */
export class S3Store implements Store {
  readonly name: string
  readonly #bucket: Bucket
  readonly #id: string

  private constructor(place: S3Place, bucket: Bucket, id: string) {
    this.name = place.name
    this.#bucket = bucket
    this.#id = id
  }

  /** With the key that is in the environment. Rejects with QueueError where it cannot be used, or nothing can be written. */
  static async open(place: string, environment = process.env): Promise<S3Store> {
    const where = s3Place(place, environment)
    const bucket = new Bucket(where)
    return new S3Store(where, bucket, await readId(bucket, where))
  }

  async id(): Promise<string> {
    return this.#id
  }

  async put(kind: Kind, digest: string, bytes: Uint8Array): Promise<void> {
    await this.#bucket.put(entry(kind, digest), bytes)
  }

  async get(kind: Kind, digest: string): Promise<Buffer | undefined> {
    return await this.#bucket.get(entry(kind, digest))
  }

  async has(kind: Kind, digest: string): Promise<boolean> {
    return await this.#bucket.has(entry(kind, digest))
  }

  async remove(kind: Kind, digest: string): Promise<void> {
    await this.#bucket.remove(entry(kind, digest))
  }
}

function entry(kind: Kind, digest: string): string {
  if (!isDigest(digest)) throw new Error(`no name of an entry: ${digest}`)
  return `${kind}/${digest}`
}

/**
 * Several machines may begin at the same time: the first one's name stays. Where the service cannot say whether there is something
 * already, the store is called after its place, which is the same for all who call it alike.
 */
async function readId(bucket: Bucket, { base, prefix }: S3Place): Promise<string> {
  const known = await bucket.get('store-id')
  if (known) return String(known).trim()
  if (!(await knowsConditions(bucket))) return sha256Of(Buffer.from(base + prefix)).slice(0, 32)
  await bucket.putFirst('store-id', Buffer.from(`${randomUUID()}\n`))
  const id = await bucket.get('store-id')
  if (!id) throw bucket.trouble('what was written there is not there')
  return String(id).trim()
}

/** All write the same here, so they all find out the same. It also shows whether this machine may write. */
async function knowsConditions(bucket: Bucket): Promise<boolean> {
  const nothing = Buffer.from('labrun\n')
  await bucket.put('store-probe', nothing)
  return (await bucket.putFirst('store-probe', nothing)) === 'there'
}

interface Answer {
  readonly status: number
  readonly bytes: Buffer
}

/** What is asked of the service, and what its answers mean. */
class Bucket {
  readonly #place: S3Place
  readonly #client: AwsClient

  constructor(place: S3Place) {
    this.#place = place
    this.#client = new AwsClient({ ...place.key, service: 's3', region: place.region, retries: 0 })
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.#demand(await this.#ask('PUT', key, bytes), [200])
  }

  /** Writes it only where there is nothing yet; `written` also where the service does not heed that. */
  async putFirst(key: string, bytes: Uint8Array): Promise<'written' | 'there'> {
    const answer = await this.#ask('PUT', key, bytes, { 'if-none-match': '*' })
    // 409: somebody else does the same at the same time; 400 and 501: it does not know the condition.
    if (answer.status === 412 || answer.status === 409) return 'there'
    this.#demand(answer, [200, 400, 501])
    return 'written'
  }

  async get(key: string): Promise<Buffer | undefined> {
    const answer = await this.#ask('GET', key)
    if (answer.status === 404 && codeOf(answer) !== 'NoSuchBucket') return undefined
    this.#demand(answer, [200])
    return answer.bytes
  }

  async has(key: string): Promise<boolean> {
    const answer = await this.#ask('HEAD', key)
    if (answer.status === 404) return false
    this.#demand(answer, [200])
    return true
  }

  async remove(key: string): Promise<void> {
    this.#demand(await this.#ask('DELETE', key), [200, 204, 404])
  }

  trouble(why: string, ...advice: readonly string[]): QueueError {
    return new QueueError('store-unusable', `the store ${this.#place.name} cannot be used: ${sanitize(why)}`, advice)
  }

  /** Throws QueueError for any other answer. */
  #demand(answer: Answer, statuses: readonly number[]): void {
    const { status } = answer
    if (statuses.includes(status)) return
    const { bucket, region } = this.#place
    const { host } = new URL(this.#place.base)
    const code = codeOf(answer)
    if (code === 'NoSuchBucket')
      throw this.trouble(`there is no bucket ${bucket} at ${host}`, 'make it; or is AWS_ENDPOINT_URL another one?')
    const said = code === '' ? `status ${status}` : code
    if (REGION.test(code) || (status >= 300 && status < 400))
      throw this.trouble(`${host} says that the bucket is elsewhere (${said}, asked in ${region})`, 'set AWS_REGION')
    if (status === 401 || status === 403)
      throw this.trouble(
        `${host} refuses (${said})`,
        'are AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN right, and not expired? is the clock of this machine?',
        'the key must be allowed s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket, without which nothing can be found missing',
      )
    throw this.trouble(`${host} answers ${said}`, 'is AWS_ENDPOINT_URL a service that speaks S3?')
  }

  /** An answer that has come to its end; what is asked again does no harm, because it is written whole. */
  async #ask(
    method: string,
    key: string,
    body?: Uint8Array,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const { base, prefix } = this.#place
    // Otherwise what is sent would not be signed.
    const digest = body && createHash('sha256').update(body).digest('hex')
    const signed = { ...headers, ...(digest ? { 'x-amz-content-sha256': digest } : {}) }
    for (let tries = 1; ; tries++) {
      try {
        const response = await this.#client.fetch(`${base}${prefix}${key}`, {
          method,
          headers: signed,
          redirect: 'manual',
          signal: AbortSignal.timeout(PATIENCE),
          ...(body ? { body: new Uint8Array(body) } : {}),
        })
        const answer = { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) }
        if ((answer.status < 500 || answer.status === 501) && answer.status !== 429) return answer
        if (tries === TRIES) return answer
      } catch (error) {
        if (tries === TRIES) throw this.#silent(error as Error)
      }
      await wait(100 * 3 ** tries)
    }
  }

  #silent({ message, cause }: Error): QueueError {
    const { host } = new URL(this.#place.base)
    const why = cause instanceof Error ? cause.message || (cause as NodeJS.ErrnoException).code : message
    return this.trouble(`${host} does not answer (${why})`, 'is AWS_ENDPOINT_URL right, and is there a network?')
  }
}

/** Codes of a service for a bucket in another region. */
const REGION = /^(PermanentRedirect|TemporaryRedirect|AuthorizationHeaderMalformed|IllegalLocationConstraintException)$/

/** What a service calls a refusal; empty where it does not say it. */
function codeOf({ bytes }: Answer): string {
  return /<Code>(\w{1,64})<\/Code>/.exec(bytes.toString('latin1', 0, 4096))?.[1] ?? ''
}
