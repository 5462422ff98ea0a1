// Measures labrun side by side with what a person would use instead. Nothing here passes or fails by its time: the exit
// status is 2 where something could not be measured at all, and otherwise 0.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benchCaptures } from './captures.mjs'
import { benchGrade } from './grade.mjs'
import { benchGuide } from './guide.mjs'
import { benchLabs } from './labs.mjs'
import { benchResume } from './resume.mjs'
import { benchStartUp } from './start-up.mjs'
import { benchSteps } from './steps.mjs'
import { asJson, printTables } from './table.mjs'
import { benchVerify } from './verify.mjs'
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
  verify: benchVerify,
  vm: benchVm,
  grade: benchGrade,
}

/** Takes minutes or hours, so it has to be asked for. */
const ON_REQUEST = ['grade']

const HELP = `Usage: npm run bench -- [--json] [--only GROUP]... [--rounds N] [--students N]...

Measures labrun side by side with its alternatives, in turn, and prints the medians.

  --json        the same as one JSON document, with every single time
  --only GROUP  one of ${Object.keys(GROUPS).join(', ')}; may be given several times; without it all but ${ON_REQUEST.join(', ')}
  --rounds N    how often each is measured (default: 15; 7 for the steps, 5 for the labs, 3 for their proof, 3 in the virtual machine)
  --students N  how large a class is graded; may be given several times, and only goes with --only grade (default: 30)
`

const options = {
  json: { type: 'boolean' },
  only: { type: 'string', multiple: true },
  rounds: { type: 'string' },
  students: { type: 'string', multiple: true },
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

async function bench({ json, only, rounds, students }) {
  const folder = mkdtempSync(join(tmpdir(), 'labrun-bench-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130))
  const tables = { rows: [], shares: [] }
  for (const group of only ?? Object.keys(GROUPS).filter((name) => !ON_REQUEST.includes(name))) {
    const { rows, shares = [] } = await GROUPS[group]({ folder, rounds, students })
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
    const students = values.students?.map(Number)
    if (students?.some((size) => !(Number.isInteger(size) && size > 0))) return { wrong: '--students: a number from 1' }
    return { ...values, rounds, students }
  } catch (error) {
    return { wrong: error.message }
  }
}
