/** Package managers, in the order in which they are looked for. */
export const MANAGERS = {
  'apt-get': { refresh: ['apt-get', 'update'], install: ['apt-get', 'install', '-y', '--no-install-recommends'] },
  dnf: { refresh: undefined, install: ['dnf', 'install', '-y'] },
  pacman: { refresh: undefined, install: ['pacman', '-Sy', '--noconfirm', '--needed'] },
  apk: { refresh: undefined, install: ['apk', 'add'] },
  zypper: { refresh: undefined, install: ['zypper', '--non-interactive', 'install'] },
} as const

export type Manager = keyof typeof MANAGERS

/** The package of each program that differs between distributions; all others are named like the program. */
const PACKAGES: Readonly<Record<string, Partial<Record<Manager, string>>>> = {
  ip: { 'apt-get': 'iproute2', dnf: 'iproute', pacman: 'iproute2', apk: 'iproute2', zypper: 'iproute2' },
  ping: { 'apt-get': 'iputils-ping', dnf: 'iputils', pacman: 'iputils', apk: 'iputils', zypper: 'iputils' },
  sysctl: { 'apt-get': 'procps', dnf: 'procps-ng', pacman: 'procps-ng', apk: 'procps', zypper: 'procps' },
  nft: { 'apt-get': 'nftables', dnf: 'nftables', pacman: 'nftables', apk: 'nftables', zypper: 'nftables' },
  iptables: { dnf: 'iptables-nft', pacman: 'iptables-nft' },
  ebtables: { dnf: 'iptables-nft', pacman: 'iptables-nft' },
  conntrack: { dnf: 'conntrack-tools', pacman: 'conntrack-tools', apk: 'conntrack-tools', zypper: 'conntrack-tools' },
  perl: { 'apt-get': 'perl-base', dnf: 'perl-interpreter' },
  python3: { pacman: 'python' },
}

const SAME_AS: Readonly<Record<string, string>> = {
  bridge: 'ip',
  ss: 'ip',
  ps: 'sysctl',
  'xtables-monitor': 'iptables',
  'iptables-save': 'iptables',
}

/** The package that brings a program. */
export function packageOf(tool: string, manager: Manager): string {
  const name = SAME_AS[tool] ?? tool
  return PACKAGES[name]?.[manager] ?? name
}

/** The line that a person would type to install programs. */
export function installLine(tools: readonly string[], manager: Manager, sudo: boolean): string {
  const { refresh, install } = MANAGERS[manager]
  const packages = [...new Set(tools.map((tool) => packageOf(tool, manager)))].toSorted()
  const prefix = sudo ? 'sudo ' : ''
  const line = `${prefix}${install.join(' ')} ${packages.join(' ')}`
  return refresh ? `${prefix}${refresh.join(' ')} && ${line}` : line
}
