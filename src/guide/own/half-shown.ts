import type { CheckItem } from '../../lab/lab.ts'
import type { Keeper } from '../keeper.ts'
import type { Notice } from './notice.ts'
import type { Stage } from './stage.ts'

/**
 * Whether commands of a stage were run one by one, and are watched by a check that does not hold yet: what is typed in a shell of the
 * student's own is watched from there on.
 */
export function isHalfShown(
  stage: Stage | undefined,
  notice: Notice | undefined,
  { progress, numbers }: Keeper,
): boolean {
  const holds = ({ line, column }: CheckItem) =>
    progress.checks.some((one) => one.line === line && one.column === column && one.status === 'passed')
  const commands = stage?.blocks.flatMap((block) => block.commands) ?? []
  const wereRun = commands.some((command) => String(numbers.of(command)) in progress.ends)
  return wereRun && notice !== undefined && !notice.watching.every(holds)
}
