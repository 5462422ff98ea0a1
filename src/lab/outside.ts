import type { Lab } from './lab.ts'

/** The machines around the student's in a world with `world: lan`. */
export const OUTSIDE: readonly string[] = ['client', 'server', 'gateway']

/** Whether a terminal of that name is on an outside machine, if the world has them. */
export function isOutside(terminal: string): boolean {
  return OUTSIDE.includes(machineOf(terminal))
}

/** The machine that a terminal is on: a second terminal on it has a number, `client-2`. */
export function machineOf(terminal: string): string {
  return terminal.replace(/-\d+$/, '')
}

/**
 * Whether a student's commands in that terminal are part of the lab: all on the student's own machine are, and those on an
 * outside machine where the lab itself lets students type. The other machines are there to be seen and to answer; who could
 * type on them could make them answer as it pleases.
 */
export function isForStudents(terminal: string, lab: Lab): boolean {
  if (!isOutside(terminal)) return true
  return lab.steps.some(({ items }) =>
    items.some(
      (item) =>
        item.kind === 'block' &&
        (item.role === 'shown' || item.role === 'solution') &&
        machineOf(item.terminal) === machineOf(terminal),
    ),
  )
}
