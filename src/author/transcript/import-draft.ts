import { OUTSIDE } from '../../lab/outside.ts'
import type { Draft, DraftItem, DraftSection, Note } from '../draft.ts'
import { adaptCommand } from './adapt-command.ts'
import { cleanLines } from './clean-text.ts'
import { type Part, readDocument } from './read-document.ts'
import { type Entry, readTranscript } from './read-transcript.ts'

export interface ImportOptions {
  readonly world: 'isolated' | 'lan'
  /** Undefined: that of the text, or else `fallback`. */
  readonly title: string | undefined
  readonly fallback: string
}

/** Makes a draft of a transcript or an article with transcripts. What is not understood is kept as text, and told. */
export function importDraft(text: string, options: ImportOptions): { draft: Draft; notes: Note[] } {
  const lines = cleanLines(text)
  const { front, rest } = frontMatter(lines)
  return new Importer(options).import(readDocument(rest), front)
}

type Read =
  | Exclude<Part, { kind: 'code' }>
  | (Extract<Part, { kind: 'code' }> & { readonly entries: readonly Entry[] | undefined })

const SHELL = [
  'sh',
  'bash',
  'shell',
  'zsh',
  'console',
  'shell-session',
  'shellsession',
  'sh-session',
  'terminal',
  'ksh',
  'fish',
]
/** What these fences mean in a lab, they did not mean where they come from. */
const OWN = ['sh', 'bash', 'console', 'output', 'yaml', 'yml']

class Importer {
  readonly #options: ImportOptions
  readonly #notes: Note[] = []
  readonly #hosts = new Set<string>()
  /** Lines. */
  readonly #sudo: number[] = []
  readonly #sections: { title: string; items: DraftItem[] }[] = []
  readonly #intro: DraftItem[] = []

  constructor(options: ImportOptions) {
    this.#options = options
  }

  import(parts: readonly Part[], front: readonly string[]): { draft: Draft; notes: Note[] } {
    const read = parts.map(
      (part): Read =>
        part.kind === 'code' ? { ...part, entries: readTranscript(part.lines, SHELL.includes(part.language)) } : part,
    )
    const { title, body } = takeTitle(read)
    const level = sectionLevel(body)
    if (front.length > 0) this.#intro.push({ kind: 'prose', markdown: asComment(front) })
    for (const part of body) this.#add(part, level)
    if (this.#hosts.size > 1) {
      const names = [...this.#hosts].join(', ')
      this.#notes.unshift({
        line: 0,
        text: `the prompts are those of several machines (${names}); all is typed on the host`,
      })
    }
    const [first = 0, ...others] = this.#sudo
    const more = others.length > 0 ? ` and in ${others.length} other commands` : ''
    if (first) this.#notes.push({ line: first, text: `\`sudo\` was taken away here${more}: in a lab one is root` })
    const named = /^title\s*:\s*["']?(.*?)["']?\s*$/m.exec(front.join('\n'))?.[1]
    const draft = {
      title: this.#options.title ?? title ?? (named || this.#options.fallback),
      world: this.#options.world,
      intro: this.#intro,
      sections: this.#sections satisfies DraftSection[],
    }
    return { draft, notes: this.#notes.toSorted((a, b) => a.line - b.line) }
  }

  #add(part: Read, level: number): void {
    if (part.kind === 'heading' && part.level <= level) this.#sections.push({ title: part.text, items: [] })
    else if (part.kind === 'heading') this.#prose(`${'#'.repeat(Math.max(3, part.level))} ${part.text}`)
    else if (part.kind === 'prose') this.#prose(part.text)
    else if (part.entries) for (const entry of part.entries) this.#entry(entry, part.line + 1)
    else this.#code(part)
  }

  #code({ language, lines, line, source }: Extract<Part, { kind: 'code' }>): void {
    if (SHELL.includes(language) || language === '')
      this.#notes.push({ line: line + 1, text: 'no command was found in this block; it is only shown' })
    const markdown = OWN.includes(language) || language === '' ? undefined : source
    this.#items().push(markdown === undefined ? { kind: 'text', text: lines.join('\n') } : { kind: 'prose', markdown })
  }

  #entry(entry: Entry, first: number): void {
    const line = first + entry.line
    if (entry.kind === 'comment') this.#comment(entry.text)
    else if (entry.kind === 'output') {
      this.#notes.push({ line, text: 'this is below no command; it is only shown' })
      this.#items().push({ kind: 'text', text: entry.text })
    } else {
      if (entry.host) this.#hosts.add(entry.host)
      if (this.#sections.length === 0) this.#sections.push({ title: 'What to type', items: [] })
      const { item, notes, hadSudo } = adaptCommand({ ...entry, line, terminal: this.#terminal(entry.host) })
      this.#items().push(item)
      this.#notes.push(...notes)
      if (hadSudo) this.#sudo.push(line)
    }
  }

  #terminal(host: string | undefined): string {
    const isOutside = this.#options.world === 'lan' && host && OUTSIDE.includes(host)
    return isOutside ? host : 'main'
  }

  #prose(markdown: string): void {
    this.#items().push({ kind: 'prose', markdown })
  }

  /** Lines that follow each other are one paragraph. */
  #comment(text: string): void {
    const items = this.#items()
    const last = items.at(-1)
    if (last?.kind === 'prose' && !last.markdown.includes('\n\n'))
      items[items.length - 1] = { kind: 'prose', markdown: `${last.markdown}\n${text}` }
    else items.push({ kind: 'prose', markdown: text })
  }

  #items(): DraftItem[] {
    return this.#sections.at(-1)?.items ?? this.#intro
  }
}

/** The first heading is the title if it is one of the highest, and nothing was typed before it. */
function takeTitle(parts: readonly Read[]): { title: string | undefined; body: readonly Read[] } {
  const index = parts.findIndex(({ kind }) => kind === 'heading')
  const heading = parts[index]
  const isFirst = parts.slice(0, Math.max(0, index)).every((part) => part.kind !== 'code')
  if (heading?.kind !== 'heading' || heading.level !== 1 || !isFirst) return { title: undefined, body: parts }
  const followed = parts.slice(index + 1).findIndex(({ kind }) => kind === 'heading')
  const own = parts.slice(index + 1, followed < 0 ? undefined : index + 1 + followed)
  // With commands right below it, it is a step.
  const isStep = own.some((part) => part.kind === 'code' && part.entries)
  return { title: heading.text, body: isStep ? parts : parts.toSpliced(index, 1) }
}

/** The level of the headings that make sections: the highest below which, however deep, something is typed. */
function sectionLevel(parts: readonly Read[]): number {
  const levels: number[] = []
  let above: number[] = []
  for (const part of parts) {
    if (part.kind === 'heading') above = [...above.filter((level) => level < part.level), part.level]
    else if (part.kind === 'code' && part.entries && above[0]) levels.push(above[0])
  }
  return Math.max(2, levels.length > 0 ? Math.min(...levels) : 2)
}

/** Of a static site generator; it is no front matter of a lab. */
function frontMatter(lines: readonly string[]): { front: readonly string[]; rest: readonly string[] } {
  const end =
    lines[0]?.trimEnd() === '---' ? lines.findIndex((line, index) => index > 0 && line.trimEnd() === '---') : -1
  if (end < 0) return { front: [], rest: lines }
  return { front: lines.slice(1, end), rest: [...Array<string>(end + 1).fill(''), ...lines.slice(end + 1)] }
}

function asComment(lines: readonly string[]): string {
  return ['<!--', ...lines.map((line) => line.replaceAll('--', '- -')), '-->'].join('\n')
}
