import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { spawn } from '@lydell/node-pty'
import { inTurn, LABRUN } from './measure.mjs'
import { difference, limit, ratio } from './table.mjs'

const FENCE = '```'
const STEPS = 30

/**
 * The lesson at a terminal: what labrun adds between Enter and the first output, in both ways; how long after a command the
 * line above the prompt comes; and how long a lab that was left takes to be where it was.
 */
export async function benchGuide({ folder, rounds = 7 }) {
  mkdirSync(folder, { recursive: true })
  const lesson = join(folder, 'guide.md')
  writeFileSync(lesson, lessonText(4 * (rounds + 2)))
  const own = await begin(lesson, folder)
  await own.typed('d\r', /# $/)
  const follow = await begin(lesson, folder)
  const bash = new Window('bash', ['--norc', '-i'], { PS1: '# ' })
  await bash.shows(/# $/)
  try {
    let count = 0
    const command = () => `echo an""swer${++count}\r`
    const {
      typed,
      line,
      followed,
      bash: alone,
    } = await inTurn('guide', rounds, {
      bash: async () => await bash.typed(command(), /answer\d+\r/),
      typed: async () => await own.typed(command(), /answer\d+\r/),
      line: async () => {
        await own.quiet()
        await own.typed(`echo an""swer${++count}\r`, /answer\d+\r[\s\S]*# /)
        return await own.shows(/1 of 2/)
      },
      followed: async () => {
        await follow.shows(/› $|›\s*\S*$/)
        return await follow.typed('\r', /answer/)
      },
    })
    const resume = await benchResume(folder, rounds)
    const what = 'the guide: Enter to the first output'
    return {
      rows: [
        difference({ what: `${what}, in a shell of one's own`, other: 'bash', labrun: typed, times: alone, aim: 30 }),
        difference({ what: `${what}, following`, other: 'bash', labrun: followed, times: alone, aim: 30 }),
        limit({ what: 'the guide: prompt to the line above it', labrun: line, aim: 100 }),
        ratio({
          what: `the guide: back in a lab of ${STEPS} steps`,
          other: 'its commands in bash',
          labrun: resume.labrun,
          times: resume.bash,
          aim: 1.2,
        }),
      ],
    }
  } finally {
    for (const window of [own, follow, bash]) window.end()
  }
}

/** A lab whose commands take some seconds is left at its last step; then it is begun again and again. */
async function benchResume(folder, rounds) {
  const lab = join(folder, 'long.md')
  writeFileSync(lab, longLab())
  const script = join(folder, 'long.sh')
  writeFileSync(script, `${commandsOf(STEPS).join('\n')}\n`)
  const state = mkdtempSync(join(folder, 'state-'))
  const first = new Window(process.execPath, [LABRUN, lab], { XDG_STATE_HOME: state })
  for (let step = 0; step < STEPS - 1; step++) {
    await first.shows(new RegExp(`Step ${step + 1} of[\\s\\S]*›\\s*\\S*$`))
    first.type('a\r')
    await first.shows(new RegExp(`Step ${step + 2} of`))
  }
  await first.shows(/›\s*\S*$/)
  await first.typed('q\r', /Your place is kept/)
  await first.ended
  return await inTurn('guide, resumed', Math.min(rounds, 3), {
    labrun: async () => {
      const window = new Window(process.execPath, [LABRUN, lab], { XDG_STATE_HOME: state })
      await window.shows(/You were at step[\s\S]*›\s*\S*$/)
      const time = await window.typed('\r', new RegExp(`Step ${STEPS} of`))
      await window.shows(/▸[\s\S]*›\s*\S*$/)
      window.type('q\r')
      await window.ended
      return time
    },
    bash: async () => {
      const window = new Window('unshare', ['-n', '-m', 'bash', script], {})
      const start = performance.now()
      await window.ended
      return performance.now() - start
    },
  })
}

/** A program on a pseudo-terminal, and what it has printed since something was typed. */
class Window {
  #pty
  #seen = ''
  #wake = () => {}
  #last = performance.now()

  constructor(program, parameters, env) {
    const { PROMPT_COMMAND: _, ...own } = process.env
    this.#pty = spawn(program, parameters, { cols: 100, rows: 40, name: 'xterm', env: { ...own, TMUX: '', ...env } })
    this.#pty.onData((text) => {
      this.#seen = (this.#seen + text).slice(-20_000)
      this.#last = performance.now()
      this.#wake()
    })
    this.ended = new Promise((resolve) => this.#pty.onExit(resolve))
  }

  type(text) {
    this.#seen = ''
    this.#pty.write(text)
  }

  /** Milliseconds until the screen shows something new. */
  async typed(text, what) {
    this.type(text)
    return await this.shows(what)
  }

  async shows(what) {
    const start = performance.now()
    while (!what.test(plain(this.#seen))) {
      if (performance.now() - start > 60_000) throw new Error(`not shown: ${what}\n${this.#seen}`)
      await Promise.race([delay(1000), new Promise((resolve) => (this.#wake = resolve))])
    }
    return performance.now() - start
  }

  /** Resolves when nothing has been printed for a while. */
  async quiet() {
    while (performance.now() - this.#last < 1200) await delay(100)
  }

  end() {
    this.#pty.kill('SIGHUP')
  }
}

async function begin(lab, folder) {
  const window = new Window(process.execPath, [LABRUN, lab], { XDG_STATE_HOME: mkdtempSync(join(folder, 'state-')) })
  await window.shows(/▸[\s\S]*›\s*\S*$/)
  return window
}

function plain(text) {
  return text.replace(/\u001b(?:\[[\d;?]*[a-zA-Z]|[=>])/g, '')
}

function lessonText(count) {
  const lines = Array.from({ length: count }, (_, index) => `echo an""swer${index}`)
  const check = `${FENCE}yaml check\n- run: test -e /etc/passwd\n- netns: net1\n${FENCE}\n`
  return `---\nlabrun: 1\n---\n\n# A lesson\n\n## One\n\n${FENCE}sh\n${lines.join('\n')}\n${FENCE}\n\n${check}`
}

/** Of each step: a cable and a few pings, as labs have them. */
function commandsOf(steps) {
  return Array.from({ length: steps }, (_, index) =>
    [
      index === 0 ? 'ip link set lo up' : 'true',
      `ip link add a${index} type veth peer name b${index}`,
      `ip addr add 10.0.${index}.1/24 dev a${index}`,
      `ip link set a${index} up`,
      `ping -c 3 -i 0.1 10.0.${index}.1 >/dev/null`,
    ].join('\n'),
  )
}

function longLab() {
  const steps = commandsOf(STEPS).map((text, index) => {
    const check = `${FENCE}yaml check\n- addr: a${index}\n  has: 10.0.${index}.1/24\n${FENCE}\n`
    return `## Step ${index + 1}\n\n${FENCE}sh\n${text}\n${FENCE}\n\n${check}`
  })
  return `---\nlabrun: 1\n---\n\n# A long lab\n\n${steps.join('\n')}`
}
