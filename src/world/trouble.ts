import { Trouble } from '../machine/trouble.ts'

/** A world could not be built, or died. */
export class WorldError extends Trouble {}

type Facts = Readonly<Record<string, string | undefined>>

/**
 * Names the cause of a failure from the stage that failed, the kernel's answer, and settings that were read on the
 * machine (program/20-channel.pl, give_up).
 */
export function explainFailure(stage: string, reason: string, facts: Facts): WorldError {
  for (const explain of CAUSES) {
    const found = explain(stage, reason, facts)
    if (found) return new WorldError(found.code, `${found.cause}\n  seen at: ${stage}: ${reason}`, found.remedies)
  }
  return new WorldError('world-failed', `the world could not be built: ${stage}: ${reason}`, [
    '`labrun doctor` looks for what is missing on this machine',
  ])
}

interface Cause {
  readonly code: string
  readonly cause: string
  readonly remedies: readonly string[]
}

const WITH_SUDO = 'or run labrun with sudo: the world is as private as before'
const IN_VM = 'or run it in a virtual machine: --on vagrant'

// The first that fits is named; the settings that an administrator made come before guesses.
const CAUSES: readonly ((stage: string, reason: string, facts: Facts) => Cause | undefined)[] = [
  (stage, reason) =>
    stage === 'start' && /ENOENT/.test(reason)
      ? {
          code: 'perl-missing',
          cause: 'perl is not installed, and worlds are built by a Perl program',
          remedies: ['`labrun doctor --fix` installs it'],
        }
      : undefined,
  (_stage, _reason, facts) =>
    facts['kernel.unprivileged_userns_clone'] === '0' && facts.uid !== '0'
      ? {
          code: 'userns-clone-off',
          cause: 'this machine does not let ordinary users make user namespaces: kernel.unprivileged_userns_clone = 0',
          remedies: ['sudo sysctl -w kernel.unprivileged_userns_clone=1', WITH_SUDO, IN_VM],
        }
      : undefined,
  ...(['user', 'net', 'mnt', 'pid'] as const).map(
    (kind) => (_stage: string, _reason: string, facts: Facts) =>
      facts[`user.max_${kind}_namespaces`] === '0'
        ? {
            code: 'namespaces-off',
            cause: `this machine allows no ${kind} namespaces: user.max_${kind}_namespaces = 0`,
            remedies: [`sudo sysctl -w user.max_${kind}_namespaces=15000`, IN_VM],
          }
        : undefined,
  ),
  (_stage, _reason, facts) =>
    facts['kernel.apparmor_restrict_unprivileged_userns'] === '1' && facts.uid !== '0'
      ? {
          code: 'apparmor-userns',
          cause:
            'AppArmor takes the rights from user namespaces of ordinary users: kernel.apparmor_restrict_unprivileged_userns = 1 (Ubuntu 23.10 and later)',
          remedies: [
            'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 (until the next boot)',
            WITH_SUDO,
            IN_VM,
          ],
        }
      : undefined,
  (_stage, reason) =>
    /No space left/.test(reason)
      ? {
          code: 'namespaces-full',
          cause: 'this machine has reached its limit of namespaces',
          remedies: ['close other worlds, or raise user.max_*_namespaces'],
        }
      : undefined,
  (stage, reason, facts) =>
    /namespace/.test(stage) && /not permitted/.test(reason)
      ? {
          code: 'userns-forbidden',
          cause: `namespaces are forbidden here${facts.seccomp === '2' ? ' by a seccomp filter' : ''}${inside(facts)}`,
          remedies: [
            ...(facts.container || facts.seccomp === '2'
              ? ['start the container with --privileged, or with --security-opt seccomp=unconfined --cap-add SYS_ADMIN']
              : []),
            ...(facts.seccomp === '2'
              ? []
              : ['if this is a chroot, leave it: the kernel allows no user namespaces there']),
            IN_VM,
          ],
        }
      : undefined,
  (stage, _reason, facts) =>
    stage === 'proc' || stage === 'sysfs'
      ? {
          code: 'proc-masked',
          cause: `parts of /proc or /sys are masked${inside(facts)}, so a world cannot have its own`,
          remedies: ['start the container with --privileged, or with --security-opt systempaths=unconfined', IN_VM],
        }
      : undefined,
  (stage, reason) =>
    stage === 'outside machines'
      ? {
          code: 'tool-missing',
          cause: `the outside machines could not be built: ${reason}`,
          remedies: ['`labrun doctor --fix` installs iproute2 and iptables'],
        }
      : undefined,
  (stage, reason) =>
    stage === 'machine'
      ? { code: 'processor-unknown', cause: `worlds are not known to work here: ${reason}`, remedies: [IN_VM] }
      : undefined,
]

function inside(facts: Facts): string {
  return facts.container ? ` (inside ${facts.container})` : ''
}
