import { Redis } from 'ioredis'
import { packageVersion } from '../package.ts'
import { sanitize } from '../sanitize.ts'
import type { Store } from './store.ts'
import { QueueError } from './trouble.ts'

/** Tells a person something, in one line. */
export type Say = (line: string) => void

/** A connection that is made again whenever it is lost: whatever is asked meanwhile waits. */
export interface Connection {
  readonly client: Redis
  /** For people: without the password. */
  readonly name: string
  /** Also where there is nobody at the other end. */
  close(): void
}

/**
 * Resolves as soon as Redis answers, however long that takes; says that it waits. Rejects with QueueError where waiting does
 * not help, and with the signal's reason.
 */
export async function connect(url: string, say: Say, signal: AbortSignal): Promise<Connection> {
  const name = redisName(url)
  const client = new Lines(url, OPTIONS)
  const state = { lost: false, closed: false }
  const lose = (why: string) => {
    if (!state.lost && !state.closed) say(`Redis at ${name} does not answer (${why}): waiting for it`)
    state.lost = true
  }
  const close = () => {
    state.closed = true
    client.hangUp()
  }
  client.on('close', () => lose('the connection was closed'))
  client.on('ready', () => {
    if (state.lost) say(`Redis at ${name} answers: going on`)
    state.lost = false
  })
  try {
    await new Promise<void>((resolve, reject) => {
      signal.throwIfAborted()
      const stop = () => reject(signal.reason as Error)
      signal.addEventListener('abort', stop, { once: true })
      client.on('error', (error: NodeJS.ErrnoException) => {
        if (REFUSALS.test(error.message)) reject(refused(name, error))
        else lose(sanitize(error.message || error.code || 'no answer'))
      })
      client.once('ready', () => {
        signal.removeEventListener('abort', stop)
        resolve()
      })
    })
  } catch (error) {
    close()
    throw error
  }
  return { client, name, close }
}

/** Knows the connections that BullMQ makes beside this one, which would go on looking for a Redis that is away. */
class Lines extends Redis {
  readonly #others: Redis[] = []

  override duplicate(...words: Parameters<Redis['duplicate']>): Redis {
    const other = super.duplicate(...words)
    this.#others.push(other)
    return other
  }

  hangUp(): void {
    for (const one of [this, ...this.#others]) one.disconnect()
  }
}

/** Host, port and database of a URL, and neither user nor password. Throws QueueError where it is no URL of a Redis. */
export function redisName(url: string): string {
  // The message of URL itself would show the password.
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['redis:', 'rediss:'].includes(parsed.protocol) || !parsed.hostname)
    throw new QueueError('queue-url', 'the queue is not given as redis://HOST:PORT', [
      'for example --queue redis://192.0.2.7:6379; rediss:// for one with TLS; with a password redis://:PASSWORD@HOST',
      'a password is safer in the environment: LABRUN_QUEUE=redis://… shows it to nobody else on this machine',
    ])
  const database = parsed.pathname.length > 1 ? parsed.pathname : ''
  return `${parsed.hostname}:${parsed.port || '6379'}${database}`
}

/** Whoever has the same store and the same version of labrun meets in this queue, and nobody else. */
export async function queueName(store: Store): Promise<string> {
  return `labrun-${packageVersion()}-${await store.id()}`
}

const OPTIONS = {
  // BullMQ asks for it: a command waits for Redis instead of failing.
  maxRetriesPerRequest: null,
  retryStrategy: (times: number) => Math.min(times * 200, 3000),
}

/** Answers of a Redis that is there. */
const REFUSALS = /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|AUTH|Client sent AUTH|DB index))/

function refused(name: string, error: Error): QueueError {
  return new QueueError('queue-refused', `Redis at ${name} refuses: ${sanitize(error.message)}`, [
    'are the user and the password right? redis://USER:PASSWORD@HOST:PORT, or LABRUN_QUEUE in the environment',
  ])
}
