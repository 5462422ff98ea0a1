import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import writeFileAtomic from 'write-file-atomic'
import { packageRoot } from '../package.ts'
import type { Machine } from './machine.ts'
import { connectSsh } from './ssh.ts'
import { MachineError } from './trouble.ts'
import { dotFolder, type VagrantEnd, type VagrantLine, vagrant } from './vagrant.ts'
import { explainVagrant } from './vagrant-trouble.ts'

/** What is being done to get the virtual machine; `seconds`: how long all of it took the last time, if that is known. */
export interface VmStage {
  readonly what: string
  readonly seconds: number | undefined
}

export interface VmChoices {
  readonly signal: AbortSignal
  readonly onStage: (stage: VmStage) => void
}

const NAME = 'the virtual machine'
/** Vagrant's name of it, in the Vagrantfile. */
export const VM = 'labrun'

/** Connects to the virtual machine; starts it where it does not run. Rejects with MachineError. */
export async function connectVm(choices: VmChoices): Promise<Machine> {
  const known = existsSync(sshConfig()) ? await connect(choices.signal).catch(() => undefined) : undefined
  const machine = known ?? (await startAndConnect(choices))
  try {
    await provision(machine, choices)
  } catch (error) {
    await machine.close()
    throw error
  }
  return machine
}

/** `vagrant up`, also while another one is at it. Rejects with MachineError. */
export async function startVm(choices: VmChoices): Promise<void> {
  const start = performance.now()
  const isNew = machineId() === undefined
  const seconds = readNotes()[isNew ? 'create' : 'boot']
  choices.onStage({ what: isNew ? 'making the virtual machine' : 'starting the virtual machine', seconds })
  const onLine = (line: VagrantLine) => {
    const what = stageOf(line)
    if (what) choices.onStage({ what, seconds })
  }
  await whenFree('starting the virtual machine', choices, () => vagrant(['up'], { signal: choices.signal, onLine }))
  const { lines, ...end } = await vagrant(['ssh-config', VM], { signal: choices.signal })
  const config = lines.find(({ type }) => type === 'ssh-config')?.data[0]
  if (end.status !== 0 || !config) throw explainVagrant('reading how to reach it', { ...end, lines })
  await writeFileAtomic(sshConfig(), config.trimEnd() + FAST_KEYS)
  await writeNotes({ [isNew ? 'create' : 'boot']: Math.round((performance.now() - start) / 1000) })
}

/**
 * The way to the machine does not leave this computer, so it does without the key exchange that withstands quantum computers: in an
 * emulated machine that takes a fifth of a login. Names of ssh_config(5) that OpenSSH knows since 7.4.
 */
const FAST_KEYS = '\n  KexAlgorithms curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256\n'

/** `running`, `poweroff`, `not_created`, … in Vagrant's words. Rejects with MachineError. */
export async function vmState(): Promise<string> {
  const end = await vagrant(['status', VM])
  const state = end.lines.find(({ type }) => type === 'state')?.data[0]
  if (end.status !== 0 || !state) throw explainVagrant('asking for its state', end)
  return state
}

/** Stops it; it is kept. Rejects with MachineError. */
export async function haltVm(choices: VmChoices): Promise<void> {
  await whenFree('stopping the virtual machine', choices, () => vagrant(['halt', VM], choices))
}

/** Takes it away with its disk. Rejects with MachineError. */
export async function destroyVm(choices: VmChoices): Promise<void> {
  await whenFree('destroying the virtual machine', choices, () => vagrant(['destroy', '--force', VM], choices))
  rmSync(sshConfig(), { force: true })
  await writeNotes({ provisioned: '' })
}

/** How ssh(1) reaches it: a file for `ssh -F`; there is none before it was first started. */
export function sshConfig(): string {
  return join(dotFolder(), 'labrun-ssh-config')
}

async function connect(signal: AbortSignal): Promise<Machine> {
  const remedies = [
    'run it again: labrun starts the virtual machine where it does not run',
    '`labrun vm status` tells how it is',
  ]
  return await connectSsh({ name: NAME, destination: VM, config: sshConfig(), isForLabs: true, remedies }, signal)
}

async function startAndConnect(choices: VmChoices): Promise<Machine> {
  mkdirSync(dotFolder(), { recursive: true })
  await startVm(choices)
  return await connectWhenUp(choices)
}

/** Seconds that a machine that runs may take until it lets us in. */
const START_UP = 180

/** For Vagrant a machine that is just rebooting runs already, so it does not wait for it. */
async function connectWhenUp({ signal, onStage }: VmChoices): Promise<Machine> {
  const end = performance.now() + START_UP * 1000
  for (;;) {
    try {
      return await connect(signal)
    } catch (error) {
      const passes = error instanceof MachineError && PASSING.has(error.code)
      if (!passes || signal.aborted || performance.now() > end) throw error
    }
    onStage({ what: 'waiting for it to start up', seconds: readNotes().boot })
    await delay(2000, undefined, { signal }).catch(() => {})
  }
}

/** What is seen of a machine that is starting up (ssh-trouble.ts). */
const PASSING: ReadonlySet<string> = new Set(['ssh-refused', 'machine-silent', 'machine-lost'])

/** Seconds that another `vagrant` may be at work on the machine. */
const PATIENCE = 1800

/** Vagrant lets only one at a time act on a machine; the others wait, and then find that it is done. */
async function whenFree(what: string, { signal, onStage }: VmChoices, act: () => Promise<VagrantEnd>): Promise<void> {
  for (let waited = 0; waited < PATIENCE; waited += 2) {
    const end = await act()
    if (end.status === 0) return
    if (signal.aborted) {
      throw new MachineError('interrupted', `${what} was interrupted`, ['`labrun vm up` goes on where it stopped'])
    }
    if (!/Machine(?:Action)?Locked/.test(end.error)) throw explainVagrant(what, end)
    onStage({ what: 'another program is at work on the virtual machine; waiting for it', seconds: undefined })
    await delay(2000, undefined, { signal }).catch(() => {})
  }
  throw new MachineError(
    'vm-locked',
    `another program has been at work on the virtual machine for ${PATIENCE / 60} minutes`,
    ['look for a `vagrant` that hangs, and end it'],
  )
}

/** What goes on, from Vagrant's own lines. */
function stageOf({ type, data: [level = '', text = ''] }: VagrantLine): string | undefined {
  if (type !== 'ui' || level === 'error') return undefined
  const found = STAGES.find(([said]) => said.test(text))
  if (!found) return undefined
  const percent = /Progress:\s*(\d+)%/.exec(text)?.[1]
  return percent ? `${found[1]} (${percent} %)` : found[1]
}

const STAGES: readonly (readonly [RegExp, string])[] = [
  [/Progress:\s*\d+%/, 'fetching the box'],
  [/Loading metadata for box|Adding box|Downloading:|could not be found/, 'fetching the box'],
  [/Extracting box|Importing base box|Uploading base box|Box download is resuming/, 'unpacking the box'],
  [/Creating (?:image|domain)|Cloning|Matching MAC/, 'making its disk'],
  [
    /Starting domain|Booting VM|Starting the VM|Waiting for machine to boot|get an IP address/,
    'waiting for it to start up',
  ],
  [/SSH address|Inserting generated/, 'setting up the way in'],
  [/Running provisioner|Running: /, 'installing what labs need'],
]

/**
 * Brings the machine's programs and settings up to date, where that was not done yet for this machine and this version: also
 * after a `vagrant up` that broke off in the middle, which Vagrant itself would not do again.
 */
async function provision(machine: Machine, { signal, onStage }: VmChoices): Promise<void> {
  const script = readFileSync(new URL('vagrant/provision.sh', packageRoot))
  const mark = createHash('sha256')
    .update(script)
    .update(machineId() ?? '')
    .digest('hex')
  if (readNotes().provisioned === mark) return
  onStage({ what: 'installing what labs need', seconds: undefined })
  const { stdin, stdout, ended, kill } = machine.start(['sudo', '-n', 'sh', '-s'])
  signal.addEventListener('abort', kill, { once: true })
  stdin.end(script)
  let last = ''
  for await (const line of createInterface({ input: stdout })) {
    last = line
    if (line.startsWith('changed: '))
      onStage({ what: `installing what labs need: ${line.slice('changed: '.length, 70)}`, seconds: undefined })
  }
  const end = await ended
  signal.removeEventListener('abort', kill)
  if (end.status === 0) return await writeNotes({ provisioned: mark })
  const why = end.trouble ?? (end.stderr.trim().split('\n').slice(-3).join('\n    ') || last)
  throw new MachineError(
    'vm-provision',
    `the virtual machine runs, but could not be made ready for labs\n  seen: ${why}`,
    [
      ...(/No space left/.test(why) ? ['its disk is full: `labrun vm ssh` and make room, or `labrun vm destroy`'] : []),
      'it needs the internet for that once: look at the connection, then run it again',
    ],
  )
}

/** By which id the provider knows the machine; undefined if there is none. */
function machineId(): string | undefined {
  const folder = join(dotFolder(), 'machines', VM)
  for (const provider of existsSync(folder) ? readdirSync(folder) : []) {
    const file = join(folder, provider, 'id')
    if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  }
  return undefined
}

/** What is remembered of the machine: seconds that it took, and for what it was provisioned. */
interface Notes {
  readonly create?: number
  readonly boot?: number
  readonly provisioned?: string
}

function readNotes(): Notes {
  try {
    return JSON.parse(readFileSync(notesFile(), 'utf8')) as Notes
  } catch {
    return {}
  }
}

async function writeNotes(notes: Notes): Promise<void> {
  mkdirSync(dotFolder(), { recursive: true })
  await writeFileAtomic(notesFile(), `${JSON.stringify({ ...readNotes(), ...notes })}\n`)
}

function notesFile(): string {
  return join(dotFolder(), 'labrun.json')
}
