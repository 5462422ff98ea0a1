import type { Report } from '../../world/visit.ts'
import { FullScreen } from './full-screen.ts'

/** A command that was typed in a shell of one's own. */
export interface OwnCommand {
  readonly text: string
  /** Null: it was interrupted or stopped; not there: nobody knows. */
  readonly exit?: number | null
  /** Milliseconds. */
  readonly took: number
  /** Only there where it took the whole screen. */
  readonly fullScreen?: true
}

interface Begun {
  readonly text: string
  readonly depth: number
  readonly at: number
}

/** Makes the list of commands of what a shell reports, with what is seen of keys and screen meanwhile. */
export class Recorder {
  readonly #words: ReadonlySet<string>
  /** What is typed to labrun at the end of a command line. */
  readonly #wordsAtEnd: RegExp
  #begun: Begun[] = []
  #depth = 0
  /** Something has begun in the innermost shell since its last prompt, and has perhaps ended that shell. */
  #sinceLastPrompt = false
  #interrupted = false
  #fullScreen = false
  readonly #screen = new FullScreen()

  /** `words`: what is typed to labrun itself, and not kept. */
  constructor(words: readonly string[]) {
    this.#words = new Set(words)
    this.#wordsAtEnd = new RegExp(`\\s*(?<!\\\\)(?:;|&&)\\s*(?:labrun\\s+)?(?:${words.join('|')})\\s*;?\\s*$`)
  }

  /** A command is running. */
  get isBusy(): boolean {
    return this.#begun.length > 0
  }

  /** A program has the whole screen now. */
  get isFullScreen(): boolean {
    return this.#screen.isOn
  }

  /** How many shells deep. */
  get depth(): number {
    return this.#depth
  }

  keys(bytes: Buffer): void {
    // Ctrl-C, Ctrl-\ and Ctrl-Z
    if (this.isBusy && (bytes.includes(3) || bytes.includes(28) || bytes.includes(26))) this.#interrupted = true
  }

  screen(bytes: Buffer): void {
    if (this.#screen.take(bytes)) this.#fullScreen = true
  }

  /** The commands that are known now. */
  report({ kind, status, depth, typed }: Exclude<Report, { kind: 'ask' }>, now: number): OwnCommand[] {
    const exits = kind === 'prompt' && depth < this.#depth ? this.#endedShells(depth) : []
    for (const text of typed) this.#begun.push({ text, depth, at: now })
    if (kind === 'start') {
      if (typed.length === 0) return []
      this.#depth = depth
      this.#sinceLastPrompt = true
      return []
    }
    const ended = this.#begun.splice(0)
    const commands = ended.map((one, index): OwnCommand => {
      const { text, at } = one
      const took = Math.round(now - at)
      if (index < ended.length - 1 || one.depth !== depth) return { text, took }
      const exit = this.#interrupted || status === STOPPED ? null : status
      return { text, took, exit, ...(this.#fullScreen ? { fullScreen: true } : {}) }
    })
    this.#depth = depth
    this.#sinceLastPrompt = this.#interrupted = this.#fullScreen = false
    return [...commands, ...exits].filter(({ text }) => !this.#isForLabrun(text)).map((one) => this.#ownPart(one))
  }

  /** Without the word to labrun at its end: where the rest is done again, nobody is asked anything. */
  #ownPart(command: OwnCommand): OwnCommand {
    const text = command.text.replace(this.#wordsAtEnd, '')
    if (text === command.text || text.trim() === '') return command
    const { exit, ...rest } = command
    // The status is that of the word, unless it was not reached.
    return { ...rest, text, ...(exit === null ? { exit } : {}) }
  }

  /** Ctrl-D ends a shell too, and nothing is typed for it. */
  #endedShells(depth: number): OwnCommand[] {
    const count = this.#depth - depth - (this.#sinceLastPrompt ? 1 : 0)
    return Array.from({ length: count }, () => exitCommand)
  }

  #isForLabrun(text: string): boolean {
    const [first = ''] = text.trim().split(/\s+/)
    return (first === 'labrun' || this.#words.has(first)) && !/[;&|]/.test(text)
  }
}

/** What leaves one shell. */
export const exitCommand: OwnCommand = { text: 'exit', took: 0 }

/** 128 and SIGTSTP. */
const STOPPED = 148
