import { parseDocument, stringify, visit } from 'yaml'
import type { Draft, DraftCommand, DraftItem, DraftSection, Proposal } from './draft.ts'

/** How a command is written into the lab. */
export type Told =
  /** It ends with 0; nothing is said about what it prints. */
  | { readonly form: 'sh' }
  /** It is in a block of its own, and not even its status is told. */
  | { readonly form: 'open'; readonly timeout?: string }
  | { readonly form: 'console'; readonly output: readonly string[]; readonly exit: number }
  /** It is not a command of the lab, and only shown. */
  | { readonly form: 'text' }

export interface Plan {
  readonly told: (command: DraftCommand) => Told
  readonly checks: (section: DraftSection) => readonly Proposal[]
  /** For the author, in a comment at the top. */
  readonly remark: string | undefined
}

export interface Composed {
  readonly text: string
  /** Which part of the draft is in which lines of the text, from 1 up to and with `to`. */
  readonly places: readonly { readonly from: number; readonly to: number; readonly item: DraftItem }[]
}

/** Writes a draft as the Markdown of a lab. */
export function compose(draft: Draft, plan: Plan): Composed {
  const writer = new Writer()
  writer.add(['---', 'labrun: 1', ...worldLine(draft), '---'])
  writer.add([`# ${draft.title.replace(/\s+/g, ' ').trim()}`])
  if (plan.remark) writer.add(['<!--', ...comment(plan.remark), '-->'])
  for (const group of groupsOf(draft.intro, plan)) writer.add(group.lines, group.items)
  for (const section of draft.sections) {
    writer.add([`## ${section.title}`])
    const groups = groupsOf(section.items, plan)
    const checks = plan.checks(section)
    const last = groups.findLastIndex(({ isTyped }) => isTyped)
    for (const [index, group] of groups.entries()) {
      writer.add(group.lines, group.items)
      if (index === last && checks.length > 0) writer.add(fence('yaml check', checks.flatMap(checkLines)))
    }
  }
  return writer.composed()
}

/** The lines that a check has in a `yaml check` block. */
export function checkLines(check: Proposal): string[] {
  const document = parseDocument(stringify([check], { lineWidth: 0 }))
  visit(document, {
    Seq: (_, node, path) => {
      if (path.length > 1) node.flow = true
    },
  })
  return document.toString({ lineWidth: 0, flowCollectionPadding: false }).trimEnd().split('\n')
}

class Writer {
  readonly #lines: string[] = []
  readonly #places: { from: number; to: number; item: DraftItem }[] = []

  /** Each part is a paragraph of its own. */
  add(part: readonly string[], items: readonly DraftItem[] = []): void {
    if (this.#lines.length > 0) this.#lines.push('')
    const from = this.#lines.length + 1
    this.#lines.push(...part)
    for (const item of items) this.#places.push({ from, to: this.#lines.length, item })
  }

  composed(): Composed {
    return { text: `${this.#lines.join('\n')}\n`, places: this.#places }
  }
}

interface Group {
  readonly lines: readonly string[]
  /** Its commands are the lab's. */
  readonly isTyped: boolean
  readonly items: readonly DraftItem[]
}

/** Commands of one kind that follow each other make one block. */
function groupsOf(all: readonly DraftItem[], plan: Plan): Group[] {
  const groups: { key: string; info: string; items: DraftItem[]; lines: string[] }[] = []
  for (const [index, item] of all.entries()) {
    const { key, info, lines: own } = written(item, index, plan)
    const last = groups.at(-1)
    if (last?.key === key) {
      last.items.push(item)
      last.lines.push(...own)
    } else groups.push({ key, info, items: [item], lines: own })
  }
  return groups.map(({ info, items, lines: own }) => {
    return { items, isTyped: info !== '' && info !== 'text', lines: info === '' ? own : fence(info, own) }
  })
}

function written(item: DraftItem, index: number, plan: Plan): { key: string; info: string; lines: string[] } {
  if (item.kind === 'prose') return { key: `prose ${index}`, info: '', lines: lines(item.markdown) }
  if (item.kind === 'text') return { key: `text ${index}`, info: 'text', lines: lines(item.text) }
  const told = plan.told(item)
  if (told.form === 'text') return { key: 'text of commands', info: 'text', lines: shown(item) }
  const where = item.terminal === 'main' ? '' : ` terminal=${item.terminal}`
  const time =
    item.duration !== undefined && item.duration > PATIENCE ? ` timeout=${Math.ceil(item.duration / 333)}s` : ''
  if (told.form === 'console') {
    const info = `console${where}${time}`
    return {
      key: info,
      info,
      lines: [...asTyped(item.text), ...told.output, ...(told.exit === 0 ? [] : [`[exit ${told.exit}]`])],
    }
  }
  if (told.form === 'sh') return { key: `sh${where}${time}`, info: `sh${where}${time}`, lines: item.text.split('\n') }
  const patience = time || (told.timeout ? ` timeout=${told.timeout}` : '')
  return { key: `open ${index}`, info: `sh${where}${patience} exit=any`, lines: item.text.split('\n') }
}

/** Milliseconds from which on a command gets three times as long as it has taken. */
const PATIENCE = 10_000

function asTyped(text: string): string[] {
  const [first = '', ...rest] = text.split('\n')
  return [`# ${first}`, ...rest.map((line) => (line === '' ? '>' : `> ${line}`))]
}

function shown({ text, printed }: DraftCommand): string[] {
  return [...asTyped(text), ...(printed ? lines(printed) : [])]
}

function fence(info: string, content: readonly string[]): string[] {
  const longest = content.reduce((most, line) => Math.max(most, /^\s*(`+)/.exec(line)?.[1]?.length ?? 0), 2)
  const markup = '`'.repeat(longest + 1)
  return [`${markup}${info}`, ...content, markup]
}

function lines(text: string): string[] {
  return text
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()
    .split('\n')
}

function worldLine({ world }: Draft): string[] {
  return world === 'isolated' ? [] : [`world: ${world}`]
}

/** Two hyphens could end the comment. */
function comment(text: string): string[] {
  return lines(text.replaceAll('--', '- -'))
}
