import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import { packageRoot } from '../package.ts'
import { stateFolder } from '../state.ts'

/** How a call of vagrant(1) ended. */
export interface VagrantEnd {
  readonly status: number | undefined
  /** The lines of its machine-readable output: type and data. */
  readonly lines: readonly VagrantLine[]
  /** The name of its error class, `Vagrant::Errors::…`; empty where it gave none. */
  readonly error: string
  /** What it said last, for people. */
  readonly said: string
}

export interface VagrantLine {
  readonly type: string
  readonly data: readonly string[]
}

export interface VagrantOptions {
  readonly signal?: AbortSignal
  readonly onLine?: (line: VagrantLine) => void
}

/** The folder of the Vagrantfile. */
export const vagrantFolder: string = fileURLToPath(packageRoot)

/**
 * Where Vagrant keeps what it knows of the machine: in a clone beside the Vagrantfile, as `vagrant up` by hand does; of an
 * installed package in the state folder, because the package's own folder may not be ours to write in.
 */
export function dotFolder(): string {
  const { VAGRANT_DOTFILE_PATH } = process.env
  if (VAGRANT_DOTFILE_PATH) return VAGRANT_DOTFILE_PATH
  const isClone = existsSync(new URL('.git', packageRoot))
  return isClone ? join(vagrantFolder, '.vagrant') : stateFolder('vagrant')
}

/** What vagrant(1) must find in its environment to act on our machine, whatever the current folder is. */
export function vagrantEnvironment(): Record<string, string> {
  return { VAGRANT_CWD: vagrantFolder, VAGRANT_DOTFILE_PATH: dotFolder(), VAGRANT_CHECKPOINT_DISABLE: '1' }
}

/** Milliseconds after Ctrl-C: Vagrant may clean up; a second one makes it end without that; then it is killed. */
const GRACE = [15_000, 30_000] as const

/** Calls vagrant(1) and waits for its end. Never rejects: that it could not be started has no status and is said. */
export async function vagrant(
  parameters: readonly string[],
  { signal, onLine }: VagrantOptions = {},
): Promise<VagrantEnd> {
  const child = execa('vagrant', [...parameters, '--machine-readable'], {
    env: vagrantEnvironment(),
    stdin: 'ignore',
    buffer: { stdout: false, stderr: true },
    reject: false,
    detached: process.platform !== 'win32',
    cleanup: true,
  })
  // Ctrl-C is for labrun; it is handed on to all that Vagrant has started.
  const later: NodeJS.Timeout[] = []
  const interrupt = () => {
    signalGroup(child.pid, 'SIGINT')
    later.push(setTimeout(() => signalGroup(child.pid, 'SIGINT'), GRACE[0]))
    later.push(setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE[1]))
  }
  if (signal?.aborted) interrupt()
  signal?.addEventListener('abort', interrupt, { once: true })
  const lines: VagrantLine[] = []
  if (child.stdout) {
    for await (const text of createInterface({ input: child.stdout })) {
      const line = parseLine(text)
      if (!line) continue
      lines.push(line)
      onLine?.(line)
    }
  }
  const { exitCode, stderr, shortMessage } = await child
  signal?.removeEventListener('abort', interrupt)
  for (const timer of later) clearTimeout(timer)
  const [error = '', message = ''] = lines.findLast(({ type }) => type === 'error-exit')?.data ?? []
  const last = lines.filter(({ type, data }) => type === 'ui' && data[0] === 'error').map(({ data }) => data[1] ?? '')
  const failure = exitCode === undefined ? shortMessage : ''
  return { status: exitCode, lines, error, said: [message, ...last, stderr, failure].find(Boolean)?.trim() ?? '' }
}

/** `timestamp,target,type,data…`; a comma within is `%!(VAGRANT_COMMA)` (Vagrant, machine-readable output). */
export function parseLine(text: string): VagrantLine | undefined {
  const [stamp = '', , type, ...data] = text.split(',')
  if (!/^\d+$/.test(stamp) || !type) return undefined
  const plain = (one: string) =>
    one.replaceAll('%!(VAGRANT_COMMA)', ',').replaceAll('\\n', '\n').replaceAll('\\r', '\r')
  return { type, data: data.map(plain) }
}

function signalGroup(pid: number | undefined, name: 'SIGINT' | 'SIGKILL'): void {
  if (pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, name)
  } catch {
    // It has ended.
  }
}
