import { createInterface, type Interface } from 'node:readline'
import type { Draft, DraftSection } from '../author/draft.ts'
import { type Author, record as recordSession, SESSION_HELP } from '../author/session.ts'
import { composeUnrun, settle } from '../author/settle.ts'
import { checks } from '../checks/index.ts'
import { canAsk } from '../guide/ask.ts'
import type { WorldSpec } from '../lab/lab.ts'
import { localMachine } from '../machine/local.ts'
import type { Surroundings } from '../main.ts'
import { findings } from '../reporters/describe.ts'
import { sanitize } from '../world/sanitize.ts'
import { World } from '../world/world.ts'
import { newLabFile, titleFrom, writeNew } from './new-file.ts'

export interface RecordOptions {
  readonly title?: string
  readonly world: 'isolated' | 'lan'
}

/** `labrun record`: 0 if the lab is written and proven, 1 if it is only written, 2 if there is nothing to write. */
export async function record(
  name: string,
  { title, world }: RecordOptions,
  { signal, onInterrupt }: Surroundings,
): Promise<number> {
  const file = newLabFile(name)
  const author = new LineAuthor(signal)
  let current = new AbortController()
  const interrupt = () => current.abort()
  const release = onInterrupt(interrupt)
  author.onInterrupt = interrupt
  const commandSignal = () => {
    current = new AbortController()
    return AbortSignal.any([signal, current.signal])
  }
  const openWorld = (spec: WorldSpec) => World.open(localMachine, spec)
  author.greet(world)
  const sections = await recordSession(author, { world, kinds: checks, openWorld, signal, commandSignal })
  author.close()
  release()
  if (typeof sections === 'string') {
    process.stderr.write(`labrun: ${sections}\n`)
    return 2
  }
  const draft = draftOf(sections, title ?? titleFrom(file), world)
  if (!draft.sections.some(({ items }) => items.some(({ kind }) => kind === 'command'))) {
    process.stdout.write('Nothing was recorded, so nothing is written.\n')
    return 2
  }
  return await finish(draft, file, { openWorld, kinds: checks, before: [], signal })
}

async function finish(
  draft: Draft,
  file: string,
  choices: Omit<Parameters<typeof settle>[2], 'remark' | 'remarkUnrun' | 'mayFail'>,
): Promise<number> {
  const say = (line: string) => process.stdout.write(`${line}\n`)
  if (!choices.signal.aborted) say('\nTyping it again in fresh worlds, to see what lasts and to prove the checks …')
  const settled = choices.signal.aborted
    ? undefined
    : await settle(draft, file, { ...choices, remark: REMARK, remarkUnrun: UNPROVEN, mayFail: () => true })
  const isDone = settled !== undefined && !choices.signal.aborted
  keep(file, isDone ? settled.text : composeUnrun(draft, UNPROVEN, choices.kinds))
  for (const { text } of settled?.notes ?? []) say(`! ${sanitize(text)}`)
  const { verification } = settled ?? {}
  if (isDone && verification?.status === 'passed') {
    say(`✓ ${file} is written and proven: ${verification.steps} steps, ${verification.proven} checks`)
    return 0
  }
  say(`! ${file} is written, but not proven`)
  for (const { line, title } of verification ? findings(verification.run) : [])
    say(`  ${file}:${line}: ${sanitize(title)}`)
  return 1
}

/** What was worked for must not be lost because of a full disk. */
function keep(file: string, text: string): void {
  try {
    writeNew(file, text)
  } catch (error) {
    process.stdout.write(text)
    throw error
  }
}

const REMARK = `Recorded with labrun. The commands, their output and the checks are from real runs.
What is still to do: begin with a question, say before each block what it is for and after it what it means,
give each check that somebody may fail a \`why\`, and take out what does not belong here.`

const UNPROVEN = `Recorded with labrun, which was ended before it could prove the lab. \`labrun verify\` shows what is missing.`

/** What comes before the first heading is an introduction, or a first step if something was typed there. */
function draftOf(sections: readonly DraftSection[], title: string, world: Draft['world']): Draft {
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

/** Reads lines from a terminal, or from a pipe; then each line is shown as if it had been typed. */
class LineAuthor implements Author {
  onInterrupt: () => void = () => {}
  readonly #isTerminal = canAsk()
  readonly #lines: string[] = []
  readonly #input: Interface
  #waiting: ((line: string | undefined | null) => void) | undefined
  #isClosed = false
  #isMidLine = false

  constructor(signal: AbortSignal) {
    this.#input = createInterface({
      input: process.stdin,
      output: process.stdout,
      terminal: this.#isTerminal,
      historySize: 1000,
    })
    this.#input.on('line', (line) => {
      this.#lines.push(line)
      this.#give()
    })
    this.#input.on('close', () => {
      this.#isClosed = true
      this.#give()
    })
    this.#input.on('SIGINT', () => this.#interrupted())
    signal.addEventListener('abort', () => this.close())
  }

  greet(world: string): void {
    if (!this.#isTerminal) return
    this.say(
      `You are root on \`host\`, in a world of its own (${world}). Work as usual; what you do is recorded.\n${SESSION_HELP}\n`,
    )
  }

  async line({ terminal, pending }: Parameters<Author['line']>[0]): Promise<string | undefined | null> {
    if (this.#isMidLine) this.output('\n')
    const prompt = pending ? '> ' : `${terminal === 'main' ? '' : terminal}# `
    const line = await new Promise<string | undefined | null>((resolve) => {
      this.#waiting = resolve
      if (this.#isTerminal && this.#lines.length === 0 && !this.#isClosed) {
        this.#input.setPrompt(prompt)
        this.#input.prompt()
      }
      this.#give()
    })
    if (typeof line === 'string' && !this.#isTerminal) this.output(`${prompt}${sanitize(line)}\n`)
    return line
  }

  output(text: string): void {
    process.stdout.write(text)
    this.#isMidLine = !text.endsWith('\n')
  }

  say(text: string): void {
    if (this.#isMidLine) this.output('\n')
    this.output(`${sanitize(text)}\n`)
  }

  close(): void {
    this.#input.close()
  }

  #give(): void {
    if (!this.#waiting || (this.#lines.length === 0 && !this.#isClosed)) return
    const give = this.#waiting
    this.#waiting = undefined
    give(this.#lines.shift())
  }

  /** At the prompt, Ctrl-C takes away what was typed, as in any shell. */
  #interrupted(): void {
    const give = this.#waiting
    if (!give) {
      this.onInterrupt()
      return
    }
    this.#waiting = undefined
    this.#input.write(null, { ctrl: true, name: 'e' })
    this.#input.write(null, { ctrl: true, name: 'u' })
    give(null)
  }
}
