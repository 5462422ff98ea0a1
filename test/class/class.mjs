// Makes a class for an exam: see HELP.

import { parseArgs } from 'node:util'
import { loadModule } from './load.mjs'

const HELP = `Usage: npm run class -- --exam FILE --size N --out FOLDER [--seed TEXT]

Makes a class of N students with tickets and submissions of all kinds: right, half right, with a mistake, late, copied,
broken, hostile, missing. The same options give the same bytes. Hostile submissions are for worlds only.

  --exam FILE   an exam with its solutions, such as labs/exams/build-a-bridge.md
  --size N      how many students
  --out FOLDER  where course.key, roster.csv, tickets/, inbox/ and class.csv (who is like what) are written
  --seed TEXT   another class (default: 1)
`

const options = {
  exam: { type: 'string' },
  size: { type: 'string' },
  out: { type: 'string' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h' },
}

const { exam, size, out, seed, help } = parseArgs({ options }).values
const students = Number(size)
if (help) process.stdout.write(HELP)
else if (!exam || !out || !Number.isInteger(students) || students < 1) {
  process.stderr.write(HELP)
  process.exitCode = 2
} else {
  const { makeClass, DEADLINE } = await loadModule('make-class')
  const made = await makeClass({ exam, folder: out, size: students, seed })
  process.stdout.write(`${made.length} students in ${out}\n`)
  for (const kind of new Set(made.map((student) => student.kind)))
    process.stdout.write(`  ${kind}: ${made.filter((student) => student.kind === kind).length}\n`)
  process.stdout.write(`The deadline was ${DEADLINE}.\n`)
}
