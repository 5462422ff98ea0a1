import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { localMachine } from './local.ts'
import type { Machine, MachineProcess, ProcessEnd } from './machine.ts'
import { explainSsh } from './ssh-trouble.ts'
import type { MachineError } from './trouble.ts'

export interface SshTarget {
  /** For people: `the virtual machine`. */
  readonly name: string
  /** As ssh(1) takes it: `user@host`, or a name of the configuration. */
  readonly destination: string
  /** A file for `ssh -F`; undefined: the user's own configuration. */
  readonly config?: string
  readonly isForLabs: boolean
  /** What can be done when it is lost. */
  readonly remedies: readonly string[]
}

/** Seconds without a sign of life after which a connection is given up: tried three times in that time. */
const SILENCE = 15

/**
 * Connects to a Linux machine by OpenSSH. Everything that is started there goes through this one connection (ssh_config(5),
 * ControlMaster), so a program costs a round trip and no login. Rejects with MachineError.
 */
export async function connectSsh(target: SshTarget, signal?: AbortSignal): Promise<Machine> {
  const connection = new SshConnection(target)
  const abort = () => void connection.close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await connection.ready()
    return connection
  } finally {
    signal?.removeEventListener('abort', abort)
  }
}

class SshConnection implements Machine {
  readonly name: string
  readonly isForLabs: boolean
  readonly #target: SshTarget
  readonly #folder = mkdtempSync(join(tmpdir(), 'labrun-ssh-'))
  readonly #master: MachineProcess
  readonly #greeting = randomBytes(16).toString('hex')
  #isLost = false

  constructor(target: SshTarget) {
    this.name = target.name
    this.isForLabs = target.isForLabs
    this.#target = target
    // It holds the connection open until its standard input is closed, which happens at the latest when labrun dies.
    const hold = `echo ${this.#greeting}; exec cat >/dev/null`
    this.#master = localMachine.start(['ssh', ...this.#options(CAN_SHARE ? 'yes' : 'no'), ...this.#to(), hold])
    void this.#master.ended.then(() => {
      this.#isLost = true
      rmSync(this.#folder, { recursive: true, force: true })
    })
  }

  /** Resolves when programs can be started. */
  async ready(): Promise<void> {
    let said = ''
    const greeted = new Promise<void>((resolve) => {
      this.#master.stdout.on('data', (bytes: Buffer) => {
        if (said.length < 65_536) said += String(bytes)
        if (said.includes(this.#greeting)) resolve()
      })
    })
    const end = await Promise.race([greeted, this.#master.ended])
    if (end) throw explainSsh(this.#target, end)
    // Whatever becomes of the command that wanted it: when there is nothing else to do, labrun ends, and it with it.
    this.#master.unref()
  }

  isLost(): boolean {
    return this.#isLost
  }

  start(command: readonly [string, ...string[]]): MachineProcess {
    // Without the connection ssh would make another one: then it is better to fail at once.
    const shared = CAN_SHARE ? ['-o', 'ProxyCommand=false'] : []
    const process = localMachine.start([
      'ssh',
      ...this.#options('no'),
      ...shared,
      ...this.#to(),
      command.map(quote).join(' '),
    ])
    return { ...process, ended: process.ended.then((end) => this.#explain(end)) }
  }

  async close(): Promise<void> {
    this.#master.stdin.end()
    const force = setTimeout(() => this.#master.kill(), 2000)
    await this.#master.ended
    clearTimeout(force)
  }

  #options(master: 'yes' | 'no'): string[] {
    const { config } = this.#target
    const options = [
      'BatchMode=yes',
      'ConnectTimeout=20',
      'ForwardAgent=no',
      'ForwardX11=no',
      'ClearAllForwardings=yes',
      'EscapeChar=none',
      `ServerAliveInterval=${SILENCE / 3}`,
      'ServerAliveCountMax=3',
      `ControlMaster=${master}`,
      'ControlPersist=no',
      `ControlPath=${CAN_SHARE ? join(this.#folder, 'c') : 'none'}`,
    ]
    return ['-T', ...(config ? ['-F', config] : []), ...options.flatMap((option) => ['-o', option])]
  }

  #to(): string[] {
    return ['--', this.#target.destination]
  }

  /** 255 is ssh's own, where it could not do its work (ssh(1)), and also what a program has that was ended by a signal. */
  async #explain(end: ProcessEnd): Promise<ProcessEnd> {
    if (end.trouble === undefined && end.status !== 255) return end
    // The one that holds the connection knows why it broke; it ends a little later.
    const why = await Promise.race([this.#master.ended, delay(1000, undefined, { ref: false })])
    if (!why && !REFUSED.test(end.stderr)) return { ...end, status: undefined }
    const error: MachineError = explainSsh(this.#target, why ?? end)
    return { ...end, trouble: error.message, remedies: error.remedies }
  }
}

/** The connection stands, but nothing more can be started through it. */
const REFUSED = /mux_client|Session open refused|session request failed/

/** OpenSSH for Windows cannot share a connection: there each program has its own. */
const CAN_SHARE = process.platform !== 'win32'

/** A word for a POSIX shell. */
function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`
}
