import { DEFAULTS } from './attributes.ts'
import type { Block } from './lab.ts'

/** What an edition has where the lab has a solution. */
export const TASK_MARK = '<!-- task -->'

export function isTaskMark(html: string): boolean {
  return /^<!--\s*task\s*-->$/.test(html.trim())
}

/** A task whose solution the student does not have: a block with nothing to type. */
export function taskBlock(line: number): Block {
  const { exit: _, ...attributes } = DEFAULTS
  return { kind: 'block', line, form: 'sh', ...attributes, role: 'solution', commands: [], expected: undefined }
}
