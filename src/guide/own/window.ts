import { execFileSync } from 'node:child_process'
import type { WindowSize } from '../../world/visit.ts'
import { keyboard } from '../keyboard.ts'

/** Where a person sits: a terminal whose keys go to a program and that shows what the program draws. */
export interface Window {
  readonly size: WindowSize
  readonly term: string
  readonly colorterm: string
  /** Settles when it is closed. */
  readonly gone: Promise<void>
  /** From now on each key goes to the listener as it is; the next ones come when its promise has resolved. */
  open(listener: WindowListener): void
  /** From now on labrun itself writes and asks here. */
  close(): void
  /** Shows bytes as they are; `taken` is called when they are shown. */
  show(bytes: Buffer, taken: () => void): void
}

export interface WindowListener {
  keys(bytes: Buffer): Promise<void>
  resize(size: WindowSize): void
}

/** The terminal that labrun was started in. */
export class OwnWindow implements Window {
  readonly gone: Promise<void>
  readonly term = process.env.TERM ?? ''
  readonly colorterm = process.env.COLORTERM ?? ''
  #close: (() => void) | undefined

  constructor(signal: AbortSignal) {
    this.gone = new Promise((resolve) => {
      if (signal.aborted) resolve()
      signal.addEventListener('abort', () => resolve(), { once: true })
      process.stdin.once('end', () => resolve()).once('close', () => resolve())
    })
  }

  get size(): WindowSize {
    return { rows: process.stdout.rows || 24, cols: process.stdout.columns || 80 }
  }

  open(listener: WindowListener): void {
    this.close()
    const { stdin, stdout } = process
    const keys = (bytes: Buffer) => {
      stdin.pause()
      void listener.keys(bytes).then(() => this.#close && stdin.resume())
    }
    const resize = () => listener.resize(this.size)
    stdin.setRawMode(true)
    keepLineFeeds()
    stdout.on('resize', resize)
    listener.resize(this.size)
    stdin.on('data', keys)
    const typedAhead = keyboard.takeAll()
    if (typedAhead.length > 0) keys(typedAhead)
    else stdin.resume()
    this.#close = () => {
      this.#close = undefined
      stdin.off('data', keys).pause()
      stdout.off('resize', resize)
      stdin.setRawMode(false)
    }
  }

  close(): void {
    this.#close?.()
  }

  show(bytes: Buffer, taken: () => void): void {
    process.stdout.write(bytes, () => taken())
  }
}

/** Node's raw mode leaves the terminal to make two characters of a line feed, but full-screen programs mean one. */
function keepLineFeeds(): void {
  if (process.platform === 'win32') return
  try {
    execFileSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
  } catch {
    // Without stty full-screen programs look wrong; all else works.
  }
}
