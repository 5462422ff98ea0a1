import { describe } from 'vitest'
import { findsAll } from './case.ts'
import { BRIDGE, CABLE, ROUTER, serve } from './networks.ts'

describe('who has the address', () =>
  findsAll([
    {
      name: 'nobody',
      network: CABLE,
      fault: 'true',
      question: 'net1 -> 10.0.0.77',
      finds: { code: 'arp-unanswered', place: 'net1', device: 'veth1' },
      text: /no device has that address$/,
      look: 'ip -n net1 neigh show 10.0.0.77',
    },
    {
      name: 'nobody at this bridge, but somebody elsewhere',
      network: `${BRIDGE}; ip netns add far; ip link add f0 type veth peer name eth0 netns far; ip link set f0 up
      ip addr add 10.1.0.65/26 dev f0; ip -n far addr add 10.1.0.66/24 dev eth0; ip -n far link set eth0 up`,
      fault: 'true',
      question: 'c1 -> 10.1.0.66',
      finds: { code: 'arp-unanswered', place: 'c1', device: 'eth0' },
      text: /far\/eth0 has it, but no cable or bridge connects the two$/,
    },
    {
      name: 'the gateway of the default route does not exist',
      network: ROUTER,
      fault: 'ip -n left route replace default via 10.0.1.250',
      question: 'left -> 10.0.2.1',
      finds: { code: 'wrong-gateway', place: 'left', device: 'eth0' },
      text: /gateway 10\.0\.1\.250.* \(a router there has 10\.0\.1\.254\)/,
    },
    {
      name: 'the gateway of the answer does not exist',
      network: ROUTER,
      fault: 'ip -n right route replace default via 10.0.2.250',
      question: 'left -> 10.0.2.1',
      finds: { code: 'wrong-gateway', place: 'right', isAnswer: true, lastSeen: { place: 'right', device: 'eth0' } },
    },
    {
      name: 'the gateway of the default route is no router',
      network: BRIDGE,
      fault: 'ip -n c1 route replace default via 10.1.0.2',
      question: 'c1 -> 192.168.7.7',
      finds: { code: 'forwarding-off', place: 'c2', device: 'eth0' },
    },
    {
      name: 'arp_ignore',
      network: CABLE,
      fault: 'ip netns exec net2 sysctl -qw net.ipv4.conf.veth2.arp_ignore=8',
      question: 'net1 -> 10.0.0.2',
      finds: { code: 'arp-ignored', place: 'net2', device: 'veth2' },
      text: /arp_ignore is 8$/,
    },
    {
      name: 'arptables drops the question',
      network: CABLE,
      fault:
        'ip netns exec net2 arptables -A INPUT -s 10.9.9.9 -j DROP; ip netns exec net2 arptables -A INPUT -d 10.0.0.2 -j DROP',
      question: 'net1 -> 10.0.0.2',
      finds: { code: 'arp-dropped', place: 'net2', rule: { program: 'arptables', chain: 'INPUT', number: 2 } },
    },
    {
      name: 'arptables drops the answer',
      network: CABLE,
      fault: 'ip netns exec net2 arptables -A OUTPUT --opcode 2 -j DROP',
      question: 'net1 -> 10.0.0.2',
      finds: { code: 'arp-dropped', place: 'net2', rule: { program: 'arptables', chain: 'OUTPUT', number: 1 } },
    },
    {
      name: 'ebtables drops ARP within the bridge',
      network: BRIDGE,
      fault: `ebtables -A FORWARD -p IPv4 --ip-proto udp -j DROP
      ebtables -A FORWARD -p ARP --arp-ip-dst 10.1.0.2 -j DROP`,
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'arp-dropped', place: 'host', rule: { program: 'ebtables', chain: 'FORWARD', number: 2 } },
      look: 'ebtables -t filter -L FORWARD --Ln --Lc',
    },
    {
      name: 'ebtables drops packets within the bridge',
      network: BRIDGE,
      fault: 'ebtables -A FORWARD -p ARP -j ACCEPT; ebtables -A FORWARD -p IPv4 --ip-proto icmp -j DROP',
      question: 'c1 -> 10.1.0.2',
      finds: {
        code: 'rule-drop',
        place: 'host',
        device: 'v1',
        lastSeen: { place: 'host', device: 'v1' },
        rule: { program: 'ebtables', chain: 'FORWARD', number: 2 },
      },
    },
    {
      name: 'ebtables drops what the bridge itself sends',
      network: `${BRIDGE}; ping -c 1 -W 1 10.1.0.2`,
      fault: 'ebtables -A OUTPUT -o v2 -p IPv4 -j DROP',
      question: 'host -> 10.1.0.2',
      finds: { code: 'rule-drop', place: 'host', rule: { program: 'ebtables', chain: 'OUTPUT', number: 1 } },
    },
    {
      name: 'ebtables drops what was translated within the bridge',
      network: `${BRIDGE}; ${serve('c2', 80)}
      iptables -t nat -A PREROUTING -p tcp --dport 8000 -j DNAT --to-destination 10.1.0.2:80`,
      fault: 'ebtables -A FORWARD -i v1 -p IPv4 -j DROP; sysctl -qw net.ipv4.ip_forward=1',
      question: 'c1 -> 10.1.0.254:8000',
      finds: { code: 'rule-drop', place: 'host', rule: { program: 'ebtables', chain: 'FORWARD', number: 1 } },
    },
    {
      name: 'two have the address, and the wrong one answers',
      network: `${BRIDGE}; ${serve('c2', 80)}`,
      fault:
        'ip -n c3 addr flush dev eth0; ip -n c3 addr add 10.1.0.2/24 dev eth0; ip -n c2 link set eth0 down; ip netns exec c1 ping -c 1 -W 1 10.1.0.2; ip -n c2 link set eth0 up; sleep 0.1',
      question: 'c1 -> 10.1.0.2:80',
      finds: { code: 'duplicate-address', place: 'c1' },
      text: /c2\/eth0 and c3\/eth0|c3\/eth0 and c2\/eth0/,
    },
    {
      name: 'another one has the address of who asks',
      network: CABLE,
      fault: 'ip -n net2 addr add 10.0.0.1/24 dev veth2',
      question: 'net1 -> 10.0.0.2',
      finds: { code: 'duplicate-address', place: 'net2' },
      text: /^10\.0\.0\.1 is there more than once/,
    },
    {
      name: 'two have the same MAC address',
      network: BRIDGE,
      fault: 'ip -n c2 link set eth0 address $(ip netns exec c1 cat /sys/class/net/eth0/address)',
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'duplicate-mac', place: 'c1' },
      text: /c1\/eth0 and c2\/eth0 have it$/,
    },
    {
      name: 'the rule that drops ARP has done so before, and ARP is not asked anew',
      network: BRIDGE,
      fault: `ebtables -t nat -A PREROUTING -i v2 -p ARP -j DROP
      ip netns exec c1 ping -c 1 -W 0.1 10.1.0.2 || true`,
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'arp-dropped', place: 'host', rule: { program: 'ebtables', table: 'nat', chain: 'PREROUTING' } },
    },
    {
      name: 'a permanent entry with a MAC address that nobody has',
      network: CABLE,
      fault: 'ip -n net1 neigh add 10.0.0.2 lladdr 02:00:00:00:00:09 dev veth1',
      question: 'net1 -> 10.0.0.2',
      finds: { code: 'wrong-neighbour', place: 'net1', device: 'veth1' },
      text: /02:00:00:00:00:09/,
    },
    {
      name: 'a permanent entry with the MAC address of another one',
      network: BRIDGE,
      fault: 'ip -n c1 neigh add 10.1.0.2 lladdr $(ip netns exec c3 cat /sys/class/net/eth0/address) dev eth0',
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'wrong-neighbour', place: 'c1', device: 'eth0' },
    },
  ]))
