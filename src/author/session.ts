import { splitCommands } from '../lab/commands.ts'
import { isOutside } from '../lab/outside.ts'
import { parseLabOrThrow } from '../lab/parse.ts'
import type { RunEvent } from '../run/events.ts'
import { type Extra, type Interruptible, type Pace, RunStopped } from '../run/pace.ts'
import type { CommandResult } from '../run/results.ts'
import { runLab } from '../run/run-lab.ts'
import type { Draft, DraftCommand, DraftItem, DraftSection } from './draft.ts'
import type { ObserveChoices } from './observe.ts'

/** The author's side of a recording. */
export interface Author {
  /**
   * The next line; undefined when there are no more, null after Ctrl-C. `pending`: it goes on with a command that is not
   * complete.
   */
  line(prompt: { readonly terminal: string; readonly pending: boolean }): Promise<string | undefined | null>
  /** What the command prints, as it comes. */
  output(text: string): void
  say(text: string): void
}

export interface SessionChoices extends Omit<ObserveChoices, 'before'> {
  readonly world: 'isolated' | 'lan'
  /** Around each command: what interrupts just this one. */
  readonly interruptible: Interruptible
}

export const SESSION_HELP = [
  '## TITLE    a new step',
  '# words     prose, at this place of the lab',
  '@client     type on another terminal: @client, @server and @gateway are other machines, @main is the first',
  ':undo       take the last command back; the world is built again without it',
  ':end        write the lab (Ctrl-D and `exit` do the same)',
  ':help       this help',
].join('\n')

/** Lets the author work in a world. Resolves to the sections of a draft, or to why there was no world. */
export async function record(author: Author, choices: SessionChoices): Promise<readonly DraftSection[] | string> {
  const session = new Session(author, choices)
  for (;;) {
    const trouble = await session.run()
    if (trouble) return trouble
    if (!session.again) return session.sections()
  }
}

/** What comes before the first heading is an introduction, or a first step if something was typed there. */
export function draftOf(sections: readonly DraftSection[], title: string, world: Draft['world']): Draft {
  const [first, ...rest] = sections
  const isProse = first?.title === '' && first.items.every(({ kind }) => kind === 'prose')
  const all = isProse ? rest : sections
  return {
    title,
    world,
    intro: isProse ? first.items : [],
    sections: all.map((section) => ({ ...section, title: section.title || 'The first step' })),
  }
}

const STUB = 'labrun: 1\n---\n\n## Recording\n\n```sh\ntrue\n```\n'

interface Section {
  readonly title: string
  readonly items: DraftItem[]
}

class Session implements Pace {
  /** The world is to be built anew, because a command was taken back. */
  again = false
  readonly #author: Author
  readonly #choices: SessionChoices
  readonly #sections: Section[] = [{ title: '', items: [] }]
  #terminal = 'main'
  #replay: DraftCommand[] = []
  #isReplaying = false
  #typed: Extra | undefined
  #isOver = false

  constructor(author: Author, choices: SessionChoices) {
    this.#author = author
    this.#choices = choices
  }

  /** One world; undefined, or why there was none. */
  async run(): Promise<string | undefined> {
    const { world, kinds, openWorld, signal, interruptible } = this.#choices
    this.again = false
    this.#replay = this.#commands()
    const front = world === 'lan' ? '---\nworld: lan\n' : '---\n'
    const lab = parseLabOrThrow(`${front}${STUB}`, 'recording.md', kinds)
    const emit = (event: RunEvent) => this.#take(event)
    const result = await runLab(lab, { openWorld, kinds, signal, interruptible, emit, pace: this })
    return result.trouble ?? undefined
  }

  /** Without those that are empty. */
  sections(): DraftSection[] {
    return this.#sections.filter(({ title, items }) => title !== '' || items.length > 0)
  }

  async command(): Promise<Extra> {
    const [next] = this.#replay.splice(0, 1)
    this.#isReplaying = next !== undefined
    if (next) return { text: next.text, terminal: next.terminal }
    this.#typed = await this.#nextCommand()
    if (!this.#typed) throw new RunStopped()
    return this.#typed
  }

  async #nextCommand(): Promise<Extra | undefined> {
    let text = ''
    while (!this.#isOver) {
      const line = await this.#author.line({ terminal: this.#terminal, pending: text !== '' })
      if (line === null) {
        text = ''
        continue
      }
      if (line === undefined) {
        if (text !== '') this.#author.say(`not run, because it does not end: ${text.split('\n')[0]}`)
        return undefined
      }
      if (text === '' && this.#isAboutTheLab(line)) {
        if (this.again) return undefined
        continue
      }
      text = text === '' ? line : `${text}\n${line}`
      const { commands, unfinished } = splitCommands(text)
      if (commands.length === 0) text = ''
      else if (!unfinished) return { text, terminal: this.#terminal }
    }
    return undefined
  }

  /** Lines that are no commands; true if this was one of them. */
  #isAboutTheLab(line: string): boolean {
    const [, title] = /^## +(.*\S)/.exec(line) ?? []
    const [, prose] = /^#(?: +(.*))?$/.exec(line) ?? []
    const [, terminal] = /^@([a-z][a-z0-9-]{0,31})\s*$/.exec(line) ?? []
    if (title) this.#sections.push({ title, items: [] })
    else if (/^#!/.test(line)) return true
    else if (/^# /.test(line) || line.trim() === '#') this.#addProse(prose ?? '')
    else if (/^#{3,} /.test(line)) this.#addProse(line)
    else if (terminal) this.#open(terminal)
    else if (line.trim() === ':undo') this.#undo()
    else if (line.trim() === ':help') this.#author.say(SESSION_HELP)
    else if (line.trim() === ':end') this.#isOver = true
    else return false
    return true
  }

  /** Lines that follow each other are one paragraph. */
  #addProse(text: string): void {
    const { items } = this.#sections.at(-1)!
    const last = items.at(-1)
    if (last?.kind === 'prose') items[items.length - 1] = { kind: 'prose', markdown: `${last.markdown}\n${text}` }
    else items.push({ kind: 'prose', markdown: text })
  }

  #open(terminal: string): void {
    if (isOutside(terminal) && this.#choices.world !== 'lan') {
      this.#author.say(`there is no ${terminal} in this world: begin with \`--world lan\``)
    } else this.#terminal = terminal
  }

  #undo(): void {
    for (const { items } of this.#sections.toReversed()) {
      const index = items.findLastIndex(({ kind }) => kind === 'command')
      if (index < 0) continue
      const [taken] = items.splice(index, 1) as [DraftCommand]
      this.#author.say(`taken back: ${taken.text}`)
      this.again = true
      return
    }
    this.#author.say('there is no command to take back')
  }

  #commands(): DraftCommand[] {
    return this.#sections.flatMap(({ items }) => items.filter((item) => item.kind === 'command'))
  }

  #take(event: RunEvent): void {
    if (event.type === 'output' && !this.#isReplaying) this.#author.output(event.text)
    if (event.type !== 'command-end' || !event.extra || this.#isReplaying || !this.#typed) return
    this.#keep(this.#typed, event.result)
  }

  #keep({ text, terminal }: Extra, { exit, output, duration, shellEnded }: CommandResult): void {
    if (shellEnded && exit !== null) {
      if (terminal === 'main' && /^\s*(?:exit|logout)\b/.test(text)) this.#isOver = true
      else this.#author.say(`${text}: this has ended the shell, so it is left out; what comes next gets a new one`)
    } else if (exit === null) {
      this.#author.say(`${text}: this did not end by itself, so it is left out; try \`timeout 5 …\` or \`-c 3\``)
    } else {
      this.#sections.at(-1)!.items.push({ kind: 'command', text, terminal, duration, line: 0, printed: output })
      if (exit !== 0) this.#author.say(`(status ${exit})`)
    }
  }
}
