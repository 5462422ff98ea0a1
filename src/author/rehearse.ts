import type { Lab } from '../lab/lab.ts'
import type { CommandResult } from '../run/results.ts'
import {
  commandsOf,
  type Draft,
  type DraftCommand,
  type DraftSection,
  type Note,
  nameOf,
  type Proposal,
} from './draft.ts'
import { type Facts, readFacts, settingsIn } from './facts.ts'
import { type ObserveChoices, observeTwice } from './observe.ts'
import { proposeChecks } from './propose.ts'
import { liveCommands, readable, replaced } from './readable.ts'

/** What the commands of a draft did when they were typed again in two fresh worlds. */
export interface Rehearsal {
  /** The draft without what cannot be in a lab. */
  readonly draft: Draft
  /** One result for each world. */
  readonly results: ReadonlyMap<DraftCommand, readonly CommandResult[]>
  readonly proposals: ReadonlyMap<DraftSection, readonly Proposal[]>
  readonly notes: readonly Note[]
  /** Commands that are only shown. */
  readonly left: ReadonlySet<DraftCommand>
  /** Why no world could be had; then there are no results. */
  readonly trouble: string | undefined
}

/** Each time, at least one command or text is taken out. */
const MOST_ROUNDS = 20

/** Types the commands of a draft in two fresh worlds, and looks at what they change. */
export async function rehearse(given: Draft, choices: ObserveChoices): Promise<Rehearsal> {
  const notes: Note[] = []
  const left = new Set<DraftCommand>()
  let draft = given
  for (let round = 1; ; round++) {
    const parsed = readable(draft, left, notes, choices.kinds)
    draft = parsed.draft
    const empty = { draft, results: new Map(), proposals: new Map(), notes, left, trouble: undefined }
    if (!parsed.lab) return empty
    const seen = await typeTwice(draft, parsed.lab, left, choices)
    if (typeof seen === 'string') return { ...empty, trouble: seen }
    const useless = round < MOST_ROUNDS ? endless(seen.results) : []
    for (const { command, text } of useless) {
      if (isExit(command)) draft = replaced(draft, command, undefined)
      else left.add(command)
      notes.push({ line: command.line, text })
    }
    if (useless.length === 0 || choices.signal.aborted) return { draft, ...seen, notes, left, trouble: undefined }
  }
}

type Seen = Pick<Rehearsal, 'results' | 'proposals'>

/** What came of it, or why there was no world. */
async function typeTwice(
  draft: Draft,
  lab: Lab,
  left: ReadonlySet<DraftCommand>,
  choices: ObserveChoices,
): Promise<Seen | string> {
  const sections = draft.sections.filter((section) => liveCommands(section, left).length > 0)
  const settings = settingsIn(sections.flatMap((section) => commandsOf(section).map(({ text }) => text)).join('\n'))
  const before = [new Map<string, Facts>(), new Map<string, Facts>()]
  const after = [new Map<string, Facts>(), new Map<string, Facts>()]
  const runs = await observeTwice(lab, choices, (run) => ({
    withChecks: false,
    afterSetup: async ({ id }, { world }) => void before[run]!.set(id, await readFacts(world, settings)),
    afterStep: async ({ id }, { world }) => void after[run]!.set(id, await readFacts(world, settings)),
  }))
  const trouble = runs.find(({ result }) => result.trouble)?.result.trouble
  if (trouble) return trouble
  const commands = sections.flatMap((section) => liveCommands(section, left))
  const results = new Map(
    commands.map((command, index) => [command, runs.map(({ blocks }) => blocks[index]!.commands[0]!)]),
  )
  const proposals = new Map(
    sections.map((section, index) => {
      const { id } = lab.steps[index]!
      const done = liveCommands(section, left).filter((command) =>
        results.get(command)!.every(({ exit }) => exit === 0),
      )
      const each = [0, 1].map((run) => {
        const [then, now] = [before[run]!.get(id), after[run]!.get(id)]
        return then && now ? proposeChecks(then, now, done) : []
      })
      return [section, inAll(each)]
    }),
  )
  return { results, proposals }
}

/** What is another thing in another world is no fact about the lab. */
function inAll([first = [], ...others]: readonly (readonly Proposal[])[]): Proposal[] {
  const texts = others.map((list) => list.map((proposal) => JSON.stringify(proposal)))
  return first.filter((proposal) => texts.every((list) => list.includes(JSON.stringify(proposal))))
}

/** The last word of a session says nothing to a reader. */
function isExit({ text }: DraftCommand): boolean {
  return /^\s*(?:exit|logout)(?:\s+\d+)?\s*$/.test(text)
}

/** Commands after which nothing else can be typed as it was meant. */
function endless(results: Seen['results']): { command: DraftCommand; text: string }[] {
  for (const [command, all] of results) {
    const name = nameOf(command)
    if (all.some(({ shellEnded, exit }) => shellEnded && exit !== null))
      return [
        { command, text: `${name} is ${isExit(command) ? 'left out' : 'only shown'}: it ends the terminal's shell` },
      ]
    if (all.some(({ exit }) => exit === null))
      return [{ command, text: `${name} is only shown: it does not end by itself` }]
  }
  return []
}
