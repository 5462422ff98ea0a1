import { existsSync } from 'node:fs'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'

export const isRoot = process.getuid?.() === 0

/** Users that own nothing and are known nowhere. */
export const STRANGER = 64321
export const STRANGER_WITH_SUBUID = 64322

/** The local machine, with other words before every command: `setpriv …`, `chroot …`. */
export function wrapped(name: string, words: readonly string[]): Machine {
  return {
    ...localMachine,
    name,
    start(command) {
      const [file, ...rest] = [...words, ...command]
      return localMachine.start([file!, ...rest])
    },
  }
}

/** The local machine as another user; only root may do that. */
export function asUser(uid: number): Machine {
  return wrapped(`this machine as user ${uid}`, becoming(uid))
}

/** As `asUser`, and the given file is /etc/subuid and /etc/subgid there. */
export function asUserWithSubuid(uid: number, file: string): Machine {
  const mount = 'mount --bind "$1" /etc/subuid && mount --bind "$1" /etc/subgid && shift && exec "$@"'
  const words = ['unshare', '-m', 'sh', '-c', mount, 'sh', file, ...becoming(uid)]
  return wrapped(`this machine as user ${uid} with subordinate ids`, words)
}

/** What keeps the tests of other users from running here, if anything does. */
export function whyNoOtherUser(): string | undefined {
  if (!isRoot) return 'only root can become another user'
  if (!existsSync('/etc/subuid') || !existsSync('/etc/subgid')) return 'there is no /etc/subuid that could be replaced'
  return undefined
}

/** The words that make a command run as an ordinary user: none if that is who runs the tests. */
export const ordinary: readonly string[] = isRoot ? becoming(STRANGER) : []

function becoming(uid: number): readonly string[] {
  return ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups']
}
