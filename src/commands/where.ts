import type { Needs, WorldSpec } from '../lab/lab.ts'
import { localMachine } from '../machine/local.ts'
import type { Machine } from '../machine/machine.ts'
import { connectSsh } from '../machine/ssh.ts'
import { Trouble } from '../machine/trouble.ts'
import { connectVm } from '../machine/virtual-machine.ts'
import type { WorldLimits } from '../world/limits.ts'
import { WorldError } from '../world/trouble.ts'
import { World } from '../world/world.ts'
import type { PlaceOptions } from './place.ts'
import { Waiting } from './waiting.ts'

/** Where the worlds of a command are: finds the machine when it is first needed, and lets go of it at the end. */
export class Where {
  readonly #options: PlaceOptions
  readonly #signal: AbortSignal
  readonly #waiting = new Waiting()
  #machine: Promise<Machine> | undefined
  /** A machine for labs that need more than the first one may give. */
  #other: Promise<Machine> | undefined

  /** What worlds may use of the machine; default: what people's own may. */
  readonly #limits: WorldLimits | undefined

  constructor(options: PlaceOptions, signal: AbortSignal, limits?: WorldLimits) {
    this.#limits = limits
    this.#options = options
    this.#signal = signal
  }

  /** Builds a world for a lab. Rejects with Trouble. */
  readonly openWorld = async (spec: WorldSpec, needs: Needs): Promise<World> => {
    const machine = await this.machine(needs)
    if (needs !== 'any' && !machine.isForLabs && !this.#options.privileged) throw tooMuch(needs, machine)
    const onWait = (why: string) => this.#waiting.show({ what: `${why}; waiting for it`, seconds: undefined })
    try {
      return await World.open(machine, spec, needs, { onWait, limits: this.#limits })
    } catch (error) {
      const instead = await this.#instead(machine, error)
      if (!instead) throw error
      return await World.open(instead, spec, needs, { onWait, limits: this.#limits })
    } finally {
      this.#waiting.end()
    }
  }

  /** The machine that a lab with such needs is run on. Rejects with MachineError. */
  readonly machine = async (needs: Needs = 'any'): Promise<Machine> => {
    const { on, privileged } = this.#options
    // The next lab finds a new way to a machine that was lost in the last one.
    if (await isLost(this.#machine)) this.#machine = undefined
    if (await isLost(this.#other)) this.#other = undefined
    if (on === 'auto' && needs !== 'any' && !privileged) {
      this.#other ??= this.#connect('vagrant')
      return await this.#other
    }
    const isHere = on === 'local' || (on === 'auto' && process.platform === 'linux')
    this.#machine ??= isHere ? Promise.resolve(localMachine) : this.#connect(on === 'auto' ? 'vagrant' : on)
    return await this.#machine
  }

  /** Lets go of the machines; those that a virtual machine is, go on running. */
  async close(): Promise<void> {
    this.#waiting.end()
    for (const machine of [this.#machine, this.#other]) await machine?.then((one) => one.close()).catch(() => {})
  }

  /** With `auto`, the virtual machine where this machine cannot; undefined where that is no help. */
  async #instead(machine: Machine, error: unknown): Promise<Machine | undefined> {
    if (this.#options.on !== 'auto' || machine !== localMachine) return undefined
    if (!(error instanceof WorldError) || !FORBIDDEN.has(error.code)) return undefined
    this.#waiting.say(`${error.message.split('\n')[0]}: the lab runs in the virtual machine instead`)
    this.#machine = this.#connect('vagrant')
    return await this.#machine.catch((second: unknown) => {
      // Both ways are blocked, and the first is the one to mend.
      this.#machine = Promise.resolve(localMachine)
      if (!(second instanceof Trouble)) throw second
      const remedies = [...error.remedies, ...second.remedies.map((one) => `for the virtual machine: ${one}`)]
      throw new WorldError(error.code, `${error.message}\n  and ${second.message}`, remedies)
    })
  }

  async #connect(on: string): Promise<Machine> {
    try {
      if (on === 'vagrant') {
        return await connectVm({ signal: this.#signal, onStage: (stage) => this.#waiting.show(stage) })
      }
      const destination = on.slice('ssh:'.length)
      this.#waiting.show({ what: `connecting to ${destination}`, seconds: undefined })
      const remedies = [`see whether you can reach it: ssh ${destination}`, 'run it again when it is back']
      return await connectSsh({ name: destination, destination, isForLabs: false, remedies }, this.#signal)
    } finally {
      this.#waiting.end()
    }
  }
}

/** Also one that was never reached. */
async function isLost(machine: Promise<Machine> | undefined): Promise<boolean> {
  return machine !== undefined && (await machine.then((one) => one.isLost()).catch(() => true))
}

/** What keeps ordinary worlds from being built here, however the lab is (world/trouble.ts). */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'userns-clone-off',
  'namespaces-off',
  'apparmor-userns',
  'userns-forbidden',
  'proc-masked',
  'processor-unknown',
])

function tooMuch(needs: Needs, { name }: Machine): WorldError {
  const what = needs === 'vm' ? 'its root and the log of its kernel' : 'its real root'
  return new WorldError(
    'needs-vm',
    `this lab says \`machine: ${needs}\`: it needs ${what}, and on ${name} labs do not get that`,
    ['run it in the virtual machine: --on vagrant', 'or, on a machine that you can do without, as root: --privileged'],
  )
}
