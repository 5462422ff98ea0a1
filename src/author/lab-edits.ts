import { compileExpected, matchExpected, type Remembered } from '../lab/expected.ts'
import type { Block, Command, ExpectedOutput, Lab } from '../lab/lab.ts'
import { statusIn } from '../lab/transcript.ts'
import type { Edit } from './edit-lines.ts'
import { blocksOf, type Observation } from './observe.ts'
import type { Place } from './output/expected-line.ts'
import { type Line, rewriteExpected } from './output/rewrite-expected.ts'

/** What has to be changed in the file of a lab so that its expected output is that of all the runs. */
export function labEdits(lab: Lab, runs: readonly Observation[]): Edit[] {
  return new LabEdits(lab, runs).all()
}

/** One expected text, and what each run has printed there. */
interface Site {
  readonly expected: ExpectedOutput
  readonly place: Place
  readonly prefix: string
  readonly outputs: readonly string[]
  /** For a transcript, the status with which the command has ended. */
  readonly exit: number | undefined
}

class LabEdits {
  readonly #lab: Lab
  readonly #runs: readonly Observation[]
  readonly #said: string
  /** What each run has remembered so far, with what is known of the whole run where nothing else is. */
  readonly #known: Remembered[]

  constructor(lab: Lab, runs: readonly Observation[]) {
    this.#lab = lab
    this.#runs = runs
    this.#said = blocksOf(lab)
      .flatMap(({ commands }) => commands.map(({ text }) => text))
      .join('\n')
    this.#known = runs.map(({ remembered }) => remembered)
  }

  all(): Edit[] {
    const blocks = blocksOf(this.#lab)
    const sites = this.#runs[0]!.order.flatMap((index) => this.#sitesOf(blocks[index]!, index))
    return sites.flatMap((site) => this.#edit(site))
  }

  #sitesOf(block: Block, index: number): Site[] {
    const { markup, prefix } = fenceOf(block, this.#lab)
    const place = { form: block.form, markup }
    const results = this.#runs.map(({ blocks }) => blocks[index]!)
    if (block.expected) {
      const outputs = results.map(({ output }) => output)
      return [{ expected: block.expected, place, prefix, outputs, exit: undefined }]
    }
    return block.commands.flatMap(({ expected, exit }, command) => {
      const own = results.map(({ commands }) => commands[command])
      // The commands of a background block have one output together.
      if (!expected || own.some((result) => !result) || (block.background && block.commands.length > 1)) return []
      const outputs = own.map((result) => result!.output)
      return [{ expected, place, prefix, outputs, exit: exit === 'any' ? undefined : (own[0]!.exit ?? undefined) }]
    })
  }

  #edit({ expected, place, prefix, outputs, exit }: Site): Edit[] {
    const { lines } = expected
    const isStatus = (line: string) => place.form === 'console' && statusIn(line) !== undefined
    // Empty lines and the status at the end belong to the layout.
    const end = lines.findLastIndex((line) => line.trim() !== '' && !isStatus(line)) + 1
    const indexes = [...lines.keys()].slice(0, end).filter((index) => !isStatus(lines[index]!))
    const observed = {
      outputs,
      known: this.#known,
      place,
      surroundings: { said: this.#said, alone: outputs.length < 2 },
    }
    const old = indexes.map((index) => lines[index]!)
    const rewritten = rewriteExpected(old, observed)
    this.#remember(rewritten, old, outputs)
    const isSame = rewritten.length === old.length && rewritten.every((line, index) => line === index)
    // As long as the text stays, so does a status in the middle of it.
    const text: Line[] = isSame
      ? [...lines.keys()].slice(0, end)
      : rewritten.map((line) => (typeof line === 'number' ? indexes[line]! : line))
    const layout = [...lines.keys()].slice(end)
    const strays = isSame ? [] : [...lines.keys()].slice(0, end).filter((index) => isStatus(lines[index]!))
    const wanted = withStatus([...text, ...strays, ...layout], lines, exit)
    if (wanted.length === lines.length && wanted.every((line, index) => line === index)) return []
    const from = expected.line - 1
    const placed = wanted.map((line) => (typeof line === 'number' ? from + line : `${prefix}${line}`.trimEnd()))
    return [{ from, to: from + lines.length, lines: placed }]
  }

  #remember(lines: readonly Line[], old: readonly string[], outputs: readonly string[]): void {
    const text = lines.map((line) => (typeof line === 'number' ? old[line]! : line)).join('\n')
    for (const [run, output] of outputs.entries()) {
      this.#known[run] = matchExpected(compileExpected(text).pattern, output, this.#known[run]).remembered
    }
  }
}

/** The status that the transcript tells is the one that was seen; where there is none, the command must end with 0. */
function withStatus(wanted: readonly Line[], lines: readonly string[], exit: number | undefined): Line[] {
  return wanted.flatMap((line) => {
    const told = typeof line === 'number' ? statusIn(lines[line]!) : undefined
    if (told === undefined || exit === undefined || told === exit) return [line]
    return exit === 0 ? [] : [`[exit ${exit}]`]
  })
}

/** The backticks of the fence around the expected text, and what stands before each line: blanks of a list, a `>`. */
function fenceOf({ line, expected }: Block, { source }: Lab): { markup: string; prefix: string } {
  const fence = source[(expected ? expected.line - 1 : line) - 1] ?? ''
  const [, before = '', markup = '```'] = /^(.*?)(`{3,}|~{3,})/.exec(fence) ?? []
  return { markup, prefix: before.replace(/[-+*]|\d+[.)]/g, (mark) => ' '.repeat(mark.length)) }
}

/** Whether a console command says itself with which status it ends, so that the status is a part of what is expected. */
export function tellsStatus({ expected }: Command): boolean {
  return expected?.lines.some((line) => statusIn(line) !== undefined) ?? false
}
