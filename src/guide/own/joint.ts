import { randomBytes, timingSafeEqual } from 'node:crypto'
import { chmodSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import type { Lab } from '../../lab/lab.ts'
import { JoinedWindow } from './joined-window.ts'
import { publish, type RunningLab, socketOf, withdraw } from './running.ts'

/** Where other windows come in: `labrun shell`. They stay when the world is built anew. */
export class Joint {
  readonly windows = new Set<JoinedWindow>()
  readonly #lab: Lab
  #server: Server | undefined
  #running: RunningLab | undefined
  #onJoin: (window: JoinedWindow) => void = () => {}

  constructor(lab: Lab) {
    this.#lab = lab
  }

  /** Begins to listen; resolves to what keeps it from that, if anything: the lab goes on without other windows. */
  async open(): Promise<string | undefined> {
    try {
      const socket = socketOf(this.#lab)
      const { id: lab, title, file } = this.#lab
      this.#running = { lab, title, file, pid: process.pid, socket, secret: randomBytes(16).toString('hex') }
      if (process.platform !== 'win32') rmSync(socket, { force: true })
      await this.#listen(socket)
      publish(this.#lab, this.#running)
      return undefined
    } catch (error) {
      return (error as Error).message
    }
  }

  /** Who takes care of windows from now on. */
  serve(onJoin: (window: JoinedWindow) => void): void {
    this.#onJoin = onJoin
  }

  close(): void {
    for (const window of this.windows) window.end('The lab has ended in its first window.', 0)
    this.#server?.close()
    if (this.#running) withdraw(this.#lab, this.#running)
  }

  async #listen(path: string): Promise<void> {
    const server = createServer((socket) => this.#come(socket))
    this.#server = server
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(path, resolve)
    })
    if (process.platform !== 'win32') chmodSync(path, 0o600)
    server.unref()
  }

  #come(socket: Socket): void {
    socket.unref()
    const window: JoinedWindow = new JoinedWindow(socket, (secret) => {
      if (!isSame(secret, this.#running?.secret ?? '')) return socket.destroy()
      this.windows.add(window)
      void window.gone.then(() => this.windows.delete(window))
      this.#onJoin(window)
    })
  }
}

function isSame(given: string, secret: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(secret)]
  return one.length === other.length && timingSafeEqual(one, other)
}
