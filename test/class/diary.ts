import { hashOf, type JournalEntry } from '../../src/guide/journal.ts'
import type { Work } from '../../src/submission/work.ts'

export interface DiaryOf {
  readonly lab: string
  readonly digest: string
  readonly pseudonym: string
  /** Milliseconds since 1970. */
  readonly begun: number
  /** Milliseconds between two commands. */
  readonly pause: number
}

/** The journal that labrun would have written of a work, with its chain of hashes, and the work with the times in it. */
export function diaryOf(
  work: Work,
  { lab, digest, pseudonym, begun, pause }: DiaryOf,
): { journal: string; work: Work } {
  const lines: string[] = []
  let [now, prev] = [begun, '']
  const write = (entry: JournalEntry): string => {
    const at = new Date(now).toISOString()
    const chained = { n: lines.length + 1, at, ...entry, prev }
    prev = hashOf(chained)
    lines.push(JSON.stringify({ ...chained, hash: prev }))
    return at
  }
  write({ type: 'start', lab, digest, ticket: pseudonym, version: '0.1.0' })
  const steps = work.steps.map((step) => {
    write({ type: 'step', step: step.id })
    const commands = step.commands.map((command, before) => {
      now += pause
      const { terminal, text, exit } = command
      return {
        ...command,
        at: write({ type: 'command', step: step.id, before, terminal, text, from: 'student', exit }),
      }
    })
    for (const answer of step.answers) {
      now += pause
      write({ type: 'answer', step: step.id, ...answer, right: null })
    }
    return { ...step, commands }
  })
  write({ type: 'finish' })
  return { journal: lines.map((line) => `${line}\n`).join(''), work: { steps } }
}

/** One entry has another text than the one that its hash was made of. */
export function forged(journal: string): string {
  return journal.replace(/"exit":0/, '"exit":1')
}
