import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './redis-server.ts'

const PROGRAM = fileURLToPath(new URL('s3-program.mjs', import.meta.url))

/** A server that speaks S3, of one test, on the loopback interface; it has one bucket, and one key, which s3rver has built in. */
export class S3Server {
  readonly bucket = 'course'
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'labrun-s3-'))
  readonly #conditions: boolean
  #process: ChildProcess | undefined

  private constructor(port: number, conditions: boolean) {
    this.port = port
    this.#conditions = conditions
  }

  /** Without `conditions` it overwrites also what is only to be written where there is nothing. */
  static async start({ conditions = true } = {}): Promise<S3Server> {
    const server = new S3Server(await freePort(), conditions)
    await server.#begin()
    return server
  }

  /** How its stores are called. */
  place(prefix: string): string {
    return `s3://${this.bucket}/${prefix}`
  }

  get environment() {
    return {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${this.port}`,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
      AWS_REGION: 'eu-central-1',
    }
  }

  async stop(): Promise<void> {
    if (this.#process?.exitCode === null && this.#process.signalCode === null) {
      const ended = once(this.#process, 'close')
      this.#process.kill('SIGKILL')
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #begin(): Promise<void> {
    const words = [this.#folder, String(this.port), this.bucket, this.#conditions ? 'conditions' : '']
    this.#process = spawn(process.execPath, [PROGRAM, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    await once(this.#process.stdout!, 'data')
  }
}
