import { checks } from '../../src/checks/index.ts'
import { loadLab } from '../../src/commands/labs.ts'
import { readTicket } from '../../src/exam/ticket.ts'
import type { WorldSpec } from '../../src/lab/lab.ts'
import { readSubmission } from '../../src/submission/read.ts'

/** What has to be typed for a submission, in the order of its replay, as one script: what the lab prepares, and the student's. */
export async function scriptOf(
  exam: string,
  zip: string,
): Promise<{ readonly world: WorldSpec; readonly script: string }> {
  const { ticket, work } = await readSubmission(zip)
  const { values } = readTicket(ticket ?? '')
  const lab = loadLab(exam, checks, () => () => values)
  const commands = lab.steps.flatMap(({ id, items }) => {
    const setup = items.flatMap((item) => (item.kind === 'block' && item.role === 'setup' ? [item] : []))
    const prepared = setup.flatMap((block) =>
      block.commands.map(({ text }) => (block.background ? `{ ${text}\n} & sleep 1` : text)),
    )
    const own = work.steps.filter((step) => step.id === id).flatMap((step) => step.commands.map(({ text }) => text))
    return [...prepared, ...own]
  })
  return { world: lab.world, script: commands.map((text) => `${text}\n`).join('') }
}
