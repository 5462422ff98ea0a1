import type { CommandResult } from '../../run/results.ts'
import type { DraftCommand } from '../draft.ts'
import { featuresOf, inCommon, tokensOf } from '../output/tokens.ts'

/** Below this share of the same words, an output is not that of the transcript. */
const ALIKE = 0.4

/** A command that fails is as it was meant if the transcript shows about the same message. */
export function failsAsRead({ printed }: DraftCommand, { output }: CommandResult): boolean {
  if (printed === undefined) return false
  const [there, here] = [printed, output].map((text) => text.trim().split('\n').slice(0, 3).join(' ')) as [
    string,
    string,
  ]
  if (there === here) return true
  const [a, b] = [there, here].map((text) => featuresOf(tokensOf(text))) as [string[], string[]]
  return inCommon(a, b) / Math.max(1, Math.min(a.length, b.length)) >= ALIKE
}
