import { type Spelling, spellings } from '../../support/spellings.ts'

/** Rules that are like each other and do different things. */
export const DIFFERENT: readonly Spelling[] = spellings(`
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
