import { basename, resolve } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { checks } from '../checks/index.ts'
import { fullDigest } from '../exam/digest.ts'
import { makeEdition } from '../exam/edition.ts'
import { findLab, readText } from './labs.ts'
import { OutputError } from './sinks.ts'

/** `labrun edition LAB`: the student's text, to a file or to standard output. */
export function edition(name: string, { output }: { output?: string }): number {
  const file = findLab(name)
  const text = makeEdition(readText(file), file, checks)
  if (output === undefined) {
    process.stdout.write(text)
    return 0
  }
  if (resolve(output) === resolve(file))
    throw new OutputError(`the edition would be written over the lab ${file}\n  choose another folder for it`)
  if (basename(output) !== basename(file))
    throw new OutputError(
      `${output}: the edition of ${file} must be called ${basename(file)}, because the name of its file is the id of a lab\n  choose another folder for it`,
    )
  try {
    writeFileAtomic.sync(output, text)
  } catch (error) {
    throw new OutputError(`cannot write ${output}: ${(error as Error).message}`)
  }
  process.stdout.write(`${output}: the student’s edition of ${file}\n  digest ${fullDigest(text)}\n`)
  return 0
}
