import type { NumberedEvent } from '../run/events.ts'

/** Where a reporter writes, and what it may use there. */
export interface Sink {
  write(text: string): void
  readonly colour: boolean
  /** Lines may be rewritten: a terminal, and no screen reader. */
  readonly live: boolean
  readonly width: number
  /** Lines that can be seen at once; Infinity where nothing scrolls away. */
  readonly height: number
  /** Links can be clicked (OSC 8). */
  readonly links: boolean
  /** For a screen reader: words instead of signs, no boxes, nothing that is written over. */
  readonly plain: boolean
}

/** Turns the events of a run into text of some kind. */
export interface Reporter {
  readonly name: string
  readonly summary: string
  open(sink: Sink): (event: NumberedEvent) => void
}
