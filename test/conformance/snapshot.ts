import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'

/** What a world could leave behind on the machine, apart from processes. */
export function snapshot(): Readonly<Record<string, readonly string[]>> {
  return {
    links: lines('ip', '-o', '-d', 'link').map((line) => line.replace(/ qlen.*/, '')),
    addresses: lines('ip', '-o', 'addr').map((line) => line.replace(/valid_lft.*/, '')),
    routes: [
      ...lines('ip', 'route', 'show', 'table', 'all'),
      ...lines('ip', '-6', 'route', 'show', 'table', 'all'),
    ].map((line) => line.replace(/ expires \S+/, '')),
    rules: [...lines('ip', 'rule'), ...lines('ip', '-6', 'rule')],
    namespaces: existsSync('/run/netns') ? readdirSync('/run/netns').toSorted() : [],
    iptables: ['iptables-save', 'ip6tables-save', 'iptables-legacy-save', 'ebtables-save', 'arptables-save'].flatMap(
      (tool) => lines(tool).map((line) => line.replace(/\[\d+:\d+\]/, '')),
    ),
    nft: lines('nft', 'list', 'ruleset').map((line) => line.replace(/counter packets \d+ bytes \d+/, 'counter')),
    mounts: readFileSync('/proc/self/mountinfo', 'utf8').split('\n'),
    settings: [...settings('/proc/sys/net'), ...settings('/proc/sys/user'), ...settings('/proc/sys/kernel')],
    host: [hostname(), ...['hosts', 'hostname', 'resolv.conf', 'passwd', 'group', 'subuid'].map(digest)],
    files: leftFiles(),
  }
}

// The beginning of the names of files that the tests try to leave behind.
const LEFT = 'labrun-left-'

function lines(tool: string, ...parameters: string[]): readonly string[] {
  const { stdout, status } = spawnSync(tool, parameters, { encoding: 'utf8' })
  if (status !== 0) return []
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
}

// These change by themselves.
const VOLATILE =
  /conntrack_(count|max|expect_max)|\/neigh\/|random|_stat|pty\/nr|ns_last_pid|perf_|sched_|sysctl_writes|keys|hung_task/

function settings(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (VOLATILE.test(path)) return []
    if (entry.isDirectory()) return settings(path)
    try {
      return [`${path} = ${readFileSync(path, 'utf8').trim()}`]
    } catch {
      return []
    }
  })
}

function digest(name: string): string {
  const path = `/etc/${name}`
  return existsSync(path) ? `${name} ${createHash('sha1').update(readFileSync(path)).digest('hex')}` : `${name} none`
}

function leftFiles(): readonly string[] {
  const folders = [
    '/',
    '/tmp',
    '/var/tmp',
    '/dev/shm',
    '/run',
    '/etc',
    '/usr',
    '/usr/bin',
    '/root',
    '/home',
    '/var/log',
    tmpdir(),
  ]
  return [...new Set(folders)].flatMap((folder) => {
    try {
      return readdirSync(folder)
        .filter((name) => name.startsWith(LEFT) || /^labrun(-root|$)/.test(name))
        .map((name) => join(folder, name))
    } catch {
      return []
    }
  })
}
