import { StringDecoder } from 'node:string_decoder'
import { sanitize } from '../sanitize.ts'

/** How much of one command's output is kept, in UTF-16 units: half from its beginning, half from its end. */
const KEPT = 1 << 20
/** A line longer than this is passed on in pieces. */
const LONGEST = 8192
/** Milliseconds after which the beginning of a line is shown although its end has not come. */
const PATIENCE = 60

/**
 * Takes the bytes that a terminal prints; passes on safe text, line by line, and keeps a bounded part of it. The
 * traces of the terminal's own protocol (its file names in bash's messages) are taken out.
 */
export class Output {
  readonly #listener: (text: string) => void
  readonly #decoder = new StringDecoder('utf8')
  #line = ''
  #timer: NodeJS.Timeout | undefined
  #startOfLine = true
  #head = ''
  #tail: string[] = []
  #tailSize = 0
  #dropped = 0

  constructor(listener: (text: string) => void) {
    this.#listener = listener
  }

  write(bytes: Buffer): void {
    let text = this.#line + this.#decoder.write(bytes)
    const end = text.lastIndexOf('\n') + 1
    if (end > 0) {
      this.#emit(text.slice(0, end))
      text = text.slice(end)
    }
    while (text.length > LONGEST) {
      this.#emit(text.slice(0, LONGEST))
      text = text.slice(LONGEST)
    }
    this.#line = text
    clearTimeout(this.#timer)
    if (text !== '') this.#timer = setTimeout(() => this.#flush(), PATIENCE)
  }

  /** So many bytes more were printed than are passed on. */
  discard(count: number): void {
    this.#dropped += count
  }

  /** What was printed since the last call: its text, and how many bytes of it (about) were not kept. */
  take(): { text: string; dropped: number } {
    this.#line += this.#decoder.end()
    this.#flush()
    const tail = this.#tail.join('')
    const note = this.#dropped > 0 ? `\n[… ${this.#dropped} characters of output not kept …]\n` : ''
    const taken = { text: this.#head + note + tail, dropped: this.#dropped }
    this.#head = ''
    this.#tail = []
    this.#tailSize = 0
    this.#dropped = 0
    this.#startOfLine = true
    return taken
  }

  #flush(): void {
    clearTimeout(this.#timer)
    const text = this.#line
    this.#line = ''
    if (text !== '') this.#emit(text)
  }

  #emit(raw: string): void {
    const text = sanitize(withoutProtocol(raw, this.#startOfLine))
    this.#startOfLine = raw.endsWith('\n')
    if (text === '') return
    if (this.#head.length < KEPT / 2) {
      const room = KEPT / 2 - this.#head.length
      this.#listener(text.slice(0, room))
      this.#head += text.slice(0, room)
      this.#keepTail(text.slice(room))
    } else this.#keepTail(text)
  }

  #keepTail(text: string): void {
    if (text === '') return
    this.#tail.push(text)
    this.#tailSize += text.length
    while (this.#tailSize - this.#tail[0]!.length > KEPT / 2) {
      const gone = this.#tail.shift()!
      this.#tailSize -= gone.length
      this.#dropped += gone.length
    }
  }
}

const FILE = String.raw`/run/labrun/terminal/[\w-]+/(?:command(?:\.\w+)?|in\.\d+|end)`
const MESSAGE = new RegExp(String.raw`^${FILE}: (?:line \d+: )?`, 'gm')
// What `set -x` and `set -v` show of it.
const TRACE = new RegExp(String.raw`^.*\. ${FILE}.*\n`, 'gm')

function withoutProtocol(text: string, startOfLine: boolean): string {
  if (!text.includes('/run/labrun/terminal/')) return text
  if (startOfLine) return text.replace(TRACE, '').replace(MESSAGE, 'bash: ')
  const end = text.indexOf('\n') + 1
  if (end === 0) return text
  return text.slice(0, end) + withoutProtocol(text.slice(end), true)
}
