/** A lab that is being made of commands somebody has typed. Its parts are compared by identity. */
export interface Draft {
  readonly title: string
  readonly world: 'isolated' | 'lan'
  /** What comes before the first heading; no commands. */
  readonly intro: readonly DraftItem[]
  readonly sections: readonly DraftSection[]
}

/** What comes under one `##` heading; a step if there is a command in it. */
export interface DraftSection {
  readonly title: string
  readonly items: readonly DraftItem[]
}

export type DraftItem = DraftProse | DraftText | DraftCommand

/** Markdown that is only shown. */
export interface DraftProse {
  readonly kind: 'prose'
  readonly markdown: string
}

/** A text as it is, in a fence of its own. */
export interface DraftText {
  readonly kind: 'text'
  readonly text: string
}

export interface DraftCommand {
  readonly kind: 'command'
  readonly text: string
  readonly terminal: string
  /** Milliseconds that it has taken; undefined if that is not known. */
  readonly duration: number | undefined
  /** Where it was read, from 1; 0: nowhere. */
  readonly line: number
  /** What it printed there; undefined if that is not known. */
  readonly printed: string | undefined
}

/** A check as data, with its kind first: what a `yaml check` block has as one item. */
export type Proposal = Readonly<Record<string, unknown>>

/** Something to say about a draft: the line where it was read, or 0. */
export interface Note {
  readonly line: number
  readonly text: string
}

export function commandsOf(section: DraftSection): DraftCommand[] {
  return section.items.filter((item) => item.kind === 'command')
}

/** A command in a sentence: its first line. */
export function nameOf({ text }: DraftCommand): string {
  return `\`${text.split('\n')[0]}\``
}
