/** A line of a transcript on which a command was typed. */
export interface Prompted {
  /** Without the prompt; empty where only Enter was pressed. */
  readonly command: string
  /** The machine that the prompt names. */
  readonly host: string | undefined
}

/** `user@host:~/dir$ `, `[root@host ~]# `, `(venv) root@host ~ #`, also with the first bracket lost. */
const USER_AT_HOST =
  /^(?:\([^()\s]{1,40}\) ?){0,3}\[?[\w.-]{1,64}@(?<host>[\w.-]{1,64})[ :][^\]#$%]{0,120}\]?[#$%](?: +| *$)(?<command>.*)$/

const STRONG: readonly RegExp[] = [
  USER_AT_HOST,
  // `linux:~ # `, `cell/0a1b:~# `
  /^(?<host>[\w./-]{1,80}):[~/][^\s#$%]{0,120} ?[#$%](?: +|$)(?<command>.*)$/,
  // `bash-5.1# `
  /^-?(?:ba|z|k|da|a)?sh-\d[\d.]{0,8}[#$%](?: +|$)(?<command>.*)$/,
  // `/ # ` of a container
  /^(?:~|\/[\w./-]{0,80}) [#$](?: +|$)(?<command>.*)$/,
  /^➜ {1,2}\S+ (?:git:\(\S*\) )?(?:✗ )?(?<command>.*)$/u,
]

/** `host1$sudo ip addr`, `h1# ip addr`: only where a command follows. */
const NAME_ONLY = /^(?<host>[a-z][\w-]{0,40})[#$] ?(?<command>.+)$/

/** Takes a prompt off that nothing else looks like; undefined for any other line. */
export function strongPrompt(line: string): Prompted | undefined {
  for (const form of STRONG) {
    const groups = form.exec(line)?.groups
    if (groups) return { command: groups.command!.trim(), host: groups.host }
  }
  const groups = NAME_ONLY.exec(line)?.groups
  if (groups && isCommandLike(groups.command!)) return { command: groups.command!.trim(), host: groups.host }
  // Without a blank after the sign.
  const glued = /^(?<prompt>\[?[\w.-]{1,64}@[\w.-]{1,64}[ :][^\]#$%]{0,120}\]?[#$%])(?<command>\S.*)$/.exec(
    line,
  )?.groups
  if (glued && isCommandLike(glued.command!)) {
    return { command: glued.command!.trim(), host: USER_AT_HOST.exec(glued.prompt!)?.groups?.host }
  }
  return undefined
}

/** Takes `$ ` or `# ` off, which output and comments may begin with too. */
export function weakPrompt(line: string, sign: '$' | '#'): Prompted | undefined {
  if (line === sign) return { command: '', host: undefined }
  return line.startsWith(`${sign} `) ? { command: line.slice(2).trim(), host: undefined } : undefined
}

/** Whether a text begins as a command line does: with a program that people use in such texts, or a path. */
export function isCommandLike(text: string): boolean {
  const [, first = ''] = /^\s*(?:[A-Za-z_]\w*=\S*\s+)*(\S+)/.exec(text) ?? []
  if (/^(?:\.{0,2}\/[\w.]|[A-Za-z_]\w*=)/.test(first)) return true
  return COMMANDS.has(first) || COMMANDS.has(first.replace(/[;&|].*$/, ''))
}

const COMMANDS = new Set(
  `
  ip iptables ip6tables iptables-save iptables-restore ebtables arptables nft bridge brctl tc ethtool ipvsadm ipset
  ping ping6 arping traceroute tracepath mtr ss netstat ifconfig route arp tcpdump tshark conntrack sysctl nmap
  nsenter unshare lsns docker podman kubectl crictl containerd runc vagrant virsh ovs-vsctl ovs-ofctl
  curl wget nc ncat socat telnet ssh iperf iperf3 dig nslookup host hostname dhclient
  python python3 perl node echo printf cat ls ll cd pwd mkdir rmdir rm cp mv ln touch tee head tail sort uniq wc cut
  grep egrep awk sed tr xargs find sleep kill pkill killall ps top jobs fg bg wait time timeout watch
  id whoami who uname which type env export set unset alias source . for while until if case
  sudo su exit logout bash sh zsh systemctl service journalctl modprobe lsmod rmmod apt apt-get yum dnf apk pip
  git make gcc vi vim nano man mount umount chmod chown chroot readlink seq true false test openssl
  `
    .trim()
    .split(/\s+/),
)
