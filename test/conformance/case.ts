import { expect } from 'vitest'
import type { WorldSpec } from '../../src/lab/lab.ts'
import type { WorldLimits } from '../../src/world/limits.ts'
import type { CommandEnd, CommandOptions } from '../../src/world/terminal.ts'
import type { World } from '../../src/world/world.ts'

/** Something that is true of a fresh world on every machine. */
export interface Case {
  readonly name: string
  /** The world that it needs; without it, `isolated`. */
  readonly spec?: WorldSpec
  readonly limits?: WorldLimits
  /** Rejects where it is not true; `skip` is for what the machine under the world does not have. */
  run(world: World, skip: (reason: string) => never): Promise<void>
}

export const isolated: WorldSpec = { lan: undefined }

/** The addresses of the preset `lan`. */
export const lan: WorldSpec = {
  lan: { uplink: { name: 'ens33', address: '192.168.0.10/24' }, gateway: '192.168.0.2', client: '192.168.0.129' },
}

/** Milliseconds that a command may take which is not expected to be ended, also on an emulated machine. */
const ENOUGH = 60_000

/** Types a command into the terminal `main`, or the one given. */
export async function type(
  world: World,
  text: string,
  { terminal = 'main', timeout = ENOUGH, ...rest }: Partial<CommandOptions> & { terminal?: string } = {},
): Promise<CommandEnd> {
  return await world.run(terminal, text, { timeout, ...rest })
}

/** What a command prints, without blanks at both ends. Its status must be 0. */
export async function outputOf(world: World, text: string, terminal = 'main'): Promise<string> {
  const end = await type(world, text, { terminal })
  expect(end, `after: ${text}`).toMatchObject({ status: 0, timedOut: false, shellEnded: false })
  return end.output.trim()
}

/** Interrupts a command, as by Ctrl-C, as soon as it has printed what matches, or after so many milliseconds. */
export async function interrupt(world: World, text: string, when: RegExp | number): Promise<CommandEnd> {
  const stop = new AbortController()
  // To open the terminal takes its time, which is not that of the command.
  if (typeof when === 'number') await type(world, ':')
  const timer = typeof when === 'number' ? setTimeout(() => stop.abort(), when) : undefined
  let seen = ''
  const end = await type(world, text, {
    signal: stop.signal,
    onOutput: (more) => {
      seen += more
      if (when instanceof RegExp && when.test(seen)) stop.abort()
    },
  })
  clearTimeout(timer)
  expect(end).toMatchObject({ interrupted: true, timedOut: false })
  return end
}

/** Waits until the promise of `look` resolves to something that matches; rejects after a minute. */
export async function eventually(look: () => Promise<string> | string, what: RegExp): Promise<string> {
  let seen = ''
  for (const end = Date.now() + ENOUGH; Date.now() < end; ) {
    seen = await look()
    if (what.test(seen)) return seen
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(seen, `after ${ENOUGH / 1000} s`).toMatch(what)
  return seen
}

/** The command lines of all processes of the world, one a line. */
export async function commandLines(world: World): Promise<string> {
  const list = 'for p in /proc/[0-9]*; do tr "\\0" " " < $p/cmdline && echo; done 2>&1'
  return (await world.probe('host', ['sh', '-c', list])).stdout
}
