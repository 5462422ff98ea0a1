import { type ChildProcessByStdio, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

/** The built command line; LABRUN_CLI names another one, such as that of an installed package. */
export const CLI = process.env.LABRUN_CLI ?? fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

/** The root of the project, in which labrun is started. */
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Ended {
  /** Undefined after a signal. */
  readonly status: number | undefined
  readonly stdout: string
  readonly stderr: string
}

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** Runs `labrun` with the given words to its end; its standard input is closed. */
export async function labrun(...words: readonly string[]): Promise<Ended> {
  return await labrunWith({}, ...words)
}

export async function labrunWith(surroundings: Surroundings, ...words: readonly string[]): Promise<Ended> {
  return await endOf(startLabrun(surroundings, ...words))
}

export function startLabrun({ env = {}, cwd = ROOT }: Surroundings, ...words: readonly string[]) {
  // Neither the colours nor the environment of a CI system are wanted by accident.
  const { FORCE_COLOR: _colour, NO_COLOR: _none, ...own } = process.env
  return spawn(process.execPath, [CLI, ...words], { cwd, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
}

export async function endOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Ended> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []]
  child.stdout.on('data', (bytes: Buffer) => stdout.push(bytes))
  child.stderr.on('data', (bytes: Buffer) => stderr.push(bytes))
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve))
  return { status: status ?? undefined, stdout: String(Buffer.concat(stdout)), stderr: String(Buffer.concat(stderr)) }
}
