import type { Block, CheckItem, Item, Step } from '../../lab/lab.ts'

/** What a student does in one go: some commands, and the checks after them. */
export interface Stage {
  readonly items: readonly Item[]
  readonly blocks: readonly Block[]
  readonly checks: readonly CheckItem[]
}

/** The stage that begins with a block of a step: up to the next block after checks, or one that runs in the background. */
export function stageFrom(step: Step, first: Item): Stage {
  const rest = step.items.slice(step.items.indexOf(first))
  const end = rest.findIndex((item, index) => {
    if (item.kind !== 'block' || item.role === 'setup' || index === 0) return false
    return item.background || rest.slice(0, index).some(({ kind }) => kind === 'check')
  })
  const items = (end < 0 ? rest : rest.slice(0, end)).filter((item) => item.kind !== 'block' || item.role !== 'setup')
  return {
    items,
    blocks: items.filter((item) => item.kind === 'block'),
    checks: items.filter((item) => item.kind === 'check'),
  }
}
