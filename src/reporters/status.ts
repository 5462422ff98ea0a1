import { painter } from '../paint.ts'
import type { Status } from '../run/results.ts'
import type { Sink } from './reporter.ts'

const SIGNS: Readonly<Record<Status, string>> = { passed: '✓', failed: '✗', error: '!', blocked: '⊘', skipped: '-' }
const WORDS: Readonly<Record<Status, string>> = {
  passed: 'Passed:',
  failed: 'Failed:',
  error: 'Could not be found out:',
  blocked: 'Blocked:',
  skipped: 'Skipped:',
}

/** The sign of a status in its colour; a word with `plain`. */
export function statusMark(status: Status, sink: Pick<Sink, 'colour' | 'plain'>): string {
  return inStatusColour(status, (sink.plain ? WORDS : SIGNS)[status], sink)
}

/** A text in the colour of a status. */
export function inStatusColour(status: Status, text: string, { colour }: Pick<Sink, 'colour'>): string {
  const { good, bad, warn, dim } = painter(colour)
  return { passed: good, failed: bad, error: warn, blocked: warn, skipped: dim }[status](text)
}
