import type { Token } from 'markdown-it'
import { type CheckKind, parseChecks, parseQuestion } from './check-block.ts'
import { type Directive, isDirective, parseDirective } from './directive.ts'
import { isTaskMark, taskBlock } from './edition-marks.ts'
import { type Fence, fenceRole, parseBlock, parseExpected } from './fences.ts'
import type { Filler } from './fill.ts'
import type { Aside, Block, Item, Section, WorldSpec } from './lab.ts'
import { isOutside } from './outside.ts'
import type { ProblemList } from './problem.ts'
import { nameSteps } from './steps.ts'
import { didYouMean } from './suggest.ts'
import type { Withheld } from './withheld.ts'

export interface SectionsInput {
  readonly tokens: readonly Token[]
  readonly source: readonly string[]
  readonly kinds: ReadonlyMap<string, CheckKind>
  readonly world: WorldSpec
  readonly filler: Filler
  readonly edition: boolean
  readonly problems: ProblemList
}

/** A section before its step has an id. */
export interface Draft {
  title: string
  line: number
  items: Item[]
  directive: Directive | undefined
}

export interface Sections {
  readonly sections: Section[]
  /** The text of the first `#`. */
  readonly heading: string | undefined
  /** In the order of the file. */
  readonly withheld: readonly Withheld[]
}

/** Cuts the document at its `##` headings. */
export function readSections(input: SectionsInput): Sections {
  const reader = new Reader(input)
  for (const [index, token] of input.tokens.entries()) reader.take(token, input.tokens[index + 1])
  const sections = nameSteps(reader.finish(), input.filler, input.problems)
  return { sections, heading: reader.heading, withheld: reader.withheld }
}

class Reader {
  heading: string | undefined
  readonly withheld: Withheld[] = []
  readonly #input: SectionsInput
  readonly #drafts: Draft[] = []
  #draft: Draft = { title: '', line: 1, items: [], directive: undefined }
  #proseFrom = 0
  #details: { line: number; role: Aside['role']; summary: string; depth: number; solves: boolean } | undefined

  constructor(input: SectionsInput) {
    this.#input = input
  }

  take(token: Token, next: Token | undefined): void {
    const [from = 0, to = 0] = token.map ?? []
    if (token.type === 'heading_open' && token.level === 0) this.#heading(token.tag, from, next?.content ?? '')
    else if (token.type === 'html_block') this.#html(token.content, from, to)
    else if (token.type === 'fence' && token.map) this.#fence(token, from, to)
  }

  finish(): Draft[] {
    const end = this.#input.source.length
    if (this.#details) this.#input.problems.add({ line: this.#details.line }, 'details-open')
    this.#endProse(end)
    this.#drafts.push(this.#draft)
    return this.#drafts
  }

  #heading(tag: string, line: number, text: string): void {
    if (tag === 'h1') this.heading ??= text
    if (tag !== 'h2') return
    this.#endProse(line)
    this.#drafts.push(this.#draft)
    this.#draft = { title: text, line: line + 1, items: [], directive: undefined }
    this.#proseFrom = line
  }

  #html(content: string, from: number, to: number): void {
    // What follows `</details>` without a blank line is in the same block of HTML.
    const next = content.search(/(?<=\n)<details\b/i)
    if (next >= 0) {
      const line = from + content.slice(0, next).split('\n').length - 1
      this.#html(content.slice(0, next), from, line)
      this.#html(content.slice(next), line, to)
      return
    }
    const fence = /^[ \t]*(?:```|~~~)[ \t]*(?:sh|bash|console|output|yaml)\b/m.exec(content)
    if (fence) {
      const line = from + 1 + content.slice(0, fence.index).split('\n').length - 1
      this.#input.problems.add({ line }, 'fence-in-html', {}, 'put a blank line before it')
    }
    if (isDirective(content.trim())) this.#directive(content, from, to)
    else if (isTaskMark(content)) this.#task(from, to)
    else if (/^\s*(?:<!--(?:(?!-->)[\s\S])*-->\s*)+$/.test(content))
      this.withheld.push({ kind: 'comment', line: from + 1, last: to })
    const openings = [...content.matchAll(/<details\b[^>]*>/gi)].length
    const closings = [...content.matchAll(/<\/details\s*>/gi)].length
    if (openings > 0 && !this.#details) {
      this.#endProse(from)
      const summary = /<summary>([\s\S]*?)<\/summary>/i.exec(content)?.[1]?.trim() ?? ''
      const role = /^hint/i.test(summary) ? 'hint' : /^solution/i.test(summary) ? 'solution' : 'note'
      this.#details = { line: from + 1, role, summary, depth: 0, solves: false }
    }
    if (this.#details) this.#details.depth += openings - closings
    if (closings > 0 && this.#details && this.#details.depth <= 0) {
      const markdown = this.#lines(this.#details.line - 1, to)
      const { line, role, summary, solves } = this.#details
      if (solves || role === 'solution') this.withheld.push({ kind: solves ? 'task' : 'cut', line, last: to })
      this.#draft.items.push({ kind: 'aside', line, role, summary, markdown })
      this.#details = undefined
      this.#proseFrom = to
    }
  }

  #directive(content: string, from: number, to: number): void {
    const { problems } = this.#input
    const column = (this.#input.source[from] ?? '').indexOf('<!--') + 1
    const first = this.#lines(this.#draft.line, from).trim() === '' && this.#draft.items.length === 0
    if (this.#draft.title === '' || this.#draft.directive || !first) problems.add({ line: from + 1 }, 'stray-directive')
    else this.#draft.directive = parseDirective(content.trim(), from + 1, column, problems)
    if (first)
      this.#draft.items.push({ kind: 'prose', line: this.#proseFrom + 1, markdown: this.#lines(this.#proseFrom, from) })
    if (first) this.#proseFrom = to
  }

  #fence(token: Token, from: number, to: number): void {
    const role = fenceRole(token.info.trim())
    const source = this.#input.source[from] ?? ''
    const indent = source.search(/[`~]/)
    const fence: Fence = {
      info: token.info.trim(),
      line: from + 1,
      infoColumn: Math.max(1, source.indexOf(token.info.trim(), indent + token.markup.length) + 1),
      indent: Math.max(0, indent),
      text: token.content,
      filler: this.#input.filler,
    }
    const { problems } = this.#input
    if (role !== 'shown' && !this.#isClosed(to, token.markup)) problems.add({ line: from + 1 }, 'fence-open')
    if (role === 'shown') {
      this.#suspicious(fence)
      return
    }
    if (this.#details) {
      // In a hint, commands are an example; in a solution, they are what a task is proven with.
      if (role === 'commands' && /\bsolution\b/.test(fence.info)) {
        this.#details.solves = true
        this.#commands(fence, to)
      }
      if (role === 'check' || role === 'question') problems.add({ line: from + 1 }, 'check-in-details')
      return
    }
    if (this.#draft.title === '') {
      problems.add({ line: from + 1 }, 'outside-step')
      return
    }
    this.#endProse(from)
    this.#proseFrom = to
    const withheld: Withheld[] = []
    const yaml = { text: fence.text, line: from + 2, indent: fence.indent, edition: this.#input.edition, withheld }
    if (role === 'commands') this.#commands(fence, to)
    else if (role === 'output') this.#output(fence, to)
    else if (role === 'check') {
      const found = parseChecks(yaml, this.#input.kinds, problems)
      this.#draft.items.push(...found)
      // Nothing would be left of it.
      if (found.length > 0 && found.every(({ hidden }) => hidden))
        withheld.push({ kind: 'cut', line: from + 1, last: to })
    } else {
      const question = parseQuestion(yaml, problems)
      if (question) this.#draft.items.push(question)
    }
    this.withheld.push(...withheld)
  }

  #commands(fence: Fence, last: number): void {
    const block = parseBlock(fence, this.#input.problems)
    if (!block) return
    if (isOutside(block.terminal) && !this.#input.world.lan) {
      const suggestion = 'the front matter needs `world: lan`'
      this.#input.problems.add({ line: fence.line }, 'bad-terminal', { name: block.terminal }, suggestion)
    }
    this.#draft.items.push(block)
    if (block.sealed) this.#onlyInEdition(fence.line, '`sealed`')
    else if (block.role === 'setup') this.withheld.push({ kind: 'seal', line: fence.line, last })
    else if (block.role === 'solution' && !this.#details) this.withheld.push({ kind: 'task', line: fence.line, last })
  }

  /** Where the lab has a solution, its edition has this. */
  #task(from: number, to: number): void {
    this.#onlyInEdition(from + 1, '`<!-- task -->`')
    if (this.#details) return
    this.#endProse(from)
    this.#proseFrom = to
    this.#draft.items.push(taskBlock(from + 1))
  }

  #onlyInEdition(line: number, what: string): void {
    if (!this.#input.edition) this.#input.problems.add({ line }, 'only-in-edition', { what })
  }

  #output(fence: Fence, last: number): void {
    const { problems } = this.#input
    const index = this.#draft.items.findLastIndex((item) => item.kind !== 'prose')
    const before = this.#draft.items[index]
    const lines = fence.text === '' ? [] : fence.text.replace(/\n$/, '').split('\n')
    const expected = parseExpected(lines, fence.line + 1, fence.indent, problems)
    if (before?.kind !== 'block' || before.form === 'console')
      problems.add({ line: fence.line }, 'output-without-block')
    else if (before.expected) problems.add({ line: fence.line }, 'output-twice')
    else this.#draft.items[index] = { ...before, expected } satisfies Block
    if (before?.kind === 'block' && before.role !== 'shown') this.withheld.push({ kind: 'cut', line: fence.line, last })
  }

  /** `yaml chek` would silently be shown to the reader and check nothing. */
  #suspicious(fence: Fence): void {
    const [language = '', word = ''] = fence.info.split(/\s+/)
    if (language !== 'yaml' && language !== 'yml') return
    const suggestion = word && didYouMean(word, ['check', 'question'])
    const place = { line: fence.line, column: fence.infoColumn + fence.info.indexOf(word), length: word.length }
    if (suggestion) this.#input.problems.add(place, 'unknown-attribute', { word, language }, suggestion)
  }

  #isClosed(to: number, markup: string): boolean {
    return new RegExp(`^[>\\s\\d.*+-]*${markup[0]}{${markup.length},}\\s*$`).test(this.#input.source[to - 1] ?? '')
  }

  #endProse(to: number): void {
    if (this.#details) return
    const markdown = this.#lines(this.#proseFrom, to)
    if (markdown.trim() !== '') this.#draft.items.push({ kind: 'prose', line: this.#proseFrom + 1, markdown })
    this.#proseFrom = to
  }

  #lines(from: number, to: number): string {
    return this.#input.source.slice(from, to).join('\n')
  }
}
