import type { ProcessEnd } from './machine.ts'
import type { SshTarget } from './ssh.ts'
import { MachineError } from './trouble.ts'

interface Cause {
  readonly code: string
  readonly said: RegExp
  readonly cause: string
  readonly remedies: (target: SshTarget) => readonly string[]
}

/** The words of ssh(1), and what they mean for a lab. The first that fits is named. */
const CAUSES: readonly Cause[] = [
  {
    code: 'ssh-missing',
    said: /ENOENT/,
    cause: 'OpenSSH is not installed here: there is no program ssh',
    remedies: () => [
      'install it: apt-get install openssh-client (Windows: Settings, Optional features, OpenSSH Client)',
    ],
  },
  {
    code: 'ssh-denied',
    said: /Permission denied|Too many authentication failures|no mutual signature/,
    cause: 'it does not let us in',
    remedies: ({ destination }) => [
      `labrun asks for no password: set up a key with \`ssh-copy-id ${destination}\``,
      'a key with a passphrase must be known to the agent: `ssh-add`',
    ],
  },
  {
    code: 'ssh-unknown-host',
    said: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    cause: 'its host key is not the one that is known here',
    remedies: ({ destination }) => [`connect once by hand and compare the key: ssh ${destination}`],
  },
  {
    code: 'ssh-no-name',
    said: /Could not resolve hostname/,
    cause: 'no machine of that name is known',
    remedies: () => ['look for a typing mistake; names are those of DNS and of ~/.ssh/config'],
  },
  {
    code: 'ssh-refused',
    said: /Connection refused/,
    cause: 'no SSH server listens there',
    remedies: ({ remedies }) => ['start it: sudo systemctl start ssh', ...remedies],
  },
  {
    code: 'ssh-full',
    said: /mux_client|Session open refused|session request failed/,
    cause: 'it allows no more programs at the same time over one connection',
    remedies: () => ['run fewer labs at the same time, or raise MaxSessions in /etc/ssh/sshd_config there'],
  },
  {
    code: 'machine-silent',
    said: /timed out|not responding|No route to host|Network is unreachable|Host is down/i,
    cause: 'it does not answer any more',
    remedies: ({ remedies }) => remedies,
  },
]

/** What became of a connection, from how its ssh ended. */
export function explainSsh(target: SshTarget, end: ProcessEnd): MachineError {
  const said = [end.trouble, end.stderr].filter(Boolean).join('\n')
  const line = said.trim().split('\n').at(-1)?.trim() ?? ''
  const seen = line === '' ? '' : `\n  seen: ${line}`
  const found = CAUSES.find((cause) => cause.said.test(said))
  if (found) return new MachineError(found.code, `${target.name}: ${found.cause}${seen}`, found.remedies(target))
  return new MachineError('machine-lost', `the connection to ${target.name} is gone${seen}`, target.remedies)
}
