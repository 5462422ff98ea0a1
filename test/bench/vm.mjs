import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runInWorld, runWithLabrun, scriptOf } from './labs.mjs'
import { installed, inTurn, LABRUN, run, timeOf } from './measure.mjs'
import { ratio, without } from './table.mjs'

const BRIDGE = fileURLToPath(new URL('../../labs/03-bridge.md', import.meta.url))
const STEP = 'a step in the virtual machine'
const LAB = '03-bridge in the virtual machine'
const PLAIN = 'its commands as one script there'
const MANY = 100

/**
 * In the virtual machine, which must run: a step of labrun against a login for each command, and a lab against its commands.
 * A step is the difference between labs of 1 and of 100 steps, so that the connection is not counted.
 */
export async function benchVm({ folder, rounds = 3 }) {
  if (!(await isRunning())) {
    const note = 'not compared: no virtual machine runs (labrun vm up)'
    return {
      rows: [without({ what: STEP, other: 'vagrant ssh -c', note }), without({ what: LAB, other: PLAIN, note })],
    }
  }
  const { connectVm, vagrantEnvironment, parseLab, checks, World } = await import('../../dist/index.js')
  const machine = await connectVm({ signal: new AbortController().signal, onStage: () => {} })
  const [one, many] = [1, MANY].map((count) => labOf(join(folder, `vm-${count}.md`), count))
  const { lab } = parseLab(readFileSync(BRIDGE, 'utf8'), BRIDGE, checks)
  const seen = new Map()
  const onVm = (file) => timeOf(process.execPath, [LABRUN, '--on', 'vagrant', 'run', file])
  const times = await inTurn('vm', rounds, {
    one: () => onVm(one),
    many: () => onVm(many),
    vagrant: () => timeOf('vagrant', ['ssh', '-c', 'true'], { env: { ...process.env, ...vagrantEnvironment() } }),
    ssh: () => timeOf(process.execPath, [LABRUN, 'vm', 'ssh', 'true']),
    lab: () => runWithLabrun(BRIDGE, join(folder, 'log'), seen, 'vagrant'),
    script: () => runInWorld(World.open(machine, lab.world), scriptOf(lab), seen),
  })
  await machine.close()
  const step = times.many.map((time, round) => (time - times.one[round]) / (MANY - 1))
  return {
    rows: [
      ratio({ what: STEP, other: 'vagrant ssh -c true', labrun: step, times: times.vagrant, aim: 1 / 300 }),
      ratio({ what: STEP, other: 'a new ssh', labrun: step, times: times.ssh }),
      ratio({ what: LAB, other: PLAIN, labrun: times.lab.total, times: times.script, aim: 1.5 }),
    ],
  }
}

async function isRunning() {
  if (!installed('vagrant')) return false
  return (await run(process.execPath, [LABRUN, 'vm', 'status'])).status === 0
}

function labOf(file, count) {
  const steps = Array.from({ length: count }, (_, n) => `## Step ${n}\n\n\`\`\`sh\ntrue\n\`\`\`\n`)
  writeFileSync(file, `---\nlabrun: 1\n---\n\n# Steps\n\n${steps.join('\n')}`)
  return file
}
