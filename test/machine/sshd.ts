import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

const SSHD = '/usr/sbin/sshd'

/** Why no SSH server can be started here; undefined if one can. */
export const whyNoSshd: string | undefined = existsSync(SSHD) ? undefined : `there is no ${SSHD} (openssh-server)`

/** A real SSH server on loopback with keys of its own, and a configuration with which ssh(1) reaches it as `there`. */
export interface Sshd {
  readonly folder: string
  readonly config: string
  readonly port: number
  /** Process ids of the server's connections. */
  connections(): number[]
  stop(): Promise<void>
}

/** `before`: a command that starts it, as unshare(1). */
export async function startSshd(options: readonly string[] = [], before: readonly string[] = []): Promise<Sshd> {
  const folder = mkdtempSync(join(tmpdir(), 'sshd-'))
  const port = await freePort()
  for (const key of ['host', 'user', 'stranger']) {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, key)])
  }
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  const settings = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(folder, 'host')}`,
    `AuthorizedKeysFile ${join(folder, 'user.pub')}`,
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'PermitRootLogin yes',
    `PidFile ${join(folder, 'pid')}`,
    ...options,
  ]
  writeFileSync(join(folder, 'sshd_config'), `${settings.join('\n')}\n`)
  const hostKey = readFileSync(join(folder, 'host.pub'), 'utf8')
  writeFileSync(join(folder, 'known_hosts'), `[127.0.0.1]:${port} ${hostKey}`)
  const config = join(folder, 'config')
  const client = ['Host there', 'HostName 127.0.0.1', `Port ${port}`, `User ${userInfo().username}`]
  const keys = [
    `IdentityFile ${join(folder, 'user')}`,
    'IdentitiesOnly yes',
    `UserKnownHostsFile ${join(folder, 'known_hosts')}`,
  ]
  writeFileSync(config, `${[...client, ...keys].join('\n  ')}\n`)
  const [program = SSHD, ...words] = [...before, SSHD, '-D', '-e', '-f', join(folder, 'sshd_config')]
  const server = spawn(program, words, { stdio: ['ignore', 'ignore', 'pipe'] })
  await new Promise<void>((resolve, reject) => {
    let said = ''
    server.stderr.on('data', (bytes) => {
      said += String(bytes)
      if (said.includes('Server listening')) resolve()
    })
    server.once('exit', () => reject(new Error(`sshd: ${said}`)))
  })
  return {
    folder,
    config,
    port,
    connections: () => childrenOf(server.pid!),
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve))
      server.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true })
    },
  }
}

export function childrenOf(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return stdout.split('\n').map(Number).filter(Boolean)
}

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
