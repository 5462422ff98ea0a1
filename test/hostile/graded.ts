import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { checks } from '../../src/checks/index.ts'
import { parseLabOrThrow } from '../../src/lab/parse.ts'
import { localMachine } from '../../src/machine/local.ts'
import type { Extra } from '../../src/run/pace.ts'
import type { LabResult } from '../../src/run/results.ts'
import { runLab } from '../../src/run/run-lab.ts'
import type { WorldLimits } from '../../src/world/limits.ts'
import { World } from '../../src/world/world.ts'
import { asUser, STRANGER } from '../conformance/machines.ts'
import { below, type Process } from '../conformance/processes.ts'
import type { User } from './attack.ts'

const EXAM = new URL('exam.md', import.meta.url)
const CGROUPS = '/sys/fs/cgroup'

export interface Graded {
  readonly result: LabResult
  /** What the student's commands printed, and what was said by the programs of checks. */
  readonly printed: string
  readonly evidence: string
  readonly limits: readonly string[]
  /** Everything that ran in the world, to be looked for afterwards. */
  readonly processes: readonly Process[]
  /** Whether a program can still be run beside the student's at the end. */
  readonly serves: boolean
}

/** Grades: types the student's commands in place of the solution, then makes the checks, in a world with limits. */
export async function grade(types: readonly string[], limits: WorldLimits, user: User): Promise<Graded> {
  const lab = parseLabOrThrow(readFileSync(EXAM, 'utf8'), 'exam.md', checks)
  const left: Extra[] = types.map((text) => ({ terminal: 'main', text }))
  const machine = user === 'root' ? localMachine : asUser(STRANGER)
  let printed = ''
  let world: World | undefined
  let processes: readonly Process[] = []
  let serves = false
  const result = await runLab(lab, {
    openWorld: async (spec) => {
      world = await World.open(machine, spec, 'any', { limits })
      return world
    },
    kinds: checks,
    signal: new AbortController().signal,
    emit: (event) => {
      if (event.type === 'command-end' && event.extra) printed += event.result.output
    },
    pace: {
      command: async (_command, block) => (block.role === 'setup' ? 'run' : (left.shift() ?? 'skip')),
    },
    withNetwork: true,
    afterStep: async (_step, { world }) => {
      processes = below(process.pid)
      serves = await world.probe('host', ['true']).then(({ status }) => status === 0)
    },
  })
  const made = result.steps.flatMap((step) => step.checks)
  const evidence = made.flatMap((check) => check.evidence.map(({ output }) => output)).join('\n')
  return { result, printed, evidence, limits: world?.limitsHit() ?? [], processes, serves }
}

/** The cgroups of worlds whose first process is one of these. */
export function cgroupsOf(processes: readonly Process[]): readonly string[] {
  if (!existsSync(CGROUPS)) return []
  const names = new Set(processes.map(({ pid }) => `labrun.${pid}`))
  return readdirSync(CGROUPS, { recursive: true, encoding: 'utf8' }).filter((path) =>
    names.has(path.split('/').at(-1)!),
  )
}
