import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installed, inTurn, LABRUN, timeOf } from './measure.mjs'
import { difference, missing, ratio } from './table.mjs'

const MANY = 200

/**
 * The same test written for several tools: `echo N`, and its output must be N. Once with 1 step and once with 200, so
 * that the cost of a step can be told from the cost of the start.
 */
export async function benchSteps({ folder, rounds = 7 }) {
  const tools = toolsIn(join(folder, 'steps'))
  const things = {}
  for (const { name, command, file } of tools) {
    if (!command) continue
    for (const count of [1, MANY])
      things[`${name} ${count}`] = () => timeOf(command[0], [...command.slice(1), file(count)])
  }
  const times = await inTurn('steps', rounds, things)
  return { rows: tools.slice(1).flatMap((tool) => rowsFor(tool, times)) }
}

function rowsFor({ name, command, debianPackage, aim }, times) {
  const [total, perStep] = [`a lab of ${MANY} steps: total`, `a lab of ${MANY} steps: per step`]
  if (!command) return [missing({ what: perStep, other: name, debianPackage })]
  const [labrun, other] = ['labrun', name].map((tool) => ({ one: times[`${tool} 1`], many: times[`${tool} ${MANY}`] }))
  return [
    ratio({ what: total, other: name, labrun: labrun.many, times: other.many }),
    difference({ what: perStep, other: name, labrun: steps(labrun), times: steps(other), aim }),
  ]
}

/** Milliseconds for one step more, from the two runs of each round. */
function steps({ one, many }) {
  return many.map((time, round) => (time - one[round]) / (MANY - 1))
}

function toolsIn(folder) {
  const write = (tool, extension, textOf) => (count) => {
    const path = join(folder, `${tool}-${count}.${extension}`)
    mkdirSync(folder, { recursive: true })
    writeFileSync(path, textOf(Array.from({ length: count }, (_, index) => index + 1)))
    return path
  }
  const cram = installed('cram3', 'cram', 'python3-cram')
  const tools = [
    { name: 'labrun', command: [process.execPath, LABRUN, 'run'], file: write('labrun', 'md', asLab) },
    // What a step costs may exceed the cost in a plain script by this many milliseconds.
    { name: 'bash, one script', command: ['bash'], file: write('script', 'sh', asScript), aim: 0.3 },
    { name: 'bash -c per step', command: ['bash'], file: write('processes', 'sh', asProcesses) },
    { name: 'cram', command: cram && [cram], debianPackage: 'python3-cram', file: write('cram', 't', asCram) },
    {
      name: 'bats',
      command: installed('bats') && ['bats'],
      debianPackage: 'bats',
      file: write('bats', 'bats', asBats),
    },
  ]
  return tools.map((tool) => ({ ...tool, file: once(tool.file) }))
}

/** Files are written before the clock starts, and only once. */
function once(write) {
  const files = new Map([1, MANY].map((count) => [count, write(count)]))
  return (count) => files.get(count)
}

const FENCE = '```'

function asLab(numbers) {
  const steps = numbers.map(
    (n) => `## Step ${n}\n\n${FENCE}sh\necho ${n}\n${FENCE}\n\n${FENCE}output\n${n}\n${FENCE}\n`,
  )
  return `---\nlabrun: 1\n---\n\n# ${numbers.length} steps\n\n${steps.join('\n')}`
}

function asScript(numbers) {
  return `${EXPECT}${numbers.map((n) => `expect ${n} "$(echo ${n})"\n`).join('')}`
}

function asProcesses(numbers) {
  return `${EXPECT}${numbers.map((n) => `expect ${n} "$(bash -c 'echo ${n}')"\n`).join('')}`
}

const EXPECT = 'expect() { if [ "$1" != "$2" ]; then echo "expected $1, got $2" >&2; exit 1; fi; }\n'

function asCram(numbers) {
  return numbers.map((n) => `Step ${n}:\n\n  $ echo ${n}\n  ${n}\n`).join('\n')
}

function asBats(numbers) {
  return numbers.map((n) => `@test "step ${n}" {\n  run echo ${n}\n  [ "$output" = ${n} ]\n}\n`).join('\n')
}
