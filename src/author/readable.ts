import type { CheckKind } from '../lab/check-block.ts'
import type { Lab } from '../lab/lab.ts'
import { parseLab } from '../lab/parse.ts'
import type { Problem } from '../lab/problem.ts'
import { type Composed, compose, type Plan, type Told } from './compose.ts'
import {
  commandsOf,
  type Draft,
  type DraftCommand,
  type DraftItem,
  type DraftProse,
  type DraftSection,
  type Note,
  nameOf,
} from './draft.ts'
import { blocksOf } from './observe.ts'

/** For a command of which nobody knows how long it takes. */
const PATIENCE = '10s'

/**
 * Takes out what labrun cannot read (commands go to `left`), until it can read the rest. The lab has a block for each
 * command, whatever its status; there is none if no command is left.
 */
export function readable(
  given: Draft,
  left: Set<DraftCommand>,
  notes: Note[],
  kinds: ReadonlyMap<string, CheckKind>,
): { draft: Draft; lab: Lab | undefined } {
  const told = (command: DraftCommand): Told =>
    left.has(command) ? { form: 'text' } : { form: 'open', timeout: PATIENCE }
  const plan: Plan = { told, checks: () => [], remark: undefined }
  let draft = given
  for (;;) {
    const sections = draft.sections.filter((section) => liveCommands(section, left).length > 0)
    if (sections.length === 0) return { draft, lab: undefined }
    const composed = compose(draft, plan)
    const { lab, problems } = parseLab(composed.text, 'draft.md', kinds)
    const [problem] = problems
    const live = sections.flatMap((section) => liveCommands(section, left)).length
    if (lab && !problem && lab.steps.length === sections.length && blocksOf(lab).length === live) return { draft, lab }
    const item = culprit(draft, composed, problem)
    if (!item) throw new Error(`a draft that is not understood: ${problem?.message}\n${composed.text}`)
    if (item.kind === 'command') {
      left.add(item)
      notes.push({
        line: item.line,
        text: `${nameOf(item)} is only shown: ${problem?.message ?? 'it is not understood'}`,
      })
    } else draft = replaced(draft, item, { kind: 'text', text: item.markdown })
  }
}

/** What is said of a command itself; all else comes of what stands before it. */
const ABOUT_COMMANDS = ['unfinished-command', 'empty-block', 'bad-terminal', 'bad-pattern', 'transcript-start']

function culprit(
  draft: Draft,
  { places }: Composed,
  problem: Problem | undefined,
): Exclude<DraftItem, { kind: 'text' }> | undefined {
  const at = problem && places.find(({ from, to }) => from <= problem.line && problem.line <= to)?.item
  const item = at?.kind === 'text' ? undefined : at
  if (item?.kind === 'command' && ABOUT_COMMANDS.includes(problem!.code)) return item
  return (item?.kind === 'prose' ? item : undefined) ?? strayProse(draft) ?? item
}

/** Prose whose HTML or headings take what follows with them. */
function strayProse({ intro, sections }: Draft): DraftProse | undefined {
  const all = [...intro, ...sections.flatMap(({ items }) => items)].filter((item) => item.kind === 'prose')
  return all.find(({ markdown }) => /<[a-z!?/]|^ {0,3}(?:#|=+$|-+$)/im.test(markdown)) ?? all[0]
}

/** The draft with another part in place of one, or none. */
export function replaced(draft: Draft, old: DraftItem, item: DraftItem | undefined): Draft {
  const swap = (items: readonly DraftItem[]) =>
    items.includes(old) ? items.flatMap((one) => (one === old ? (item ?? []) : one)) : items
  const sections = draft.sections.map((section) => {
    const items = swap(section.items)
    return items === section.items ? section : { ...section, items }
  })
  return { ...draft, intro: swap(draft.intro), sections }
}

/** Those that are commands of the lab, and not only shown. */
export function liveCommands(section: DraftSection, left: ReadonlySet<DraftCommand>): DraftCommand[] {
  return commandsOf(section).filter((command) => !left.has(command))
}
