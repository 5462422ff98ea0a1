import { type Spelling, spellings } from '../../support/spellings.ts'

/** Two spellings of one rule of ebtables; it finds the one as the other. */
export const EBTABLES_SAME: readonly Spelling[] = spellings(`
filter | -p IPv4 -i eth0 -j DROP | -i eth0 -j DROP -p IPv4
filter | -p IPv4 | -p ipv4
filter | -p IPv4 | -p 0x0800
filter | -p IPv4 | -p 0800
filter | -p ARP | -p 806
filter | -p IPv6 | -p 0x86DD
filter | -p ARP -j DROP | --protocol arp --jump DROP
filter | -p ARP -j CONTINUE | -p ARP
filter | -s 02:00:00:00:00:01 | --source 2:0:0:0:0:1
filter | -s 02:00:00:00:00:01 | --src 02:00:00:00:00:01/ff:ff:ff:ff:ff:ff
filter | -d ff:ff:ff:ff:ff:ff | -d Broadcast
filter | -d Multicast | -d 01:00:00:00:00:00/01:00:00:00:00:00
filter | -d BGA | -d 01:80:C2:00:00:00
filter | ! -s 02:00:00:00:00:01 | -s ! 02:00:00:00:00:01
filter | ! -p ARP | -p ! ARP
filter | -i eth0 -o eth1 | --in-interface eth0 --out-interface eth1
filter | -p IPv4 --ip-src 10.0.0.1 | -p IPv4 --ip-source 10.0.0.1/32
filter | -p IPv4 --ip-dst 10.0.0.0/8 | -p IPv4 --ip-destination 10.1.2.3/255.0.0.0
filter | -p IPv4 --ip-proto tcp --ip-dport 80 | -p IPv4 --ip-protocol 6 --ip-destination-port http
filter | -p IPv4 --ip-proto udp --ip-sport 5:9 | -p IPv4 --ip-proto 17 --ip-source-port 5:9
filter | -p IPv4 --ip-proto icmp --ip-icmp-type echo-request | -p IPv4 --ip-proto icmp --ip-icmp-type 8
filter | -p ARP --arp-op Request | -p ARP --arp-opcode 1
filter | -p ARP --arp-ip-src 10.0.0.1 | -p ARP --arp-ip-src 10.0.0.1/255.255.255.255
filter | -p ARP --arp-mac-src 02:00:00:00:00:01 | -p ARP --arp-mac-src 2:0:0:0:0:1
filter | -p 802_1Q --vlan-id 5 | -p 0x8100 --vlan-id 5
filter | --limit 1/sec | --limit 60/min --limit-burst 5
filter | --log | --log-level notice
filter | --log --log-prefix x | --log-prefix x --log-level 5
filter | --mark 3 | --mark 0x3
nat | -d 02:00:00:00:00:01 -j dnat --to-dst 02:00:00:00:00:02 | -d 02:00:00:00:00:01 -j dnat --to-destination 2:0:0:0:0:2 --dnat-target ACCEPT
nat | -j redirect | -j redirect --redirect-target ACCEPT
filter | -j mark --mark-set 1 | -j mark --mark-set 0x1 --mark-target ACCEPT
`)

/** Rules of ebtables that are like each other and do different things. */
export const EBTABLES_DIFFERENT: readonly Spelling[] = spellings(`
filter | -p IPv4 | -p IPv6
filter | -p IPv4 | ! -p IPv4
filter | -p ARP -j DROP | -p ARP
filter | -p ARP -j DROP | -p ARP -j ACCEPT
filter | -j ACCEPT | -j CONTINUE
filter | -s 02:00:00:00:00:01 | -d 02:00:00:00:00:01
filter | -s 02:00:00:00:00:01 | -s 02:00:00:00:00:02
filter | -s 02:00:00:00:00:01 | -s 02:00:00:00:00:00/ff:ff:ff:ff:ff:00
filter | -d Broadcast | -d Multicast
filter | -i eth0 | -o eth0
filter | -i eth0 | -i eth+
filter | -p IPv4 --ip-src 10.0.0.1 | -p IPv4 --ip-dst 10.0.0.1
filter | -p IPv4 --ip-src 10.0.0.0/24 | -p IPv4 --ip-src 10.0.0.0/16
filter | -p IPv4 --ip-proto tcp | -p IPv4 --ip-proto udp
filter | -p IPv4 --ip-proto tcp | -p IPv4
filter | -p IPv4 --ip-proto tcp --ip-dport 80 | -p IPv4 --ip-proto tcp --ip-dport 81
filter | -p IPv4 --ip-proto tcp --ip-dport 80 | -p IPv4 --ip-proto tcp --ip-sport 80
filter | -p IPv4 --ip-proto icmp --ip-icmp-type 8 | -p IPv4 --ip-proto icmp --ip-icmp-type 0
filter | -p ARP --arp-op Request | -p ARP --arp-op Reply
filter | -p ARP --arp-ip-src 10.0.0.1 | -p ARP --arp-ip-dst 10.0.0.1
filter | -p 802_1Q --vlan-id 5 | -p 802_1Q --vlan-id 6
filter | --limit 1/sec | --limit 1/min
filter | --mark 3 | --mark 3/3
filter | -j mark --mark-set 1 | -j mark --mark-or 1
nat | -j dnat --to-dst 02:00:00:00:00:01 | -j dnat --to-dst 02:00:00:00:00:02
nat | -j dnat --to-dst 02:00:00:00:00:01 | -j dnat --to-dst 02:00:00:00:00:01 --dnat-target CONTINUE
`)
