import { inTurn, LABRUN, timeOf } from './measure.mjs'
import { ratio } from './table.mjs'

/** How long labrun takes to do nothing, against Node.js doing nothing. */
export async function benchStartUp({ rounds = 15 }) {
  const { labrun, node } = await inTurn('start-up', rounds, {
    labrun: () => timeOf(process.execPath, [LABRUN, '--version']),
    node: () => timeOf(process.execPath, ['-e', '0']),
  })
  return { rows: [ratio({ what: 'start-up: labrun --version', other: 'node -e 0', labrun, times: node, aim: 1.5 })] }
}
