import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Channel } from './channel.ts'
import { PROGRAM_FOLDER } from './program.ts'

/** A person's window. */
export interface WindowSize {
  readonly rows: number
  readonly cols: number
}

export interface VisitOptions extends WindowSize {
  /** What programs may expect of the window: the values of TERM and COLORTERM. */
  readonly term: string
  readonly colorterm: string
  /** No colours. */
  readonly plain: boolean
  /** Command lines that were typed before, the oldest first. */
  readonly history: readonly string[]
  /** The words that are commands to labrun in this shell. */
  readonly words: readonly string[]
}

/** What the shell of a visit tells of itself. */
export type Report =
  | {
      /** A command begins, or the prompt comes. */
      readonly kind: 'start' | 'prompt'
      /** Of the last command. */
      readonly status: number
      /** How many shells deep it is in the first one of the visit: 0 is that one. */
      readonly depth: number
      /** Command lines since the report before. */
      readonly typed: readonly string[]
      /** It waits for `go`: the word that it was asked to wait for. */
      readonly waits: string | undefined
    }
  | { readonly kind: 'ask'; readonly words: readonly string[] }

export interface VisitListener {
  /** What the window shows next; `taken` is called when it has been shown. */
  screen(bytes: Buffer, taken: () => void): void
  report(report: Report): void
}

/**
 * `outer`: the terminal is at its first shell; `inner`: at one that was started in it, which the visit was in. `failed`: there
 * could be no visit, or the terminal's shell has ended with it.
 */
export type VisitEnd = 'outer' | 'inner' | 'failed' | 'world-gone'

const ENDS: readonly VisitEnd[] = ['outer', 'inner']

/** Bytes of keys that may be on their way. */
const MOST_KEYS = 1 << 16

/** A person's own terminal inside a terminal of a world: an interactive bash on a pseudo-terminal (program/63-visits.pl). */
export class Visit {
  readonly id = randomBytes(8).toString('hex')
  readonly terminal: string
  /** Settles when its bash has ended; never rejects. */
  readonly ended: Promise<VisitEnd>
  readonly #channel: Channel
  readonly #listener: VisitListener
  #settle: (end: VisitEnd) => void = () => {}
  #keysOnTheirWay = 0
  #waitingKeys: (() => void)[] = []
  #nudged: ((shown: boolean) => void)[] = []
  #level: number | undefined
  /** Which command of its history each shell tells of next. */
  readonly #next = new Map<string, number>()

  constructor(terminal: string, channel: Channel, listener: VisitListener, options: VisitOptions) {
    this.terminal = terminal
    this.#channel = channel
    this.#listener = listener
    this.ended = new Promise((resolve) => {
      this.#settle = resolve
    })
    const { rows, cols, term, history } = options
    const size = [String(rows), String(cols)]
    channel.send(
      'visit',
      this.id,
      terminal,
      ...size,
      plainWord(term) || 'dumb',
      beginning(options),
      historyFile(history),
    )
  }

  /** Passes keys on; resolves when more may come. */
  async keys(bytes: Buffer): Promise<void> {
    this.#keysOnTheirWay += bytes.length
    this.#channel.send('keys', this.id, bytes)
    if (this.#keysOnTheirWay > MOST_KEYS) await new Promise<void>((resolve) => this.#waitingKeys.push(resolve))
  }

  resize({ rows, cols }: WindowSize): void {
    this.#channel.send('size', this.id, String(rows), String(cols))
  }

  /** Shows a line above the prompt; resolves to false where nobody is at a prompt just now. */
  async say(line: string): Promise<boolean> {
    return await this.#nudge(line, '')
  }

  /** For a shell that has told nothing for a while: where it tells of no command any more, it says so, and does again. */
  async wake(): Promise<boolean> {
    return await this.#nudge('', '1')
  }

  /** Gives the prompt back to a shell that waits; `status` is what the command ends with that made it wait. */
  go(status: number): void {
    this.#channel.send('go', this.terminal, String(status))
  }

  /** Ends the shell, which waits; what it has changed goes to the terminal's shell. */
  leave(): void {
    this.#channel.send('go', this.terminal, 'leave')
  }

  /** Ends what a shell of the visit was started by, and what keeps the first one from its end. */
  hangUpWithin(): void {
    this.#channel.send('hang-up', this.id, 'within')
  }

  /** The window is gone. */
  hangUp(): void {
    this.#channel.send('hang-up', this.id)
  }

  onMessage(word: string, [first, ...rest]: readonly Buffer[]): void {
    if (word === 'screen') {
      const { length } = first!
      this.#listener.screen(first!, () => this.#channel.send('wanted', this.id, String(length)))
    } else if (word === 'taken') this.#keysTaken(Number(first))
    else if (word === 'nudged') this.#nudged.shift()?.(String(first) === '1')
    else if (word === 'report') this.#report(String(first), String(rest[0]), String(rest[1]))
    else if (word === 'left') this.onLeft(ENDS[Number(first)] ?? 'failed')
  }

  onLeft(end: VisitEnd): void {
    for (const resolve of [...this.#waitingKeys.splice(0)]) resolve()
    for (const resolve of this.#nudged.splice(0)) resolve(false)
    this.#settle(end)
  }

  async #nudge(line: string, evenIfBusy: string): Promise<boolean> {
    return await new Promise((resolve) => {
      this.#nudged.push(resolve)
      this.#channel.send('nudge', this.id, line, evenIfBusy)
    })
  }

  #keysTaken(count: number): void {
    this.#keysOnTheirWay -= count
    if (this.#keysOnTheirWay > MOST_KEYS / 2) return
    for (const resolve of this.#waitingKeys.splice(0)) resolve()
  }

  #report(kind: string, shell: string, text: string): void {
    if (kind === 'ask') {
      this.#listener.report({ kind, words: text.split(' ').filter(Boolean) })
      return
    }
    if (kind !== 'start' && kind !== 'prompt') return
    const [, status, level, next, count, waits, typed = ''] =
      /^(\d+) (\d+) (\d+) (\d+):(\w*)\n([\s\S]*)$/.exec(text) ?? []
    if (status === undefined) return
    this.#level ??= Number(level)
    // While a command runs, the shell's own number is not yet that of the next one.
    const first = Number(kind === 'prompt' ? Number(next) - Number(count) : /^ *(\d+)/.exec(typed)?.[1])
    const known = Math.max(0, (this.#next.get(shell) ?? 0) - first)
    this.#next.set(shell, kind === 'prompt' ? Number(next) : (first || 0) + Number(count))
    this.#listener.report({
      kind,
      status: Number(status),
      depth: Math.max(0, Number(level) - this.#level),
      typed: readHistory(typed, first, Number(count)).slice(known),
      waits: waits || undefined,
    })
  }
}

/** Splits what `history N` prints: each entry follows its number, and may have several lines. */
export function readHistory(text: string, first: number, count: number): string[] {
  const entries: string[] = []
  let rest = text
  for (let number = first; number < first + count; number++) {
    const start = new RegExp(`^${String(number).padStart(5)}[* ] `).exec(rest)
    if (!start) return entries
    rest = rest.slice(start[0].length)
    const end =
      number + 1 < first + count ? rest.search(new RegExp(`^${String(number + 1).padStart(5)}[* ] `, 'm')) : -1
    entries.push((end < 0 ? rest : rest.slice(0, end)).replace(/\n$/, ''))
    rest = end < 0 ? '' : rest.slice(end)
  }
  return entries
}

let source: string | undefined

function beginning({ colorterm, plain, words }: VisitOptions): string {
  source ??= readFileSync(new URL('visit.bash', PROGRAM_FOLDER), 'utf8')
  const values: Record<string, string> = {
    colorterm: plainWord(colorterm),
    plain: plain ? 'yes' : '',
    words: words.join(' '),
  }
  return source.replace(/@(\w+)@/g, (place, name: string) => values[name] ?? place)
}

/** It comes from the environment and goes between quotes. */
function plainWord(text: string): string {
  return /^[\w.+-]*$/.test(text) ? text : ''
}

/** With a time before each entry, bash reads those of several lines as one (history_comment_character). */
function historyFile(entries: readonly string[]): string {
  return entries.map((entry) => `#1\n${entry}\n`).join('')
}
