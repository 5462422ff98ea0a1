import { existsSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { OutputError } from './sinks.ts'

/** The file for a new lab; throws OutputError where it could not be written or is there already. */
export function newLabFile(name: string): string {
  const file = name.endsWith('.md') ? name : `${name}.md`
  if (!/^[\w][\w.-]*\.md$/.test(basename(file)))
    throw new OutputError(
      `${file} is no name for a lab\n  use letters, digits, \`-\` and \`_\`: the file's name is the lab's id`,
    )
  refuseToOverwrite(file)
  const folder = dirname(file)
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new OutputError(`there is no folder ${folder}\n  make it first: mkdir -p ${folder}`)
  return file
}

/** Throws OutputError where there is something already. */
export function refuseToOverwrite(file: string): void {
  if (existsSync(file)) throw new OutputError(`${file} is there already, and is not overwritten\n  choose another name`)
}

/** Writes a file that must not be there yet. */
export function writeNew(file: string, text: string): void {
  try {
    writeFileSync(file, text, { flag: 'wx' })
  } catch (error) {
    throw new OutputError(`cannot write ${file}: ${(error as Error).message}`)
  }
}

/** `02-my-first_lab.md`: My first lab. */
export function titleFrom(file: string): string {
  const words = basename(file)
    .replace(/\.\w+$/, '')
    .replace(/^\d+[-_]/, '')
    .replace(/[-_]+/g, ' ')
    .trim()
  return words === '' ? 'A lab' : words[0]!.toUpperCase() + words.slice(1)
}
