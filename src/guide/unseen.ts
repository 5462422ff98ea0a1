import type { NumberedEvent } from '../run/events.ts'

/** Lines of one output that are shown: as many as fit on a screen beside what is asked about them. */
const MOST_LINES = 20

/** Characters of one line. */
const MOST_CHARACTERS = 400

/** What would have been written while a world is built again: of the step that the student comes to it is shown then. */
export class Unseen {
  #parts: (NumberedEvent | (() => void))[] = []

  /** A step begins: what came before it is of no concern. */
  begin(): void {
    this.#parts = []
  }

  /** An event of the run, or something else that writes. */
  add(part: NumberedEvent | (() => void)): void {
    const last = this.#parts.at(-1)
    if (isOutput(part) && isOutput(last) && part.terminal === last.terminal)
      this.#parts.splice(-1, 1, { ...last, text: last.text + part.text })
    else this.#parts.push(part)
  }

  /** Shows all of it, with long outputs shortened; whether commands were among it. */
  show(report: (event: NumberedEvent) => void): boolean {
    const parts = this.#parts
    this.begin()
    for (const part of parts) {
      if (typeof part === 'function') part()
      else report(isOutput(part) ? { ...part, text: shortened(part.text) } : part)
    }
    return parts.some((part) => typeof part === 'object' && part.type === 'command-start')
  }
}

type Output = Extract<NumberedEvent, { type: 'output' }>

function isOutput(part: NumberedEvent | (() => void) | undefined): part is Output {
  return typeof part === 'object' && part.type === 'output'
}

function shortened(text: string): string {
  const end = text.endsWith('\n') ? '\n' : ''
  const lines = (end ? text.slice(0, -1) : text)
    .split('\n')
    .map((line) => (line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)} …` : line))
  const rest = lines.length - MOST_LINES
  // To leave out one line would not make it shorter.
  if (rest > 1) lines.splice(MOST_LINES / 2, rest, `… (${rest} more lines) …`)
  return lines.join('\n') + end
}
