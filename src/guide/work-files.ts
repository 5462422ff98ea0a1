import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stateFolder, stateName } from '../state.ts'

/** What a student does is kept of a lab with the values that it has for this student. */
export interface Which {
  readonly id: string
  readonly file: string
  readonly values?: Readonly<Record<string, unknown>>
}

/** The file of the progress, or of the journal, in a lab with these values. */
export function workFile(kind: 'progress' | 'journal', { values = {}, ...lab }: Which): string {
  const name = stateName(lab).replace(/\.json$/, '')
  const filled = JSON.stringify(values)
  // No name of a lab has an @.
  const own = filled === '{}' ? '' : `@${createHash('sha256').update(filled).digest('hex').slice(0, 8)}`
  return stateFolder(kind, `${name}${own}.json${kind === 'journal' ? 'l' : ''}`)
}

/** All files of progress in a lab, whatever its values were; those that were put aside for a new beginning come first. */
export function allProgressFiles({ id, file }: Which): string[] {
  const folder = stateFolder('progress')
  const plain = stateName({ id, file }).replace(/\.json$/, '')
  const isOfLab = (name: string) =>
    name.startsWith(plain) && /^(@\w+)?\.json(\.before-\d+)?$/.test(name.slice(plain.length))
  try {
    const names = readdirSync(folder).filter(isOfLab).toSorted()
    return [...names.filter(isBefore), ...names.filter((name) => !isBefore(name))].map((name) => join(folder, name))
  } catch {
    return []
  }
}

/** The files of progress in a lab with these values that were put aside for a new beginning, the oldest first. */
export function filesBefore(lab: Which): string[] {
  const current = workFile('progress', lab)
  return allProgressFiles(lab).filter((file) => isBefore(file) && file.startsWith(`${current}.`))
}

/** The first labruns kept a lab in one place, whatever its values were: what is kept there gets the place of its own. */
export function moveToOwnPlace(lab: Which): void {
  const { id, file } = lab
  for (const kind of ['progress', 'journal'] as const) {
    const [from, to] = [workFile(kind, { id, file }), workFile(kind, lab)]
    if (existsSync(to) || !existsSync(from)) continue
    mkdirSync(dirname(to), { recursive: true, mode: 0o700 })
    renameSync(from, to)
  }
}

/** Whether it was put aside for a new beginning. */
export function isBefore(name: string): boolean {
  return /\.before-\d+$/.test(name)
}
