import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { explainFailure, WorldError } from '../../src/world/trouble.ts'
import { World } from '../../src/world/world.ts'
import { isolated } from './case.ts'
import { ordinary, wrapped } from './machines.ts'

/** Becomes an ordinary user in a user namespace of its own, in which that user may lower the limits. */
const OWN_LIMITS = [...ordinary, 'unshare', '-U', '--map-current-user', '--keep-caps', 'sh', '-c']

// A filter that lets unshare(2) fail with EPERM, as the one that Docker loads (seccomp(2)).
const FILTER = `my ($audit, $unshare) = \`uname -m\` =~ /aarch64/ ? (0xC00000B7, 97) : (0xC000003E, 272);
my $seccomp = $unshare == 97 ? 277 : 317;
syscall($unshare == 97 ? 167 : 157, 38, 1, 0, 0, 0);
my $filter = join '', map { pack 'S C C L', @$_ } [0x20, 0, 0, 4], [0x15, 0, 3, $audit], [0x20, 0, 0, 0],
  [0x15, 0, 1, $unshare], [0x06, 0, 0, 0x00050001], [0x06, 0, 0, 0x7fff0000];
my $program = pack 'S x6 P', 6, $filter;
syscall($seccomp, 1, 0, $program) == 0 or die "seccomp: $!";
exec @ARGV`

describe('where worlds are forbidden, the error names the cause: for real', () => {
  for (const kind of ['user', 'net', 'mnt', 'pid'] as const) {
    test(`user.max_${kind}_namespaces = 0`, async () => {
      const limit = `echo 0 > /proc/sys/user/max_${kind}_namespaces && exec "$@"`
      const error = await refusal(wrapped('no namespaces', [...OWN_LIMITS, limit, 'sh']))
      expect(error.code).toBe('namespaces-off')
      expect(error.message).toContain(`user.max_${kind}_namespaces = 0`)
      expect(error.message).toMatch(/seen at: (user|mount|network|PID) namespace: unshare: No space left on device/)
      expect(error.remedies[0]).toContain(`sysctl -w user.max_${kind}_namespaces=`)
    })
  }

  test('inside a chroot', async () => {
    const root = mkdtempSync(join(tmpdir(), 'chroot-'))
    const enter = `mount --rbind / ${root} && exec chroot ${root} "$@"`
    const error = await refusal(wrapped('a chroot', [...ordinary, 'unshare', '-Urm', 'sh', '-c', enter, 'sh']))
    rmSync(root, { recursive: true })
    expect(error.code).toBe('userns-forbidden')
    expect(error.message).toMatch(
      /namespaces are forbidden here[\s\S]*user namespace: unshare: Operation not permitted/,
    )
    expect(error.remedies.join()).toMatch(/chroot/)
  })

  test('under a seccomp filter', async () => {
    const error = await refusal(wrapped('a filter', [...ordinary, 'perl', '-e', FILTER]))
    expect(error.code).toBe('userns-forbidden')
    expect(error.message).toContain('by a seccomp filter')
    expect(error.remedies.join()).toContain('--security-opt seccomp=unconfined')
  })

  test('without perl', async () => {
    const machine: Machine = { ...localMachine, start: ([, ...rest]) => localMachine.start(['/nowhere/perl', ...rest]) }
    const error = await refusal(machine)
    expect(error.code).toBe('perl-missing')
    expect(error.remedies.join()).toContain('doctor --fix')
  })

  test('on a machine that cannot be reached', async () => {
    const error = await refusal(wrapped('broken', ['sh', '-c', 'echo "no way there" >&2; exit 7']))
    expect(error.message).toContain('no way there')
  })
})

describe('where worlds are forbidden, the error names the cause: from what was seen on such machines', () => {
  test('AppArmor on Ubuntu 23.10 and later: unshare works, the id map does not', () => {
    const facts = {
      uid: '1000',
      'kernel.apparmor_restrict_unprivileged_userns': '1',
      'user.max_user_namespaces': '60000',
    }
    const error = explainFailure('id map', 'uid_map: Operation not permitted', facts)
    expect(error.code).toBe('apparmor-userns')
    expect(error.message).toContain('kernel.apparmor_restrict_unprivileged_userns = 1')
    expect(error.remedies.join('\n')).toMatch(
      /sysctl -w kernel\.apparmor_restrict_unprivileged_userns=0[\s\S]*sudo[\s\S]*virtual machine/,
    )
  })

  test('AppArmor’s setting is no cause for root, nor where it is 0', () => {
    const name = 'kernel.apparmor_restrict_unprivileged_userns'
    expect(explainFailure('id map', 'uid_map: Input/output error', { uid: '0', [name]: '1' }).code).not.toBe(
      'apparmor-userns',
    )
    expect(explainFailure('id map', 'uid_map: Input/output error', { uid: '1000', [name]: '0' }).code).not.toBe(
      'apparmor-userns',
    )
  })

  test('Debian’s kernel.unprivileged_userns_clone = 0', () => {
    const facts = { uid: '1000', 'kernel.unprivileged_userns_clone': '0' }
    const error = explainFailure('user namespace', 'unshare: Operation not permitted', facts)
    expect(error.code).toBe('userns-clone-off')
    expect(error.message).toContain('kernel.unprivileged_userns_clone = 0')
    expect(error.remedies[0]).toContain('kernel.unprivileged_userns_clone=1')
  })

  test('masked /proc in a container', () => {
    const error = explainFailure('proc', 'mount: Operation not permitted', { uid: '0', container: 'Docker' })
    expect(error.code).toBe('proc-masked')
    expect(error.message).toContain('inside Docker')
  })

  test('a limit that is reached, a missing tool, another processor, and what is not known', () => {
    expect(explainFailure('network namespace', 'unshare: No space left on device', {}).code).toBe('namespaces-full')
    expect(explainFailure('outside machines', 'ip -batch on the gateway: not found', {}).code).toBe('tool-missing')
    expect(explainFailure('machine', "unknown processor type 'sparc'", {}).code).toBe('processor-unknown')
    const unknown = explainFailure('devices', 'bind /dev/null: No such device', {})
    expect(unknown.code).toBe('world-failed')
    expect(unknown.message).toContain('devices: bind /dev/null: No such device')
    expect(unknown.remedies.length).toBeGreaterThan(0)
  })
})

async function refusal(machine: Machine): Promise<WorldError> {
  const answer = await World.open(machine, isolated).catch((error: unknown) => error)
  if (answer instanceof World) await answer.close()
  expect(answer).toBeInstanceOf(WorldError)
  return answer as WorldError
}
