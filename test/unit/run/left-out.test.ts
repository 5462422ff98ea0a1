import { expect, test } from 'vitest'
import type { Pace } from '../../../src/run/pace.ts'
import { fence, frontMatter } from '../../support/lab-text.ts'
import { runText } from '../../support/run-text.ts'

const TASK = `${frontMatter()}## Task\n${fence('sh solution', 'ip netns add one', 'true')}${fence('yaml check', '- netns: one')}
## After\n\n<!-- step: after needs: [task] -->\n${fence('sh', 'echo after')}`

/** Leaves the solution out, after having typed something. */
function typing(text: string | undefined): Pace {
  let rest = text === undefined ? [] : [{ text, terminal: 'main' }]
  return {
    command: async (_command, block) => {
      if (block.role !== 'solution') return 'run'
      const [next] = rest
      rest = []
      return next ?? 'skip'
    },
  }
}

test('a task that is solved in another way is solved, and what needs it is run', async () => {
  const { result } = await runTextWith('ip netns add one')
  expect(result).toMatchObject({ status: 'passed', ledger: { planned: 2, passed: 2 } })
})

test('a solution that is left out, and the aim not reached: all of it counts', async () => {
  const { result } = await runTextWith(undefined)
  expect(result).toMatchObject({ status: 'failed', ledger: { planned: 4, failed: 1, skipped: 2, blocked: 1 } })
})

test('without a check nobody knows: what is left out is skipped', async () => {
  const text = `${frontMatter()}## Task\n${fence('sh solution', 'true')}`
  const { result } = await runText(text, { pace: typing('true') })
  expect(result).toMatchObject({ status: 'skipped', ledger: { planned: 1, skipped: 1 } })
})

async function runTextWith(typed: string | undefined) {
  return await runText(TASK, { pace: typing(typed) }, { leavesOut: true })
}
