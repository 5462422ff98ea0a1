// Measures labrun side by side with what a person would use instead. Nothing here passes or fails by its time: the exit
// status is 2 where something could not be measured at all, and otherwise 0.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCaptures } from './captures.mjs'
import { benchGuide } from './guide.mjs'
import { benchLabs } from './labs.mjs'
import { benchResume } from './resume.mjs'
import { benchStartUp } from './start-up.mjs'
import { benchSteps } from './steps.mjs'
import { asJson, printTables } from './table.mjs'
import { benchVm } from './vm.mjs'
import { benchWorlds } from './worlds.mjs'

const GROUPS = {
  'start-up': benchStartUp,
  steps: benchSteps,
  worlds: benchWorlds,
  captures: benchCaptures,
  guide: benchGuide,
  resume: benchResume,
  labs: benchLabs,
  vm: benchVm,
}

const HELP = `Usage: npm run bench -- [--json] [--only GROUP]... [--rounds N]

Measures labrun side by side with its alternatives, in turn, and prints the medians.

  --json        the same as one JSON document, with every single time
  --only GROUP  one of ${Object.keys(GROUPS).join(', ')}; may be given several times
  --rounds N    how often each is measured (default: 15; 7 for the steps, 5 for the labs, 3 in the virtual machine)
`

const options = {
  json: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
}

const chosen = readOptions()
if (chosen.help) process.stdout.write(HELP)
else if (chosen.wrong) {
  process.stderr.write(`${chosen.wrong}\n\n${HELP}`)
  process.exitCode = 2
} else {
  try {
    await bench(chosen)
  } catch (error) {
    process.stderr.write(`\nCould not measure: ${error.message}\n`)
    process.exitCode = 2
  }
}

async function bench({ json, only, rounds }) {
  const folder = mkdtempSync(join(tmpdir(), 'labrun-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))
  const tables = { rows: [], shares: [] }
  for (const group of only ?? Object.keys(GROUPS)) {
    const { rows, shares = [] } = await GROUPS[group]({ folder, rounds })
    tables.rows.push(...rows)
    tables.shares.push(...shares)
  }
  if (json) process.stdout.write(`${JSON.stringify(asJson(tables), null, 2)}\n`)
  else printTables(tables)
}

function readOptions() {
  try {
    const { values } = parseArgs({ options })
    const unknown = values.only?.find((group) => !(group in GROUPS))
    if (unknown) return { wrong: `there is no group ${unknown}` }
    const rounds = values.rounds === undefined ? undefined : Number(values.rounds)
    if (rounds !== undefined && !(Number.isInteger(rounds) && rounds > 0)) return { wrong: '--rounds: a number from 1' }
    return { ...values, rounds }
  } catch (error) {
    return { wrong: error.message }
  }
}
