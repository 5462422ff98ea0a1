import { compileExpected, matchExpected } from '../lab/expected.ts'
import type { CheckItem, Lab } from '../lab/lab.ts'
import { parseLab } from '../lab/parse.ts'
import { LabError } from '../lab/problem.ts'
import type { Machine } from '../machine/machine.ts'
import type { CommandResult } from '../run/results.ts'
import { type Verification, verifyLab } from '../verify/verify-lab.ts'
import { compose, type Plan, type Told } from './compose.ts'
import {
  commandsOf,
  type Draft,
  type DraftCommand,
  type DraftSection,
  type Note,
  nameOf,
  type Proposal,
} from './draft.ts'
import { blocksOf, type ObserveChoices } from './observe.ts'
import { expectedText } from './output/rewrite-expected.ts'
import { readable } from './readable.ts'
import { type Rehearsal, rehearse } from './rehearse.ts'

/** A lab made of a draft. */
export interface Settled {
  readonly text: string
  /** Its last proof; undefined if it could not be run. */
  readonly verification: Verification | undefined
  readonly notes: readonly Note[]
}

export interface SettleChoices extends ObserveChoices {
  /** Where its worlds are. */
  readonly machine: () => Promise<Machine>
  /** For the author, in a comment at the top. */
  readonly remark: string
  /** The same, if it could not be run. */
  readonly remarkUnrun: string
  /** Whether a command that fails is as it was meant: then its status is told, otherwise the lab is left to fail. */
  readonly mayFail: (command: DraftCommand, result: CommandResult) => boolean
}

const MOST_ROUNDS = 6

/**
 * Makes a lab of a draft: types its commands in fresh worlds, writes down what they print, proposes checks of what they
 * change, and proves it all; what is not proven is dropped.
 */
export async function settle(given: Draft, file: string, choices: SettleChoices): Promise<Settled> {
  const rehearsal = await rehearse(given, choices)
  const { draft, trouble } = rehearsal
  const plan = new SettledPlan(rehearsal, choices)
  const notes = [...rehearsal.notes, ...plan.notes]
  if (rehearsal.results.size === 0 || choices.signal.aborted) {
    if (trouble) notes.push({ line: 0, text: `not run: ${trouble}` })
    return { text: composeUnrun(draft, choices.remarkUnrun, choices.kinds), verification: undefined, notes }
  }
  for (let round = 1; ; round++) {
    const { text } = compose(draft, plan)
    const lab = parsed(text, file, choices)
    const verification = await verifyLab(lab, { ...choices, emit: () => {} })
    const changed = plan.learn(lab, draft, verification)
    if (!changed || round === MOST_ROUNDS || choices.signal.aborted) return { text, verification, notes }
  }
}

/** A lab of a draft that was not run: with the output that was read, where there is any. */
export function composeUnrun(given: Draft, remark: string, kinds: ObserveChoices['kinds']): string {
  const left = new Set<DraftCommand>()
  const { draft } = readable(given, left, [], kinds)
  const nothing = { results: new Map(), proposals: new Map(), notes: [], trouble: undefined }
  return compose(draft, new SettledPlan({ draft, left, ...nothing }, { remark, mayFail: () => true })).text
}

class SettledPlan implements Plan {
  readonly remark: string
  readonly notes: Note[] = []
  readonly #told = new Map<DraftCommand, Told>()
  readonly #results: Map<DraftCommand, readonly CommandResult[]>
  readonly #checks: Map<DraftSection, readonly Proposal[]>
  readonly #said: string
  readonly #left: ReadonlySet<DraftCommand>
  readonly #unexpected = new Set<DraftCommand>()

  constructor(rehearsal: Rehearsal, { remark, mayFail }: Pick<SettleChoices, 'remark' | 'mayFail'>) {
    const { draft, results, proposals, left } = rehearsal
    this.#left = left
    this.remark = remark
    this.#results = new Map(results)
    this.#checks = new Map(proposals)
    const commands = draft.sections.flatMap(commandsOf)
    this.#said = commands.map(({ text }) => text).join('\n')
    for (const command of commands) {
      const [first, second] = results.get(command) ?? []
      if (second && first!.exit !== second.exit) this.#noteUncertain(command, first!.exit, second.exit)
      if (!first || first.exit === 0 || mayFail(command, first)) continue
      this.#unexpected.add(command)
      const last = first.output.trim().split('\n').at(-1)
      this.notes.push({
        line: command.line,
        text: `${nameOf(command)} ended with status ${first.exit}${last ? `: ${last}` : ''}`,
      })
    }
  }

  told(command: DraftCommand): Told {
    const told = this.#told.get(command) ?? this.#tell(command)
    this.#told.set(command, told)
    return told
  }

  checks(section: DraftSection): readonly Proposal[] {
    return this.#checks.get(section) ?? []
  }

  /** Drops what the proof has doubted, and takes what was printed this time into account; false if there was nothing. */
  learn(lab: Lab, draft: Draft, { run, doubts }: Verification): boolean {
    let changed = false
    const results = run.steps.flatMap(({ checks }) => checks)
    const isProven = ({ line, column }: CheckItem) =>
      !doubts.some((doubt) => doubt.line === line) &&
      results.find((one) => one.line === line && one.column === column)?.status === 'passed'
    const steps = draft.sections.filter((section) => commandsOf(section).some((one) => this.told(one).form !== 'text'))
    for (const [index, section] of steps.entries()) {
      const items = lab.steps[index]!.items.filter((item) => item.kind === 'check')
      const kept = this.checks(section).filter((_, at) => isProven(items[at]!))
      changed ||= kept.length < this.checks(section).length
      this.#checks.set(section, kept)
    }
    const typed = blocksOf(lab).flatMap(
      ({ line }) => run.steps.flatMap(({ blocks }) => blocks).find((one) => one.line === line)!.commands,
    )
    const live = draft.sections.flatMap(commandsOf).filter((command) => this.told(command).form !== 'text')
    for (const [index, command] of live.entries()) {
      const result = typed[index]!
      if (result.status !== 'failed' || result.exit === null || this.#unexpected.has(command)) continue
      this.#results.set(command, [...(this.#results.get(command) ?? []), result])
      this.#told.delete(command)
      changed = true
    }
    return changed
  }

  #noteUncertain(command: DraftCommand, ...exits: readonly (number | null)[]): void {
    const text = `${nameOf(command)} ended with status ${exits.join(' and ')} in two runs: let it wait for what it needs`
    this.notes.push({ line: command.line, text })
  }

  #tell(command: DraftCommand): Told {
    const results = this.#results.get(command)
    if (this.#left.has(command)) return { form: 'text' }
    if (!results || this.#unexpected.has(command)) return this.#asRead(command)
    const [exit = 0, ...others] = results.map((result) => result.exit ?? 0)
    if (others.some((other) => other !== exit)) return { form: 'open' }
    const outputs = results.map(({ output }) => output)
    if (outputs.some((output) => MISSING.test(output))) return exit === 0 ? { form: 'sh' } : { form: 'open' }
    return this.#console(outputs, exit, false)
  }

  /** What it printed where it was read; without that, nothing is said of it. */
  #asRead({ printed }: DraftCommand): Told {
    return printed === undefined ? { form: 'sh' } : this.#console([printed], 0, true)
  }

  #console(outputs: readonly string[], exit: number, alone: boolean): Told {
    const known = outputs.map(() => new Map<string, string>())
    const surroundings = { said: this.#said, alone }
    const output = expectedText({ outputs, known, place: { form: 'console', markup: '```' }, surroundings })
    if (output.length === 0 && exit === 0) return { form: 'sh' }
    return { form: 'console', output: shortened(output, outputs), exit }
  }
}

/** What an output has in it that was too long to be kept. */
const MISSING = /\[… \d+ characters of output not kept …\]/
const LONGEST = 40

/** Nobody reads more in a lesson. */
function shortened(lines: readonly string[], outputs: readonly string[]): readonly string[] {
  if (lines.length <= LONGEST) return lines
  const short = [...lines.slice(0, LONGEST / 2), '...', ...lines.slice(-LONGEST / 4)]
  const { pattern } = compileExpected(short.join('\n'))
  return outputs.every((output) => matchExpected(pattern, output).matched) ? short : lines
}

function parsed(text: string, file: string, { kinds }: ObserveChoices): Lab {
  const { lab, problems, source } = parseLab(text, file, kinds)
  if (!lab || problems.length > 0) throw new LabError(problems, source)
  return lab
}
