import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import { checks } from '../checks/index.ts'
import { localMachine } from '../machine/local.ts'
import { Trouble } from '../machine/trouble.ts'
import { vagrant } from '../machine/vagrant.ts'
import { explainVagrant } from '../machine/vagrant-trouble.ts'
import { World } from '../world/world.ts'
import { MANAGERS, type Manager } from './packages.ts'

/** Where programs are looked for in a world (program/60-terminals.pl, world_environment). */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'.split(':')

/** What the shipped labs and the outside machines use, beside what the checks need. */
const USED = [
  'bash',
  'perl',
  'ip',
  'ss',
  'iptables',
  'ebtables',
  'tcpdump',
  'conntrack',
  'nft',
  'python3',
  'curl',
  'ps',
]

export interface Examination {
  readonly system: string
  readonly missing: readonly string[]
  readonly manager: Manager | undefined
  /** Undefined if it was not tried, because programs are missing. */
  readonly world: WorldHere | WorldInVm | Refusal | undefined
  readonly notes: readonly string[]
}

export interface WorldHere {
  readonly works: true
  readonly ids: string
  readonly milliseconds: number
}

/** Worlds are made of Linux namespaces; elsewhere than on Linux they are in the virtual machine. */
export interface WorldInVm {
  readonly works: true
  readonly vagrant: true
}

export interface Refusal {
  readonly works: false
  readonly cause: string
  readonly remedies: readonly string[]
}

/** Looks for the programs, and builds a world with outside machines to see whether that works. */
export async function examine(): Promise<Examination> {
  const system = `${process.platform} ${process.arch}`
  if (process.platform !== 'linux')
    return { system, missing: [], manager: undefined, world: await tryVagrant(), notes: [] }
  const tools = new Set([...USED, ...[...checks.values()].flatMap((check) => check.tools)])
  const missing = [...tools].filter((tool) => !isInstalled(tool)).toSorted()
  const manager = (Object.keys(MANAGERS) as Manager[]).find(isInstalled)
  const world = missing.some((tool) => ['perl', 'ip', 'iptables', 'bash'].includes(tool)) ? undefined : await tryWorld()
  return { system, missing, manager, world, notes: notes() }
}

function isInstalled(tool: string): boolean {
  return PATH.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Whether there is a Vagrant; whether it has a provider shows only when it starts a machine. */
async function tryVagrant(): Promise<Examination['world']> {
  const end = await vagrant(['--version'])
  if (end.status === 0) return { works: true, vagrant: true }
  const { message, remedies } = explainVagrant('looking for Vagrant', end)
  return { works: false, cause: `this is not Linux, so labs run in a virtual machine: ${message}`, remedies }
}

async function tryWorld(): Promise<Examination['world']> {
  const start = performance.now()
  try {
    const lan = {
      uplink: { name: 'ens33', address: '192.168.0.10/24' },
      gateway: '192.168.0.2',
      client: '192.168.0.129',
    }
    const world = await World.open(localMachine, { lan })
    const milliseconds = Math.round(performance.now() - start)
    await world.close()
    return { works: true, ids: world.info.ids, milliseconds }
  } catch (error) {
    if (error instanceof Trouble) return { works: false, cause: error.message, remedies: error.remedies }
    throw error
  }
}

function notes(): string[] {
  const found: string[] = []
  if (!existsSync('/proc/sys/net/bridge')) {
    found.push('br_netfilter is not loaded, so iptables does not see bridged packets: sudo modprobe br_netfilter')
  }
  return found
}
