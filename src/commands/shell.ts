import { connect, type Socket } from 'node:net'
import { resolve } from 'node:path'
import { canAsk } from '../guide/can-ask.ts'
import { FullScreen, LEAVE_FULL_SCREEN, LEAVE_MODES } from '../guide/own/full-screen.ts'
import { type RunningLab, runningLabs } from '../guide/own/running.ts'
import { OwnWindow } from '../guide/own/window.ts'
import { isPlain } from '../plain.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { Channel, type Message } from '../world/channel.ts'
import { isCalled } from './labs.ts'
import { standardSink } from './sinks.ts'

export interface ShellOptions {
  /** The machine of the lab's network to be on. */
  readonly machine?: string
  readonly terminal?: string
}

/** `labrun shell`: this window becomes one more terminal of a lab that is open in another one. */
export async function shell(
  name: string | undefined,
  options: ShellOptions,
  { signal }: Surroundings,
): Promise<number> {
  if (!canAsk()) {
    process.stderr.write('labrun: `shell` is for a terminal\n  ways out: run it in a window of its own\n')
    return 2
  }
  const running = runningLabs()
  const found = name === undefined ? running : running.filter((one) => isMeant(one, name))
  if (found.length === 1) return await join(found[0]!, options, signal)
  process.stderr.write(`${whichOne(name, running, found)}\n`)
  return 2
}

function isMeant({ lab, file }: RunningLab, name: string): boolean {
  return isCalled(lab, name) || resolve(file) === resolve(name) || lab === name.replace(/^.*\/|\.md$/g, '')
}

function whichOne(name: string | undefined, running: readonly RunningLab[], found: readonly RunningLab[]): string {
  if (running.length === 0) return 'labrun: no lab is open\n  ways out: begin one in another window: labrun 01-netns'
  const list = running.map(({ lab, title }) => `  labrun shell ${lab.padEnd(20)} ${sanitize(title)}`).join('\n')
  if (name !== undefined && found.length === 0) return `labrun: the lab ${name} is not open; these are:\n${list}`
  return `labrun: several labs are open; which one?\n${list}`
}

async function join(running: RunningLab, options: ShellOptions, signal: AbortSignal): Promise<number> {
  const window = new OwnWindow(signal)
  const socket = await reach(running)
  if (!socket) {
    process.stderr.write(
      `labrun: the lab ${running.lab} does not answer\n  ways out: look whether it still runs in its window, or begin it anew: labrun ${running.lab}\n`,
    )
    return 2
  }
  return await new Promise((settle) => {
    let status: number | undefined
    const joined = new Joined(window, socket, (text, code) => {
      status = code
      joined.close()
      if (text !== '') (code === 0 ? process.stdout : process.stderr).write(`${text}\n`)
    })
    void window.gone.then(() => socket.destroy())
    socket.once('close', () => {
      joined.close()
      if (status === undefined && !signal.aborted)
        process.stderr.write('\nlabrun: the lab has ended in its first window\n')
      settle(status ?? (signal.aborted ? 130 : 0))
    })
    joined.hello(running.secret, options)
  })
}

async function reach({ socket: path }: RunningLab): Promise<Socket | undefined> {
  const socket = connect(path)
  return await new Promise((settle) => {
    socket.once('connect', () => settle(socket))
    socket.once('error', () => settle(undefined))
  })
}

/** This end of the socket (own/joined-window.ts has the other). */
class Joined {
  readonly #window: OwnWindow
  readonly #channel: Channel
  readonly #end: (text: string, status: number) => void
  readonly #screen = new FullScreen()
  #more: (() => void)[] = []

  constructor(window: OwnWindow, socket: Socket, end: (text: string, status: number) => void) {
    this.#window = window
    this.#end = end
    this.#channel = new Channel(socket, socket, (message) => this.#receive(message))
  }

  hello(secret: string, { terminal = '', machine = '' }: ShellOptions): void {
    const { size, term, colorterm } = this.#window
    const look = `${standardSink().colour ? 'colour ' : ''}${isPlain() ? 'plain' : ''}`
    const place = [terminal, machine, String(size.rows), String(size.cols)]
    this.#channel.send('hello', secret, ...place, term, colorterm, look)
  }

  /** However it ends, the terminal is left as a shell expects it. */
  close(): void {
    this.#window.close()
    process.stdout.write(this.#screen.isOn ? LEAVE_FULL_SCREEN : LEAVE_MODES)
    this.#screen.isOn = false
  }

  #receive([word, first, second]: Message): void {
    if (String(word) === 'screen') this.#show(first!)
    else if (String(word) === 'text') process.stdout.write(String(first))
    else if (String(word) === 'open') this.#open()
    else if (String(word) === 'close') this.#window.close()
    else if (String(word) === 'more') this.#more.shift()?.()
    else if (String(word) === 'end') this.#end(String(first), Number(second))
  }

  #show(bytes: Buffer): void {
    this.#screen.take(bytes)
    this.#window.show(bytes, () => this.#channel.send('shown'))
  }

  #open(): void {
    this.#window.open({
      keys: async (bytes) => {
        this.#channel.send('keys', bytes)
        await new Promise<void>((resolve) => this.#more.push(resolve))
      },
      resize: ({ rows, cols }) => this.#channel.send('size', String(rows), String(cols)),
    })
  }
}
