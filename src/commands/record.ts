import type { Draft } from '../author/draft.ts'
import { LineAuthor } from '../author/line-author.ts'
import { draftOf, record as recordSession } from '../author/session.ts'
import { composeUnrun, settle } from '../author/settle.ts'
import { checks } from '../checks/index.ts'
import { findings } from '../reporters/describe.ts'
import type { Interruptible } from '../run/pace.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { newLabFile, titleFrom, writeNew } from './new-file.ts'
import type { PlaceOptions } from './place.ts'
import { Where } from './where.ts'

export interface RecordOptions extends PlaceOptions {
  readonly title?: string
  readonly world: 'isolated' | 'lan'
}

/** `labrun record`: 0 if the lab is written and proven, 1 if it is only written, 2 if there is nothing to write. */
export async function record(
  name: string,
  options: RecordOptions,
  { signal, onInterrupt }: Surroundings,
): Promise<number> {
  const file = newLabFile(name)
  const author = new LineAuthor(signal)
  let current = new AbortController()
  const interrupt = () => current.abort()
  const release = onInterrupt(interrupt)
  author.onInterrupt = interrupt
  const interruptible: Interruptible = async (work) => {
    current = new AbortController()
    return await work(AbortSignal.any([signal, current.signal]))
  }
  const { title, world } = options
  const where = new Where(options, signal)
  const { openWorld } = where
  author.greet(world)
  const sections = await recordSession(author, { world, kinds: checks, openWorld, signal, interruptible })
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
  const status = await finish(draft, file, { openWorld, machine: where.machine, kinds: checks, before: [], signal })
  await where.close()
  return status
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
