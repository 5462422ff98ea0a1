/** What the programs of SNAPSHOT printed, by name. */
export type Sections = ReadonlyMap<string, string>

/**
 * Prints all that a network namespace knows. It only looks: to read a table of iptables-legacy that does not exist would
 * make it, so those that exist are asked for by name. A program that is missing leaves its section empty.
 */
export const SNAPSHOT = String.raw`
section() { printf '\n@@ %s\n' "$1"; shift; "$@" 2>/dev/null; }
legacy() {
  for table in $(cat /proc/net/ip_tables_names); do
    iptables-legacy-save -c -t "$table" || iptables-save -c -t "$table"
  done
}
section addr ip -j -d addr show
section neigh ip -j -4 neigh show
section route ip -j -4 route show table all
section rule ip -j -4 rule show
section listen ss -Hltn
section iptables iptables-nft-save -c
section iptables-legacy legacy
section ebtables ebtables-save -c
section arptables arptables-save -c
section tables nft list tables
cd /proc/sys/net
section sysctl grep -H . $PWD/ipv4/ip_forward $PWD/ipv4/icmp_echo_ignore_all $PWD/bridge/bridge-nf-call-iptables \
  $PWD/ipv4/conf/*/forwarding $PWD/ipv4/conf/*/rp_filter $PWD/ipv4/conf/*/arp_ignore $PWD/ipv4/conf/*/arp_announce \
  $PWD/ipv4/conf/*/proxy_arp $PWD/ipv4/conf/*/route_localnet
exit 0
`

export function readSections(output: string): Sections {
  const parts = output.split(/^@@ (\S+)\n/m).slice(1)
  return new Map(parts.flatMap((part, index) => (index % 2 === 0 ? [[part, parts[index + 1]!.trim()] as const] : [])))
}
