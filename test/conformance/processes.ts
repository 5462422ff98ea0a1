import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

export interface Process {
  readonly pid: number
  readonly parent: number
  /** When it was started, in clock ticks since boot: with the number, its identity. */
  readonly started: string
  readonly command: string
}

/** All processes of the machine below one; of a world also those that have been orphaned in it. */
export function below(pid: number): readonly Process[] {
  const all = list()
  const found: Process[] = []
  const open = [pid]
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of all.filter((process) => process.parent === parent)) {
      found.push(child)
      open.push(child.pid)
    }
  }
  return found
}

/** Those of the processes that are still there after so many milliseconds at the most. */
export async function leftAfter(processes: readonly Process[], patience: number): Promise<readonly string[]> {
  for (const end = Date.now() + patience; ; await delay(20)) {
    const left = processes.filter(isAlive)
    if (left.length === 0 || Date.now() > end) return left.map(({ pid, command }) => `${pid} ${command}`)
  }
}

function isAlive({ pid, started }: Process): boolean {
  return read(pid)?.started === started
}

function list(): readonly Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => read(Number(name)) ?? [])
}

// A process may end between the look into the folder and the look at it. A zombie has ended.
function read(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').slice(0, 80)
    return { pid, parent: Number(fields[1]), started: fields[19]!, command }
  } catch {
    return undefined
  }
}
