import type { Needs, WorldSpec } from '../lab/lab.ts'
import type { Machine, MachineProcess, ProcessEnd } from '../machine/machine.ts'
import { Channel, type Message } from './channel.ts'
import { hostsFile } from './hosts.ts'
import { limitsLine, type WorldLimits } from './limits.ts'
import { bootCommand, worldProgram } from './program.ts'
import { explainFailure, WorldError } from './trouble.ts'

/** The student's own machine in a world; where terminals and probes are if nothing else is said. */
export const HOST = 'host'

export interface WorldInfo {
  readonly processor: string
  readonly kernel: string
  /**
   * `single`: root in the world is the user who runs labrun; `range`: an unprivileged range of ids; `real`: the machine's
   * own root.
   */
  readonly ids: string
}

/** A world that is ready, and the channel to it. */
export interface Booted {
  readonly child: MachineProcess
  readonly channel: Channel
  readonly info: WorldInfo
  /** Who gets its messages from now on. */
  readonly listen: (receive: (message: Message) => void) => void
}

interface BootOptions {
  readonly onWait: ((why: string) => void) | undefined
  readonly limits: WorldLimits
}

/** Starts a world's first process and waits until it says that all is built. Throws WorldError. */
export async function boot(
  machine: Machine,
  spec: WorldSpec,
  needs: Needs | 'look',
  { onWait, limits }: BootOptions,
): Promise<Booted> {
  const program = worldProgram()
  const child = machine.start(bootCommand(Buffer.byteLength(program), needs))
  let receive: (message: Message) => void = () => {}
  const first = new Promise<Message>((resolve) => {
    receive = (message) => {
      if (String(message[0]) === 'waiting') onWait?.(String(message[1]))
      else resolve(message)
    }
  })
  const channel = new Channel(child.stdout, child.stdin, (message) => receive(message))
  child.stdin.write(program)
  const { lan } = spec
  const addresses = lan ? [lan.uplink.name, lan.uplink.address, lan.gateway, lan.client] : []
  channel.send('world', needs, limitsLine(limits), HOST, hostsFile(spec), ...addresses)
  const answer = await Promise.race([first, child.ended])
  if (!isMessage(answer)) {
    if (answer.remedies) throw new WorldError('machine-lost', describeEnd(answer), answer.remedies)
    throw explainFailure('start', describeEnd(answer), {})
  }
  const [word, ...fields] = answer.map(String)
  if (word !== 'ready') {
    const [stage = '', reason = '', ...facts] = fields
    throw explainFailure(stage, reason, Object.fromEntries(facts.map((fact) => fact.split(/=(.*)/s).slice(0, 2))))
  }
  const [processor = '', kernel = '', ids = ''] = fields
  return {
    child,
    channel,
    info: { processor, kernel, ids },
    listen: (listener) => {
      receive = listener
    },
  }
}

function isMessage(answer: Message | ProcessEnd): answer is Message {
  return Array.isArray(answer)
}

/** Why a world's first process has ended, in words. */
export function describeEnd(end: ProcessEnd): string {
  return (
    end.trouble ??
    (end.stderr.trim().split('\n').at(-1) ||
      `its first process ended with ${end.status === undefined ? 'a signal' : `status ${end.status}`}`)
  )
}
