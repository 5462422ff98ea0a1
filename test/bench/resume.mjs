import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { inTurn, LABRUN, timeOf } from './measure.mjs'
import { ratio } from './table.mjs'

const STEPS = 30
const COMMANDS = 3

/** How long a student waits who comes back to the end of a long lab, against its commands alone. */
export async function benchResume({ folder, rounds = 7 }) {
  const lab = join(folder, 'long.md')
  const alone = join(folder, 'alone.md')
  writeFileSync(lab, labText({ checks: true }))
  writeFileSync(alone, labText({ checks: false }))
  const state = join(folder, 'resume-state')
  keepPlace(lab, state)
  const { labrun, commands } = await inTurn('resume', rounds, {
    labrun: async () => await untilPrompt(lab, state),
    commands: () => timeOf(process.execPath, [LABRUN, 'run', alone]),
  })
  const what = `resume: a lab of ${STEPS} steps, ${STEPS * COMMANDS} commands`
  return { rows: [ratio({ what, other: 'labrun run, without checks', labrun, times: commands, aim: 1.2 })] }
}

/** The last step has one more command, at which the student was. */
function labText({ checks }) {
  const steps = Array.from({ length: STEPS }, (_, index) => {
    const name = `n${index}`
    const commands = [`ip netns add ${name}`, `ip -n ${name} link set lo up`, `ip netns exec ${name} sleep 0.05`]
    const check = checks ? `\n\`\`\`yaml check\n- netns: ${name}\n- link: ${name}/lo\n  state: up\n\`\`\`\n` : ''
    return `## Step ${index}\n\n\`\`\`sh\n${commands.join('\n')}\n\`\`\`\n${check}`
  })
  return `---\nlabrun: 1\n---\n\n${steps.join('\n')}${checks ? '\n```sh\necho last\n```\n' : ''}`
}

/** As the guide would have kept it (src/guide/progress.ts). */
function keepPlace(lab, state) {
  const source = labText({ checks: true })
  const digest = createHash('sha256').update(source).digest('hex')
  const done = STEPS * COMMANDS
  const ends = Object.fromEntries(Array.from({ length: done }, (_, number) => [number, { exit: 0, took: 1 }]))
  const lines = source.split('\n')
  const checks = lines.flatMap((line, index) => {
    const column = 3
    return /^- (netns|link):/.test(line)
      ? [{ step: stepAt(lines, index), line: index + 1, column, status: 'passed', left: false }]
      : []
  })
  const step = `step-${STEPS - 1}`
  const kept = {
    digest,
    step,
    done,
    left: [],
    ends,
    typed: [],
    checks,
    answers: [],
    hints: {},
    solutions: [],
    finished: false,
  }
  const place = createHash('sha256').update(lab).digest('hex').slice(0, 8)
  const progress = join(state, 'labrun', 'progress')
  mkdirSync(progress, { recursive: true })
  writeFileSync(join(progress, `long-${place}.json`), JSON.stringify({ version: 2, ...kept }))
}

function stepAt(lines, index) {
  return `step-${lines
    .slice(0, index)
    .findLast((line) => line.startsWith('## Step'))
    .slice(8)}`
}

/** Milliseconds from the start of labrun to the prompt at which the student was. */
function untilPrompt(lab, XDG_STATE_HOME) {
  return new Promise((resolve, reject) => {
    const start = performance.now()
    const env = { ...process.env, XDG_STATE_HOME, LABRUN_PLAIN: '1' }
    const terminal = spawn(process.execPath, [LABRUN, lab], { cols: 80, rows: 24, env })
    let shown = ''
    let time
    terminal.onData((text) => {
      if (!shown.includes('go on there') && (shown + text).includes('go on there')) terminal.write('\r')
      shown += text
      if (time === undefined && shown.includes('Enter runs: echo last')) {
        time = performance.now() - start
        terminal.kill('SIGHUP')
      }
    })
    terminal.onExit(() =>
      time === undefined ? reject(new Error(`the place was not reached:\n${shown}`)) : resolve(time),
    )
  })
}
