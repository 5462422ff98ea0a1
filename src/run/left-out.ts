import { type BlockResult, type CheckResult, worst } from './results.ts'

/**
 * What counts of a step's blocks. Where its checks say that the aim was reached, the commands that the student left out
 * were not needed: a task that was solved in another way is solved. Without a check nobody knows, and all of them count.
 */
export function countedBlocks(blocks: readonly BlockResult[], checks: readonly CheckResult[]): readonly BlockResult[] {
  const reached = checks.length > 0 && checks.every(({ status }) => status === 'passed')
  return reached ? blocks.flatMap(withoutLeftOut) : blocks
}

function withoutLeftOut(block: BlockResult): BlockResult[] {
  const commands = block.commands.filter(({ leftOut }) => !leftOut)
  if (commands.length === block.commands.length) return [block]
  if (commands.length === 0) return []
  // The output of a part of the commands was compared with nothing.
  return [{ ...block, commands, outputStatus: null, status: worst(commands.map(({ status }) => status)) }]
}
