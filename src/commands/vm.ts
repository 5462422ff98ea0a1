import { existsSync } from 'node:fs'
import { execa } from 'execa'
import {
  connectVm,
  destroyVm,
  haltVm,
  sshConfig,
  startVm,
  VM,
  type VmChoices,
  vmState,
} from '../machine/virtual-machine.ts'
import type { Surroundings } from '../surroundings.ts'
import { Waiting } from './waiting.ts'

/** `labrun vm up`: starts the virtual machine and makes it ready for labs. */
export async function vmUp({ signal }: Surroundings): Promise<number> {
  return await withProgress(signal, async (choices) => {
    // Vagrant is asked first: what is known of how to reach it may be old.
    await startVm(choices)
    await (await connectVm(choices)).close()
    return 'the virtual machine is ready: labrun --on vagrant 01-netns'
  })
}

/** `labrun vm status`: 0 if it runs, otherwise 1. */
export async function vmStatus({ json }: { json?: boolean }): Promise<number> {
  const state = await vmState()
  process.stdout.write(json ? `${JSON.stringify({ state })}\n` : `${STATES[state] ?? state}\n`)
  return state === 'running' ? 0 : 1
}

const STATES: Readonly<Record<string, string>> = {
  running: 'running',
  not_created: 'there is none yet: `labrun vm up` makes it',
  poweroff: 'stopped: `labrun vm up` starts it',
  shutoff: 'stopped: `labrun vm up` starts it',
}

/** `labrun vm halt` */
export async function vmHalt({ signal }: Surroundings): Promise<number> {
  return await withProgress(signal, async (choices) => {
    await haltVm(choices)
    return 'the virtual machine is stopped'
  })
}

/** `labrun vm destroy` */
export async function vmDestroy({ signal }: Surroundings): Promise<number> {
  return await withProgress(signal, async (choices) => {
    await destroyVm(choices)
    return 'the virtual machine is gone, with its disk; what you did in labs is kept on this machine'
  })
}

/** `labrun vm ssh [COMMAND…]`: a shell in the virtual machine, or one command; resolves to its status. */
export async function vmSsh(command: readonly string[], { onInterrupt }: Surroundings): Promise<number> {
  if (!existsSync(sshConfig())) {
    process.stderr.write('labrun: there is no virtual machine yet\n  → `labrun vm up` makes it\n')
    return 2
  }
  // Ctrl-C is for the shell there.
  const release = onInterrupt(() => {})
  const { exitCode } = await execa('ssh', ['-F', sshConfig(), VM, ...command], { stdio: 'inherit', reject: false })
  release()
  return exitCode ?? 2
}

async function withProgress(signal: AbortSignal, act: (choices: VmChoices) => Promise<string>): Promise<number> {
  const waiting = new Waiting()
  try {
    const said = await act({ signal, onStage: (stage) => waiting.show(stage) })
    waiting.end()
    process.stdout.write(`${said}\n`)
    return 0
  } finally {
    waiting.end()
  }
}
