import type { Chained } from '../guide/journal.ts'
import type { Lab } from '../lab/lab.ts'
import type { Work, WorkAnswer, WorkCommand, WorkStep } from './work.ts'

/** What is kept of a student's progress, as far as it says what was done. */
export interface Kept {
  /** How many of the lab's commands were decided on, in order; those in `left` were not run. */
  readonly done: number
  readonly left: readonly number[]
  readonly typed: readonly {
    /** Undefined in what the first labruns kept: the step of the command before which it was typed. */
    readonly step?: string
    readonly before: number
    readonly terminal: string
    readonly text: string
  }[]
  readonly answers?: readonly {
    readonly step: string
    readonly line: number
    readonly ask: string
    readonly text: string
  }[]
}

/**
 * What a student did, step by step. The progress says what counts, because what was taken back is not in it; the journal
 * says how each command ended and when.
 */
export function gatherWork(lab: Lab, kept: Kept, journal: readonly Chained[]): Work {
  const numbered = commandsOf(lab)
  const lookUp = new LookUp(journal)
  const places = [...ranOf(numbered, kept), ...typedOf(lab, numbered, kept)]
  // The latest first, because of equal commands it is the latest entries that count.
  const inOrder = places.toSorted((a, b) => a.at - b.at)
  const found = inOrder
    .toReversed()
    .map((place) => ({ step: place.step, command: lookUp.command(place) }))
    .toReversed()
  const answers = kept.answers ?? lookUp.answers()
  const steps = lab.steps.map(
    ({ id }): WorkStep => ({
      id,
      commands: found.filter(({ step }) => step === id).map(({ command }) => command),
      answers: answers.filter(({ step, text }) => step === id && text !== '').map(plainAnswer),
    }),
  )
  return { steps: steps.filter(({ commands, answers }) => commands.length + answers.length > 0) }
}

/** The same from the journal alone, for want of the progress, or to see whether both fit. Without the commands' places. */
export function workOfJournal({ steps }: Pick<Lab, 'steps'>, journal: readonly Chained[]): Work {
  const indexOf = (id: string) => steps.findIndex((step) => step.id === id)
  const done = new Map<string, { commands: WorkCommand[]; answers: Map<number, WorkAnswer> }>()
  for (const entry of journal) {
    if (entry.type === 'start') done.clear()
    else if (entry.type === 'back' || entry.type === 'reset') {
      for (const id of done.keys()) if (indexOf(id) >= indexOf(entry.step)) done.delete(id)
    } else if (entry.type === 'command' || entry.type === 'answer') {
      const step = done.get(entry.step) ?? { commands: [] as WorkCommand[], answers: new Map<number, WorkAnswer>() }
      done.set(entry.step, step)
      if (entry.type === 'command') step.commands.push(plainCommand(entry))
      else step.answers.set(entry.line, plainAnswer(entry))
    }
  }
  const all = [...done].map(([id, { commands, answers }]) => {
    return { id, commands, answers: [...answers.values()].filter(({ text }) => text !== '') }
  })
  return { steps: all.toSorted((a, b) => indexOf(a.id) - indexOf(b.id)) }
}

interface Numbered {
  readonly step: string
  readonly terminal: string
  readonly text: string | undefined
}

interface Place {
  readonly step: string
  readonly terminal: string
  readonly text: string
  readonly from: 'lab' | 'student'
  /** What is typed before a command of the lab stands half a place before it. */
  readonly at: number
}

/** The commands that a student decides on. The task of an edition counts as one that has no text. */
function commandsOf({ steps }: Lab): Numbered[] {
  return steps.flatMap(({ id, items }) =>
    items.flatMap((item): Numbered[] => {
      if (item.kind !== 'block' || item.role === 'setup' || item.background) return []
      const { terminal, commands } = item
      if (commands.length === 0) return [{ step: id, terminal, text: undefined }]
      return commands.map(({ text }) => ({ step: id, terminal, text }))
    }),
  )
}

function ranOf(numbered: readonly Numbered[], { done, left }: Kept): Place[] {
  return numbered.flatMap(({ step, terminal, text }, at) =>
    at < done && text !== undefined && !left.includes(at) ? [{ step, terminal, text, from: 'lab' as const, at }] : [],
  )
}

function typedOf({ steps }: Lab, numbered: readonly Numbered[], { typed }: Kept): Place[] {
  return typed.map(({ step, before, terminal, text }) => {
    const own = step ?? numbered[before]?.step ?? steps.at(-1)?.id ?? ''
    return { step: own, terminal, text, from: 'student', at: before - 0.5 }
  })
}

/** Finds in the journal what was done, each entry once. */
class LookUp {
  readonly #journal: readonly Chained[]
  readonly #commands: Extract<Chained, { type: 'command' }>[]

  constructor(journal: readonly Chained[]) {
    // What was done before the lab was begun anew is of no concern.
    this.#journal = journal.slice(journal.findLastIndex(({ type }) => type === 'start') + 1)
    this.#commands = this.#journal.filter((entry) => entry.type === 'command')
  }

  command({ step, terminal, text, from }: Place): WorkCommand {
    const at = this.#commands.findLastIndex(
      (entry) => entry.step === step && entry.terminal === terminal && entry.text === text && entry.from === from,
    )
    if (at < 0) return { terminal, text, exit: null, at: null }
    const [entry] = this.#commands.splice(at, 1)
    return plainCommand(entry!)
  }

  /** The last one to each question. */
  answers() {
    const entries = this.#journal.filter((entry) => entry.type === 'answer')
    return [...new Map(entries.map((entry) => [`${entry.step}:${entry.line}`, entry])).values()]
  }
}

function plainCommand({ terminal, text, exit, at }: Extract<Chained, { type: 'command' }>): WorkCommand {
  return { terminal, text, exit: exit !== null && exit >= 0 && exit <= 255 ? exit : null, at }
}

function plainAnswer({ line, ask, text }: WorkAnswer): WorkAnswer {
  return { line, ask, text }
}
