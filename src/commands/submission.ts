import { basename, dirname, join } from 'node:path'
import { Trouble } from '../machine/trouble.ts'
import { printableJson } from '../sanitize.ts'
import { describeSubmission } from '../submission/describe.ts'
import { freeName, writeWhole } from '../submission/output.ts'
import { openSubmission, readSubmission } from '../submission/read.ts'
import { SubmissionRefused } from '../submission/refusal.ts'
import { pack } from '../submission/write.ts'
import { OutputError } from './sinks.ts'

/** `labrun submission show FILE`: 0 shown, 2 it is no submission. */
export async function showSubmission(file: string, { json = false }: { json?: boolean }): Promise<number> {
  const submission = await accepted(file, () => readSubmission(file))
  process.stdout.write(json ? `${printableJson(submission)}\n` : describeSubmission(submission, process.stdout.columns))
  return 0
}

export interface StripOptions {
  readonly journal?: boolean
  readonly advice?: boolean
  readonly output?: string
}

/** `labrun submission strip FILE`: writes one without some parts; the file that is there stays. */
export async function stripSubmission(file: string, options: StripOptions): Promise<number> {
  const { journal = false, advice = false } = options
  if (!journal && !advice)
    throw new Trouble('nothing-named', 'nothing was named that should be taken out', [
      'name one or both: --journal, --advice',
      'the work and the ticket cannot be taken out: without them there is nothing to grade',
    ])
  const { submission, texts } = await accepted(file, () => openSubmission(file))
  if (journal) texts.delete('journal.jsonl')
  if (advice) texts.delete('advice.json')
  const bytes = await pack(submission.manifest, Object.fromEntries(texts))
  const output = options.output ?? freeName(join(dirname(file), `${basename(file).replace(/\.zip$/i, '')}-stripped`))
  try {
    writeWhole(output, bytes)
  } catch (error) {
    throw new OutputError(`cannot write ${output}: ${(error as Error).message}`)
  }
  process.stdout.write(`${output} is written; ${file} is as it was\n`)
  return 0
}

async function accepted<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!(error instanceof SubmissionRefused)) throw error
    throw new Trouble(error.code, `${file} is not accepted as a submission: ${error.message}`, [
      'submissions are the zip files that `labrun submit` writes',
    ])
  }
}
