import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LABS, runInWorld, scriptOf, whyNotOneScript } from './labs.mjs'
import { inTurn, LABRUN, timeOf } from './measure.mjs'
import { ratio } from './table.mjs'

/**
 * The proof of all labs that come with labrun and need no machine of their own, against their commands alone, twice,
 * because a proof runs them twice. The commands are one bash script in a world of labrun's; where a lab needs several
 * terminals, labrun types them and makes no check. And one job against two.
 */
export async function benchVerify({ rounds = 3 }) {
  const product = await import('../../dist/index.js')
  const labs = readdirSync(LABS)
    .filter((entry) => /^\d.*\.md$/.test(entry))
    .toSorted()
    .map((entry) => join(LABS, entry))
    .map((path) => product.parseLab(readFileSync(path, 'utf8'), path, product.checks).lab)
    .filter((lab) => lab?.machine === 'any')
  const verify = (jobs) =>
    timeOf(process.execPath, [LABRUN, 'verify', '--jobs', String(jobs), ...labs.map(({ file }) => file)])
  const { one, two, alone } = await inTurn('verify', rounds, {
    one: () => verify(1),
    two: () => verify(2),
    alone: async () => {
      const start = performance.now()
      for (const lab of labs) await commandsOf(lab, product)
      return (performance.now() - start) * 2
    },
  })
  const what = `verify ${labs.length} labs`
  return {
    rows: [
      ratio({ what: `${what}, 1 job`, other: 'their commands alone, twice', labrun: one, times: alone, aim: 1.3 }),
      ratio({ what: `${what}, 2 jobs`, other: '1 job', labrun: two, times: one, aim: 1 / 1.7 }),
    ],
  }
}

async function commandsOf(lab, { World, localMachine, runLab, checks, parseLab }) {
  if (!whyNotOneScript(lab)) return await runInWorld(World.open(localMachine, lab.world), scriptOf(lab), new Map())
  const openWorld = (spec, needs) => World.open(localMachine, spec, needs)
  const before = []
  for (let from = lab.from; from; ) {
    const [name, last] = from.split('#')
    const path = join(LABS, `${name}.md`)
    const { lab: earlier } = parseLab(readFileSync(path, 'utf8'), path, checks)
    const end = last === undefined ? undefined : earlier.steps.findIndex(({ id }) => id === last) + 1
    before.unshift(...earlier.steps.slice(0, end))
    from = earlier.from
  }
  const run = {
    openWorld,
    kinds: checks,
    emit: () => {},
    signal: new AbortController().signal,
    withChecks: false,
    before,
  }
  const { status } = await runLab(lab, run)
  if (status === 'failed' || status === 'error') throw new Error(`the commands of ${lab.id} alone ended as ${status}`)
}
