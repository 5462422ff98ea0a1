import { readFileSync } from 'node:fs'
import { text as readAll } from 'node:stream/consumers'
import type { Note } from '../author/draft.ts'
import { composeUnrun, settle } from '../author/settle.ts'
import { failsAsRead } from '../author/transcript/fails-as-read.ts'
import { htmlToMarkdown, isHtml } from '../author/transcript/html.ts'
import { importDraft } from '../author/transcript/import-draft.ts'
import { checks } from '../checks/index.ts'
import { sanitize } from '../sanitize.ts'
import type { Surroundings } from '../surroundings.ts'
import { LabNotFound } from './labs.ts'
import { newLabFile, titleFrom, writeNew } from './new-file.ts'
import type { PlaceOptions } from './place.ts'
import { Where } from './where.ts'

export interface ImportOptions extends PlaceOptions {
  readonly output?: string
  readonly title?: string
  readonly world: 'isolated' | 'lan'
  readonly run: boolean
}

/** `labrun import`: 0 if the lab is written and proven, or was not to be run; 1 if something in it does not work. */
export async function importLab(source: string, options: ImportOptions, { signal }: Surroundings): Promise<number> {
  const file = options.output === undefined ? undefined : newLabFile(options.output)
  const name = source === '-' ? 'standard input' : source
  const given = await read(source)
  const text = isHtml(given) ? htmlToMarkdown(given) : given
  const fallback = titleFrom(file ?? (source === '-' ? 'transcript' : source))
  const { draft, notes } = importDraft(text, { world: options.world, title: options.title, fallback })
  const tell = (all: readonly Note[]) => {
    for (const note of all)
      process.stderr.write(`${note.line > 0 ? `${name}:${note.line}` : name}: ${sanitize(note.text)}\n`)
  }
  tell(notes)
  const write = (lab: string) => (file ? writeNew(file, lab) : void process.stdout.write(lab))
  const isEmpty = !draft.sections.some(({ items }) => items.some(({ kind }) => kind === 'command'))
  if (isEmpty) process.stderr.write(`${name}: no command was found\n`)
  if (isEmpty || !options.run) {
    write(composeUnrun(draft, isEmpty ? EMPTY : UNRUN, checks))
    return isEmpty ? 1 : 0
  }
  const where = new Where(options, signal)
  const choices = { openWorld: where.openWorld, machine: where.machine, kinds: checks, before: [], signal }
  const settled = await settle(draft, file ?? 'imported.md', {
    ...choices,
    remark: REMARK,
    remarkUnrun: UNRUN,
    mayFail: failsAsRead,
  })
  await where.close()
  if (signal.aborted) return 2
  tell(settled.notes)
  const { verification } = settled
  write(settled.text)
  const lab = file ?? 'the lab'
  if (verification?.status === 'passed') {
    process.stderr.write(`✓ ${lab} is proven: ${verification.steps} steps, ${verification.proven} checks\n`)
    return 0
  }
  process.stderr.write(`! ${lab} is written, but does not work yet: \`labrun verify\` shows what is missing\n`)
  return 1
}

async function read(source: string): Promise<string> {
  try {
    return source === '-' ? await readAll(process.stdin) : readFileSync(source, 'utf8')
  } catch (error) {
    throw new LabNotFound(`cannot read ${source}: ${(error as Error).message}`)
  }
}

const NEXT = `What is still to do: begin with a question, say what the output means, give each check that
somebody may fail a \`why\`, and take out what does not belong here.`
const REMARK = `Imported with labrun. The output and the checks are from real runs.\n${NEXT}`
const UNRUN = `Imported with labrun and not run: the output is that of the text.\n${NEXT}`
const EMPTY = 'Imported with labrun, which found no command.'
