import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'

/** Why there are no tests with Redis here; undefined if there are. */
export const noRedis: string | undefined = findTrouble()

/** A Redis of one test, on a port of the loopback interface that nobody else has; it keeps nothing when it is killed. */
export class RedisServer {
  readonly port: number
  readonly password = 'a-secret-of-the-test'
  readonly #folder = mkdtempSync(join(tmpdir(), 'labrun-redis-'))
  #process: ChildProcess | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async start(): Promise<RedisServer> {
    const server = new RedisServer(await freePort())
    await server.begin()
    return server
  }

  get url(): string {
    return `redis://:${this.password}@127.0.0.1:${this.port}`
  }

  async begin(): Promise<void> {
    const words = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.#folder, '--save', '']
    const started = [...words, '--maxmemory-policy', 'noeviction', '--requirepass', this.password]
    this.#process = spawn('redis-server', started, { stdio: 'ignore' })
    const client = this.client()
    await client.ping()
    client.disconnect()
  }

  /** As if its machine lost power: all that was in it is gone. */
  async kill(): Promise<void> {
    const ended = once(this.#process!, 'close')
    this.#process!.kill('SIGKILL')
    await ended
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }

  client(): Redis {
    return new Redis(this.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 }).on('error', () => {})
  }
}

function findTrouble(): string | undefined {
  try {
    execFileSync('redis-server', ['--version'], { stdio: 'ignore' })
    return undefined
  } catch {
    return 'there is no redis-server here (Debian: apt-get install redis-server)'
  }
}

/** A port of the loopback interface that nobody has. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}
