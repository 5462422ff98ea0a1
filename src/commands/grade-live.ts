import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { drawValues } from '../exam/draw.ts'
import { pseudonymOf } from '../exam/key.ts'
import { type Roster, RosterError, readRoster } from '../exam/roster.ts'
import { ClassList, type Counted } from '../grade/class-list.ts'
import type { LoadedLab } from '../grade/grade-job.ts'
import { gradedFrom, mostPoints, needsAgain } from '../grade/grade-job.ts'
import type { Attempt } from '../grade/grade-submission.ts'
import { sha256 } from '../grade/job-digest.ts'
import { gradeLive, isJudgedLive } from '../grade/live.ts'
import type { Graded } from '../grade/model.ts'
import { GradeProgress, standardError } from '../grade/progress.ts'
import { ResultStore } from '../grade/store.ts'
import { connectSsh } from '../machine/ssh.ts'
import { Trouble } from '../machine/trouble.ts'
import type { Surroundings } from '../surroundings.ts'
import type { GradeOptions } from './grade.ts'
import { finishClass } from './grade-finish.ts'
import { GradeError, type Prepared } from './grade-prepare.ts'
import { loadGradedLab } from './grading-labs.ts'
import { problemOfPlace } from './place.ts'

/** A student's machine, and whose it is. */
interface Target {
  readonly id: string | null
  /** `ssh:USER@HOST` */
  readonly machine: string
}

/** `labrun grade LAB --live …`: judges the present state of students' machines, and changes nothing there. */
export async function gradeMachines(
  prepared: Prepared,
  options: GradeOptions,
  { signal }: Surroundings,
): Promise<number> {
  const targets = [...options.live.map((machine) => ({ id: null, machine })), ...inventoryOf(options.inventory)]
  for (const { machine } of targets) {
    const problem = machine.startsWith('ssh:') ? problemOfPlace(machine) : 'expected ssh:USER@HOST'
    if (problem) throw new GradeError('machine', `${machine}: ${problem}`, [])
  }
  if (prepared.loaded.lab.params.size > 0 && targets.some(({ id }) => id === null)) {
    const advice = 'name the machines in an inventory: a CSV file with the columns id and machine'
    throw new GradeError('student-unknown', 'this lab has params, and nobody knows whose machines these are', [advice])
  }
  const folder = resolve(options.out)
  const store = new ResultStore(join(folder, 'results'))
  const progress = new GradeProgress(standardError(), targets.length)
  const counted = new ClassList(folder)
  const queue = [...targets]
  const work = async () => {
    for (let target = queue.shift(); target && !signal.aborted; target = queue.shift()) {
      const graded = await judge(target, prepared, options, signal)
      if (signal.aborted) return
      store.write(graded)
      counted.add(countedOf(graded, target))
      progress.one(target.id ?? target.machine, graded.reason && `${graded.status}: ${graded.reason}`)
    }
  }
  await Promise.all(Array.from({ length: Math.min(options.jobs, targets.length) }, work))
  progress.end()
  if (signal.aborted) return 2
  const { roster, intake, loaded } = prepared
  const pseudonym = (id: string) => intake.pseudonym(id)
  const results = { roster, pseudonym, counted, store, loaded, troubles: new Map(), leadsOf: () => [] }
  return await finishClass(results, { folder, ...options, max: mostLive(loaded) })
}

async function judge(target: Target, prepared: Prepared, options: GradeOptions, signal: AbortSignal): Promise<Graded> {
  const start = performance.now()
  const student = studentOf(target, prepared)
  const loaded = labOf(student, prepared)
  let attempt: Attempt | undefined
  let attempts = 0
  while (attempts < options.attempts && (!attempt || needsAgain(attempt)) && !signal.aborted) {
    attempts++
    attempt = await tryOnce(target, loaded, signal)
  }
  const sha = sha256(`${target.machine}\0${student.pseudonym}\0${new Date().toISOString()}`)
  const subject = { digest: sha, bundle: { file: target.machine, sha256: sha }, loaded, student }
  const graded = gradedFrom(subject, attempt!, { attempts, duration: performance.now() - start })
  return { ...graded, max: mostLive(loaded) }
}

/** What a lab is worth where only the present state is judged. */
function mostLive({ lab }: LoadedLab): number {
  return mostPoints(lab, (item) => isJudgedLive(item, lab))
}

/** A machine that cannot be reached or looked at says nothing about its student. */
async function tryOnce({ machine: place }: Target, { lab }: LoadedLab, signal: AbortSignal): Promise<Attempt> {
  const destination = place.slice('ssh:'.length)
  const remedies = [`see whether you can reach it: ssh ${destination}`]
  try {
    const machine = await connectSsh({ name: destination, destination, isForLabs: false, remedies }, signal)
    try {
      return await gradeLive(lab, machine, signal)
    } finally {
      await machine.close()
    }
  } catch (error) {
    if (signal.aborted) return { steps: [], limits: [], network: null, trouble: 'interrupted' }
    if (!(error instanceof Trouble)) throw error
    return { steps: [], limits: [], network: null, trouble: error.message }
  }
}

function studentOf({ id, machine }: Target, { roster, intake }: Prepared): Graded['student'] {
  if (id === null) return { pseudonym: intake.pseudonym(`\0${machine}`), id: null, name: machine }
  const name = roster?.students.find((student) => student.id === id)?.name
  return { pseudonym: intake.pseudonym(id), id, name: name || null }
}

/** With the values that the student's ticket has. */
function labOf({ id }: Graded['student'], { loaded, labFile, key }: Prepared): LoadedLab {
  const { params, id: lab } = loaded.lab
  if (params.size === 0 || !key || id === null) return loaded
  const values = drawValues(params, { secret: key.secret, lab, pseudonym: pseudonymOf(key, id) })
  return loadGradedLab(labFile, values)
}

function countedOf({ digest, student, bundle }: Graded, { machine }: Target): Counted {
  const nothing = { sender: null, values: {}, created: null, late: null, refused: null, others: [] }
  return { place: machine, student, named: student, sha256: bundle.sha256, digest, ...nothing }
}

/** A CSV file with the columns `id` and `machine`; a roster with a column `machine` is one. */
function inventoryOf(file: string | undefined): Target[] {
  if (file === undefined) return []
  let inventory: Roster
  try {
    inventory = readRoster(readFileSync(file))
  } catch (error) {
    const place = error instanceof RosterError ? `${file}:${error.line}` : file
    throw new GradeError('inventory', `${place}: ${(error as Error).message}`, [])
  }
  return inventory.students.flatMap(({ id, fields }) => {
    const machine = Object.entries(fields).find(([name]) => name.toLowerCase() === 'machine')?.[1]
    if (machine === undefined) throw new GradeError('inventory', `${file}: there is no column \`machine\``, [])
    return machine === '' ? [] : [{ id, machine: machine.includes(':') ? machine : `ssh:${machine}` }]
  })
}
