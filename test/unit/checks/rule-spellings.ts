import { type Spelling, spellings } from '../../support/spellings.ts'

/** Two spellings of one rule; iptables itself says so (`-C` finds the one where the other was added). */
export const SAME: readonly Spelling[] = spellings(`
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
export const SAME_BY_MEANING: readonly Spelling[] = spellings(`
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
