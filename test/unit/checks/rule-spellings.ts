/** Two rules for one table, as options after `-A CHAIN`. */
export interface Spelling {
  readonly table: string
  readonly first: string
  readonly second: string
}

/** Two spellings of one rule; iptables itself says so (`-C` finds the one where the other was added). */
export const SAME: readonly Spelling[] = read(`
# order
filter | -p tcp -s 10.0.0.1 -j ACCEPT | -j ACCEPT -s 10.0.0.1 -p tcp
filter | -i eth0 -o eth1 -p udp --dport 53 -j DROP | -p udp --dport 53 -j DROP -o eth1 -i eth0
filter | -p tcp --sport 5 --dport 80 -j DROP | -p tcp --dport 80 --sport 5 -j DROP
nat | -s 172.17.0.0/16 ! -o br0 -j MASQUERADE | ! -o br0 -j MASQUERADE -s 172.17.0.0/16
filter | -m limit --limit 5/min --limit-burst 7 -j RETURN | -m limit --limit-burst 7 --limit 5/min -j RETURN
# names of options
filter | -s 10.0.0.1 | --source 10.0.0.1
filter | -s 10.0.0.1 | --src 10.0.0.1
filter | -d 10.0.0.1 | --destination 10.0.0.1
filter | -d 10.0.0.1 | --dst 10.0.0.1
filter | -i eth0 | --in-interface eth0
filter | -o eth0 | --out-interface eth0
filter | -p tcp | --protocol tcp
filter | -p tcp | --proto tcp
filter | -j DROP | --jump DROP
filter | -p tcp -m tcp --dport 80 | -p tcp --match tcp --dport 80
filter | -p tcp --dport 80 | -p tcp --destination-port 80
filter | -p udp --sport 53 | -p udp --source-port 53
filter | -f -j DROP | --fragment -j DROP
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --destination-ports 80,443
filter | -p tcp -m multiport --sports 80,443 | -p tcp -m multiport --source-ports 80,443
# options cut short, and with their word in one
nat | -p tcp --dport 8000 -j DNAT --to-destination 172.17.0.2:80 | -p tcp --dport 8000 -j DNAT --to 172.17.0.2:80
nat | -j SNAT --to-source 10.0.0.1 | -j SNAT --to 10.0.0.1
nat | -p tcp -j REDIRECT --to-ports 8080 | -p tcp -j REDIRECT --to-port 8080
filter | -p icmp -j REJECT --reject-with icmp-host-unreachable | -p icmp -j REJECT --reject icmp-host-unreachable
filter | -p tcp --destination-port 80 | -p tcp --destination-p 80
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --dport 80,443
filter | -p tcp --dport 80 | -p tcp --dport=80
nat | -j SNAT --to-source 10.0.0.1 | -j SNAT --to=10.0.0.1
# addresses
filter | -s 10.0.0.1 | -s 10.0.0.1/32
filter | -s 10.0.0.1 | -s 10.0.0.1/255.255.255.255
filter | -s 192.168.0.0/24 | -s 192.168.0.0/255.255.255.0
filter | -s 192.168.0.0/24 | -s 192.168.0.5/24
filter | -d 10.0.0.0/8 | -d 10.255.255.255/255.0.0.0
filter | -d 10.0.0.0/8 | -d 10/8
filter | -d 192.168.0.0/16 | -d 192.168/16
filter | -s 0.0.0.0/0 -j DROP | -j DROP
filter | -d 0/0 -p tcp | -p tcp
filter | -s 0.0.0.0/0.0.0.0 -p tcp | -p tcp
filter | -s 10.0.0.0/255.0.255.0 | -s 10.7.0.9/255.0.255.0
filter | ! -s 10.0.0.1 | ! --source 10.0.0.1/32
filter | -i + -j DROP | -j DROP
# protocols
filter | -p tcp | -p 6
filter | -p icmp | -p 1
filter | -p udp | -p UDP
filter | -p esp | -p 50
filter | -p ospf | -p 89
filter | -p all -j DROP | -j DROP
filter | -p 0 -j DROP | -j DROP
filter | ! -p tcp | ! -p 6
# matches that -p brings
filter | -p tcp --dport 80 | -p tcp -m tcp --dport 80
filter | -p udp --dport 53 | -p udp -m udp --dport 53
filter | -p icmp --icmp-type 8 | -p icmp -m icmp --icmp-type 8
filter | -p tcp --syn | -p tcp -m tcp --syn
filter | -p 6 --dport 80 | -p tcp -m tcp --dport 80
# ports
filter | -p tcp --dport 80 | -p tcp --dport http
filter | -p udp --sport domain | -p udp --sport 53
filter | -p tcp --dport 80 | -p tcp --dport 80:80
filter | -p tcp --dport 1024: | -p tcp --dport 1024:65535
filter | -p tcp --dport :1023 | -p tcp --dport 0:1023
filter | -p tcp -m multiport --dports http,https | -p tcp -m multiport --dports 80,443
filter | ! -s 10.0.0.1 -p tcp ! --dport 80 | -p tcp ! --dport http ! -s 10.0.0.1
# states
filter | -m state --state RELATED,ESTABLISHED | -m state --state ESTABLISHED,RELATED
filter | -m conntrack --ctstate NEW,RELATED | -m conntrack --ctstate RELATED,NEW
filter | -m conntrack --ctstate INVALID | -m conntrack --ctstate invalid
filter | -m conntrack ! --ctstate NEW,INVALID | -m conntrack ! --ctstate INVALID,NEW
filter | -m state --state NEW | -m state --state new
# ICMP
filter | -p icmp --icmp-type 8 | -p icmp --icmp-type echo-request
filter | -p icmp --icmp-type 8 | -p icmp --icmp-type ping
filter | -p icmp --icmp-type 0 | -p icmp --icmp-type echo-reply
filter | -p icmp --icmp-type 3/3 | -p icmp --icmp-type port-unreachable
filter | -p icmp --icmp-type 11 | -p icmp --icmp-type time-exceeded
filter | -p icmp --icmp-type 11 | -p icmp --icmp-type ttl-exceeded
filter | -p icmp ! --icmp-type 8 | -p icmp ! --icmp-type echo-request
# TCP flags
filter | -p tcp --syn | -p tcp --tcp-flags FIN,SYN,RST,ACK SYN
filter | -p tcp --syn | -p tcp --tcp-flags ACK,RST,SYN,FIN syn
filter | -p tcp ! --syn | -p tcp ! --tcp-flags SYN,RST,ACK,FIN SYN
filter | -p tcp --tcp-flags ALL NONE | -p tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE
filter | -p tcp --tcp-flags SYN,FIN SYN,FIN | -p tcp --tcp-flags FIN,SYN FIN,SYN
# defaults
filter | -p icmp -j REJECT | -p icmp -j REJECT --reject-with icmp-port-unreachable
filter | -p icmp -j REJECT | -p icmp -j REJECT --reject-with port-unreach
filter | -p tcp -j REJECT --reject-with tcp-reset | -p tcp -j REJECT --reject-with tcp-rst
filter | -m limit --limit 3/hour | -m limit
filter | -m limit --limit 10/sec --limit-burst 5 | -m limit --limit 10/second
filter | -j LOG --log-level 4 | -j LOG --log-level warning
filter | -j LOG | -j LOG --log-level warning
filter | -j LOG --log-level debug | -j LOG --log-level 7
filter | -j NFLOG --nflog-group 0 | -j NFLOG
filter | -m hashlimit --hashlimit-upto 5/min --hashlimit-name h --hashlimit-mode srcip,dstip | -m hashlimit --hashlimit 5/minute --hashlimit-name h --hashlimit-mode dstip,srcip --hashlimit-burst 5
# numbers
filter | -m limit --limit 1/sec | -m limit --limit 60/minute
filter | -m limit --limit 2/min | -m limit --limit 2/m
filter | -m mark --mark 16 | -m mark --mark 0x10
filter | -m mark --mark 1 | -m mark --mark 0x1/0xffffffff
filter | -m length --length 100 | -m length --length 100:100
filter | -m ttl --ttl-eq 64 | -m ttl --ttl 64
filter | -m owner --uid-owner root | -m owner --uid-owner 0
filter | -m statistic --mode random --probability 0.5 | -m statistic --mode random --probability 0.500
mangle | -j MARK --set-mark 1 | -j MARK --set-xmark 0x1/0xffffffff
mangle | -j MARK --or-mark 4 | -j MARK --set-xmark 0x4/0x4
mangle | -j MARK --and-mark 4 | -j MARK --set-xmark 0x0/0xfffffffb
mangle | -j CONNMARK --restore-mark --mask 0xff | -j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xff
mangle | -j TOS --set-tos 0x10 | -j TOS --set-tos 0x10/0xff
# addresses of other kinds
filter | -m mac --mac-source aa:bb:cc:dd:ee:0f | -m mac --mac-source AA:BB:CC:DD:EE:0F
filter | -m iprange --src-range 10.0.0.1-10.0.0.9 | -m iprange --src-range=10.0.0.1-10.0.0.9
filter | -m addrtype --dst-type LOCAL,BROADCAST | -m addrtype --dst-type broadcast,local
filter | -m pkttype --pkt-type broadcast | -m pkttype --pkt-type BROADCAST
nat | -p tcp -j DNAT --to-destination 10.0.0.1-10.0.0.9:80 | -p tcp -j DNAT --to 10.0.0.1-10.0.0.9:80
nat | -p tcp -j MASQUERADE --to-ports 1000-2000 --random | -p tcp -j MASQUERADE --random --to-ports 1000-2000
# quotes
filter | -m comment --comment hello | -m comment --comment "hello"
filter | -m comment --comment 'two words' | -m comment --comment "two words"
filter | -m comment --comment "it's" | -m comment --comment it\\'s
filter | -j LOG --log-prefix 'in: ' | -j LOG --log-prefix "in: "
`)

/** Two spellings of rules that do the same, although `-C` does not find the one as the other. */
export const SAME_BY_MEANING: readonly Spelling[] = read(`
filter | -m state --state NEW -j ACCEPT | -m conntrack --ctstate NEW -j ACCEPT
filter | -m state --state RELATED,ESTABLISHED | -m conntrack --ctstate ESTABLISHED,RELATED
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --dports 443,80
filter | -p tcp -m multiport --ports 1:5,9 | -p tcp -m multiport --ports 9,1:5
filter | -p tcp -j DROP | -p tcp -m tcp -j DROP
filter | -p icmp | -p icmp --icmp-type any
filter | -p tcp | -p tcp --dport 0:65535
nat | -s 172.17.0.0/16 ! -o br0 -j MASQUERADE | -s 172.17.0.0/16 -o ! br0 -j MASQUERADE
filter | ! -s 10.0.0.1 | -s ! 10.0.0.1
filter | -p tcp ! --dport 80 | -p tcp --dport ! 80
filter | ! -p tcp | -p ! tcp
filter | -p tcp -s 10.0.0.1 -m limit --limit 1/s -m mac --mac-source 02:00:00:00:00:01 | -m mac --mac-source 02:00:00:00:00:01 -m limit --limit 1/sec -s 10.0.0.1 -p tcp
filter | -m recent --name x --set | -m recent --set --name x --rsource --mask 255.255.255.255
filter | -m connlimit --connlimit-above 3 | -m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr
filter | -p tcp -m tcp --sport 5 -m tcp --dport 80 | -p tcp --dport 80 --sport 5
filter | -m recent --name a --set -m recent --name b --rcheck | -m recent --rcheck --name b -m recent --set --name a
`)

/** Rules that are like each other and do different things. */
export const DIFFERENT: readonly Spelling[] = read(`
# addresses
filter | -s 10.0.0.1 | -s 10.0.0.2
filter | -s 10.0.0.1 | -d 10.0.0.1
filter | -s 10.0.0.0/24 | -s 10.0.0.0/25
filter | -s 10.0.0.0/24 | -s 10.0.0.0
filter | -s 10.0.0.0/24 | -s 10.0.1.0/24
filter | -s 10.0.0.0/8 | -s 10.0.0.0/255.0.255.0
filter | -s 10.0.0.1 | ! -s 10.0.0.1
filter | -s 10.0.0.1 -j DROP | -j DROP
filter | -d 192.168.0.0/16 | -d 192.168/24
filter | -s 10.0.0.1 -d 10.0.0.2 | -s 10.0.0.2 -d 10.0.0.1
# devices
filter | -i eth0 | -i eth1
filter | -i eth0 | -i eth
filter | -i eth0 | -i eth+
filter | -i eth0 | -i ETH0
filter | -i eth0 | -o eth0
filter | -o eth0 | ! -o eth0
filter | -i eth0 -j DROP | -j DROP
filter | -i eth0 | -i eth0.1
# protocols and ports
filter | -p tcp | -p udp
filter | -p tcp | ! -p tcp
filter | -p tcp -j DROP | -j DROP
filter | -p icmp | -p igmp
filter | -p tcp --dport 80 | -p tcp --dport 81
filter | -p tcp --dport 80 | -p udp --dport 80
filter | -p tcp --dport 80 | -p tcp --sport 80
filter | -p tcp --dport 80 | -p tcp ! --dport 80
filter | -p tcp --dport 80 | -p tcp --dport 80:81
filter | -p tcp --dport 80 | -p tcp
filter | -p tcp --dport 80 | -p tcp --dport https
filter | -p tcp --dport 1024: | -p tcp --dport :1024
filter | -p tcp --dport 80 --sport 81 | -p tcp --dport 81 --sport 80
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --dports 80
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --sports 80,443
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --dports 80:443
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport --ports 80,443
filter | -p tcp -m multiport --dports 80,443 | -p tcp -m multiport ! --dports 80,443
# states
filter | -m state --state NEW | -m state --state ESTABLISHED
filter | -m state --state NEW | -m state --state NEW,RELATED
filter | -m state --state NEW | -m state ! --state NEW
filter | -m conntrack --ctstate NEW | -m conntrack --ctstate INVALID
filter | -m conntrack --ctstate DNAT | -m conntrack --ctstate SNAT
filter | -m conntrack --ctstate NEW | -m conntrack --ctstate NEW --ctproto 6
filter | -m conntrack --ctorigdst 10.0.0.1 | -m conntrack --ctorigsrc 10.0.0.1
# ICMP and TCP flags
filter | -p icmp --icmp-type 8 | -p icmp --icmp-type 0
filter | -p icmp --icmp-type 8 | -p icmp
filter | -p icmp --icmp-type 3 | -p icmp --icmp-type 3/3
filter | -p icmp --icmp-type 3/1 | -p icmp --icmp-type 3/3
filter | -p icmp --icmp-type 8 | -p icmp ! --icmp-type 8
filter | -p icmp --icmp-type echo-request | -p icmp --icmp-type echo-reply
filter | -p tcp --syn | -p tcp ! --syn
filter | -p tcp --syn | -p tcp
filter | -p tcp --syn | -p tcp --tcp-flags SYN,ACK SYN
filter | -p tcp --tcp-flags SYN,ACK SYN | -p tcp --tcp-flags SYN,ACK ACK
filter | -p tcp --tcp-flags ALL NONE | -p tcp --tcp-flags ALL ALL
filter | -p tcp --tcp-option 5 | -p tcp --tcp-option 6
# targets
filter | -p tcp -j DROP | -p tcp -j ACCEPT
filter | -p tcp -j DROP | -p tcp -j REJECT
filter | -p tcp -j DROP | -p tcp
filter | -p tcp -j U | -p tcp -g U
filter | -p tcp -j U | -p tcp -j DROP
filter | -p tcp -j REJECT | -p tcp -j REJECT --reject-with tcp-reset
filter | -j REJECT --reject-with icmp-net-unreachable | -j REJECT --reject-with icmp-host-unreachable
filter | -j LOG | -j LOG --log-prefix x
filter | -j LOG --log-prefix x | -j LOG --log-prefix X
filter | -j LOG --log-prefix "a b" | -j LOG --log-prefix "a  b"
filter | -j LOG | -j LOG --log-level info
filter | -j LOG | -j LOG --log-uid
filter | -j NFLOG --nflog-group 1 | -j NFLOG --nflog-group 2
nat | -p tcp -j DNAT --to 10.0.0.1:80 | -p tcp -j DNAT --to 10.0.0.1:81
nat | -p tcp -j DNAT --to 10.0.0.1:80 | -p tcp -j DNAT --to 10.0.0.2:80
nat | -p tcp -j DNAT --to 10.0.0.1:80 | -p tcp -j DNAT --to 10.0.0.1
nat | -p tcp -j DNAT --to 10.0.0.1 | -p tcp -j DNAT --to 10.0.0.1 --random
nat | -p tcp -j DNAT --to 10.0.0.1-10.0.0.9 | -p tcp -j DNAT --to 10.0.0.1
nat | -j SNAT --to 10.0.0.1 | -j SNAT --to 10.0.0.2
nat | -j SNAT --to 10.0.0.1 | -j MASQUERADE
nat | -p tcp -j MASQUERADE | -p tcp -j MASQUERADE --to-ports 1000
nat | -p tcp -j REDIRECT --to-ports 80 | -p tcp -j REDIRECT --to-ports 8080
nat | -s 172.17.0.0/16 ! -o br0 -j MASQUERADE | -s 172.17.0.0/16 -o br0 -j MASQUERADE
nat | -s 172.17.0.0/16 ! -o br0 -j MASQUERADE | -s 172.17.0.0/16 -j MASQUERADE
nat | -s 172.17.0.0/16 ! -o br0 -j MASQUERADE | -s 172.18.0.0/16 ! -o br0 -j MASQUERADE
mangle | -j MARK --set-mark 1 | -j MARK --set-mark 2
mangle | -j MARK --set-mark 1/1 | -j MARK --set-mark 1
mangle | -j MARK --or-mark 1 | -j MARK --and-mark 1
mangle | -j TTL --ttl-set 5 | -j TTL --ttl-dec 5
mangle | -p tcp --syn -j TCPMSS --set-mss 1400 | -p tcp --syn -j TCPMSS --clamp-mss-to-pmtu
# matches
filter | -m limit --limit 5/s | -m limit --limit 5/m
filter | -m limit --limit 5/s | -m limit --limit 5/s --limit-burst 6
filter | -m limit --limit 5/s -j DROP | -j DROP
filter | -m mac --mac-source 02:00:00:00:00:01 | -m mac --mac-source 02:00:00:00:00:02
filter | -m mark --mark 1 | -m mark --mark 1/1
filter | -m mark --mark 1 | -m connmark --mark 1
filter | -m length --length 100 | -m length --length 100:200
filter | -m ttl --ttl-eq 5 | -m ttl --ttl-gt 5
filter | -m pkttype --pkt-type unicast | -m pkttype --pkt-type multicast
filter | -m addrtype --dst-type LOCAL | -m addrtype --src-type LOCAL
filter | -m owner --uid-owner 0 | -m owner --gid-owner 0
filter | -m iprange --src-range 10.0.0.1-10.0.0.9 | -m iprange --dst-range 10.0.0.1-10.0.0.9
filter | -m statistic --mode random --probability 0.5 | -m statistic --mode random --probability 0.25
filter | -m recent --name a --set | -m recent --name a --rcheck
filter | -m recent --name a --set | -m recent --name b --set
filter | -m recent --name a --set -m recent --name b --rcheck | -m recent --name a --rcheck -m recent --name b --set
filter | -m comment --comment a | -m comment --comment b
filter | -m comment --comment "a b" | -m comment --comment "A B"
filter | -f -j DROP | ! -f -j DROP
`)

/** The same for ebtables: it finds the one as the other. */
export const EBTABLES_SAME: readonly Spelling[] = read(`
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

/** The same for ebtables: two rules. */
export const EBTABLES_DIFFERENT: readonly Spelling[] = read(`
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

function read(text: string): Spelling[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return lines.map((line) => {
    const [table = '', first = '', second = ''] = line.split(' | ')
    return { table, first, second }
  })
}
