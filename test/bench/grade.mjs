import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadModule } from '../class/load.mjs'
import { inTurn, LABRUN, timeOf } from './measure.mjs'
import { ratio } from './table.mjs'

const EXAM = fileURLToPath(new URL('../../labs/exams/build-a-bridge.md', import.meta.url))
const COMMANDS = 'its commands as one script, one submission after the other'
const SMALL = 'a class of the first size'

/**
 * Grading of classes of the sizes asked for, with one and with two jobs, against a replay of the same commands in fresh worlds
 * that checks nothing. Every submission is right, so nothing waits for what does not come. `notes` has what is no ratio: students
 * a minute, and the most memory that the grader had.
 */
export async function benchGrade({ folder, students = [30] }) {
  const { makeClass } = await loadModule('make-class')
  const { scriptOf } = await loadModule('script')
  const product = await import('../../dist/index.js')
  const rows = []
  const first = new Map()
  const run = await inTurn('grade', 2, { exam: () => timeOf(process.execPath, [LABRUN, 'run', EXAM]) })
  for (const size of students) {
    const room = join(folder, `class-${size}`)
    await makeClass({ exam: EXAM, folder: room, size, seed: 'bench', only: 'right' })
    let single
    for (const jobs of [1, 2]) {
      const { time, memory } = await grade(room, jobs)
      const what = `${size} submissions, ${jobs === 1 ? '1 job' : `${jobs} jobs`}, each`
      const note = `${((60_000 * size) / time).toFixed(1)} students a minute, ${Math.round(memory / 1024)} MB at most`
      const each = [time / size]
      if (jobs === 1) single = time / size
      // Few of a class tell as much of the commands alone as all.
      const alone = jobs === 1 ? await replay(product, scriptOf, room, Math.min(size, 30)) : undefined
      if (alone) {
        rows.push(ratio({ what, other: COMMANDS, labrun: each, times: [alone], aim: 1.3, note }))
        rows.push(ratio({ what, other: 'labrun run of the exam, checks and all', labrun: each, times: run.exam }))
      } else rows.push(ratio({ what, other: '1 job', labrun: each, times: [single], note }))
      const before = first.get(jobs)
      if (before) rows.push(ratio({ what: `${what}: growth`, other: SMALL, labrun: each, times: before, aim: 1.2 }))
      else first.set(jobs, each)
    }
  }
  return { rows }
}

/** Milliseconds from start to end, and the most memory (kB). */
async function grade(room, jobs) {
  process.stderr.write(`grading ${room} with --jobs ${jobs}\n`)
  const options = ['--roster', join(room, 'roster.csv'), '--key', join(room, 'course.key'), '--jobs', String(jobs)]
  const words = ['grade', EXAM, join(room, 'inbox'), ...options, '--out', join(room, `graded-${jobs}`)]
  const start = performance.now()
  const child = spawn(process.execPath, [LABRUN, ...words], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.on('data', (bytes) => {
    said = `${said}${bytes}`.slice(-2000)
  })
  let memory = 0
  const watch = setInterval(() => {
    memory = Math.max(memory, mostMemory(child.pid))
  }, 200)
  const status = await new Promise((resolve, reject) => child.on('close', resolve).on('error', reject))
  clearInterval(watch)
  // 1: somebody needs staff. That is told, but it is no reason not to have measured.
  if (status !== 0 && status !== 1) throw new Error(`labrun grade ended with ${status}:\n${said}`)
  return { time: performance.now() - start, memory }
}

function mostMemory(pid) {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  } catch {
    // It has just ended.
    return 0
  }
}

/** Milliseconds for one submission: a fresh world, its commands, and the end of the world. */
async function replay({ World, localMachine }, scriptOf, room, most) {
  const zips = readdirSync(join(room, 'inbox')).slice(0, most)
  let together = 0
  for (const zip of zips) {
    const { world: spec, script } = await scriptOf(EXAM, join(room, 'inbox', zip))
    const start = performance.now()
    const world = await World.open(localMachine, spec)
    try {
      await world.probe('host', ['tee', '/root/.bench'], { input: script, amongStudents: true })
      // Not the status: it is that of the student's last command.
      const { output } = await world.run('main', 'bash -s </root/.bench; echo; echo all', { timeout: 120_000 })
      if (!output.trimEnd().endsWith('all')) throw new Error(`the commands of ${zip} were not run to their end`)
    } finally {
      await world.close()
    }
    together += performance.now() - start
  }
  return together / zips.length
}
