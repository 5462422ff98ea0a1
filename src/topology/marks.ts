import { painter } from '../paint.ts'
import type { Change } from './changes.ts'

/** What stands before a name in a picture that shows changes. */
export const MARKS: Readonly<Record<'new' | 'changed', string>> = { new: '+', changed: '~' }

/** A text in the colour of a kind of change. */
export function paintAs(kind: Change['kind'], text: string, colour: boolean): string {
  const { good, warn, bad } = painter(colour)
  return { new: good, changed: warn, gone: bad }[kind](text)
}
