import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { spawn } from '@lydell/node-pty'
import { inTurn, LABRUN } from './measure.mjs'
import { difference, limit } from './table.mjs'

const FENCE = '```'

/**
 * The lesson at a terminal: what labrun adds between Enter and the first output, in both ways, and how long after a command
 * the line above the prompt comes.
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
    const what = 'the guide: Enter to the first output'
    return {
      rows: [
        difference({ what: `${what}, in a shell of one's own`, other: 'bash', labrun: typed, times: alone, aim: 30 }),
        difference({ what: `${what}, following`, other: 'bash', labrun: followed, times: alone, aim: 30 }),
        limit({ what: 'the guide: prompt to the line above it', labrun: line, aim: 100 }),
      ],
    }
  } finally {
    for (const window of [own, follow, bash]) window.end()
  }
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
