import type { Socket } from 'node:net'
import { Channel, type Message } from '../../world/channel.ts'
import type { WindowSize } from '../../world/visit.ts'
import type { Window, WindowListener } from './window.ts'

/** What the other window asks for. */
export interface Wish {
  /** A terminal of the lab; undefined: a new one. */
  readonly terminal: string | undefined
  /** The machine to be on; undefined: the student's. */
  readonly on: string | undefined
  readonly colour: boolean
  readonly plain: boolean
}

/** A window of another labrun, which has joined over a socket. */
export class JoinedWindow implements Window {
  readonly gone: Promise<void>
  term = ''
  colorterm = ''
  size: WindowSize = { rows: 24, cols: 80 }
  /** It was told to end, and will. */
  hasEnded = false
  wish: Wish = { terminal: undefined, on: undefined, colour: false, plain: false }
  readonly #socket: Socket
  readonly #channel: Channel
  readonly #onHello: (secret: string) => void
  #listener: WindowListener | undefined
  #shown: (() => void)[] = []

  constructor(socket: Socket, onHello: (secret: string) => void) {
    this.#socket = socket
    this.#onHello = onHello
    this.#channel = new Channel(socket, socket, (message) => this.#receive(message))
    this.gone = new Promise((resolve) => socket.once('close', () => resolve()))
  }

  open(listener: WindowListener): void {
    this.#listener = listener
    listener.resize(this.size)
    this.#send('open')
  }

  close(): void {
    this.#listener = undefined
    this.#send('close')
  }

  show(bytes: Buffer, taken: () => void): void {
    this.#shown.push(taken)
    this.#send('screen', bytes)
  }

  /** A text of labrun's own. */
  write(text: string): void {
    this.#send('text', text)
  }

  /** Lets the other labrun end. */
  end(text: string, status: number): void {
    this.hasEnded = true
    this.#send('end', text, String(status))
    this.#socket.end()
  }

  #send(...fields: readonly (string | Buffer)[]): void {
    if (this.#socket.writable) this.#channel.send(...fields)
  }

  #receive([word, ...fields]: Message): void {
    const [first = '', second = ''] = fields.map(String)
    if (String(word) === 'hello') this.#hello(fields.map(String))
    else if (String(word) === 'keys') this.#keys(fields[0]!)
    else if (String(word) === 'shown') this.#shown.shift()?.()
    else if (String(word) === 'size') {
      this.size = { rows: Number(first) || 24, cols: Number(second) || 80 }
      this.#listener?.resize(this.size)
    }
  }

  #hello([secret = '', terminal, on, rows, cols, term = '', colorterm = '', look = '']: readonly string[]): void {
    this.size = { rows: Number(rows) || 24, cols: Number(cols) || 80 }
    this.term = term
    this.colorterm = colorterm
    const [colour, plain] = [look.includes('colour'), look.includes('plain')]
    this.wish = { terminal: terminal || undefined, on: on || undefined, colour, plain }
    this.#onHello(secret)
  }

  #keys(bytes: Buffer): void {
    const taken = this.#listener?.keys(bytes) ?? Promise.resolve()
    void taken.then(() => this.#send('more'))
  }
}
