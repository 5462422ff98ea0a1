import { describe } from 'vitest'
import { findsAll } from './case.ts'
import { BRIDGE, CABLE, DOCKER, ROUTER, serve } from './networks.ts'

const inRouter = (...rules: readonly string[]) =>
  rules.map((rule) => `ip netns exec router iptables ${rule}`).join('\n')

describe('rules of iptables', () =>
  findsAll([
    {
      name: 'OUTPUT of who asks',
      network: CABLE,
      fault:
        'ip netns exec net1 iptables -A OUTPUT -p tcp -j DROP; ip netns exec net1 iptables -A OUTPUT -p icmp -j DROP',
      question: 'net1 -> 10.0.0.2',
      finds: {
        code: 'rule-drop',
        place: 'net1',
        rule: { program: 'iptables', table: 'filter', chain: 'OUTPUT', number: 2 },
      },
      look: 'ip netns exec net1 iptables -t filter -nvL OUTPUT --line-numbers',
    },
    {
      name: 'INPUT of who is asked, after rules for others',
      network: `${CABLE}; ${serve('net2', 80)}`,
      fault: `for rule in '-i lo -j ACCEPT' '! -s 10.0.0.0/24 -j DROP' '-p tcp --dport 22 -j ACCEPT' '-p tcp -m multiport --dports 80,443 -j DROP'
      do ip netns exec net2 iptables -A INPUT $rule; done`,
      question: 'net1 -> 10.0.0.2:80',
      finds: {
        code: 'rule-drop',
        place: 'net2',
        device: 'veth2',
        rule: { chain: 'INPUT', number: 4 },
        lastSeen: { place: 'net2', device: 'veth2' },
      },
    },
    {
      name: 'the policy of FORWARD',
      network: ROUTER,
      fault: inRouter('-P FORWARD DROP', '-A FORWARD -p tcp -j ACCEPT'),
      question: 'left -> 10.0.2.1',
      finds: { code: 'policy-drop', place: 'router', device: 'west', rule: { table: 'filter', chain: 'FORWARD' } },
      text: /^icmp 10\.0\.1\.1 > 10\.0\.2\.1 on router\/west is dropped by the policy DROP of filter FORWARD$/,
    },
    {
      name: 'a rule in the middle of a chain that somebody made',
      network: ROUTER,
      fault: inRouter(
        '-N WALL',
        '-N EMPTY',
        '-A FORWARD -i east -j WALL',
        '-A FORWARD -j EMPTY',
        '-A FORWARD -i west -o east -j WALL',
        '-A FORWARD -j ACCEPT',
        '-A WALL -s 10.0.3.0/24 -j DROP',
        '-A WALL -p icmp --icmp-type echo-reply -j DROP',
        '-A WALL -d 10.0.2.0/25 -m comment --comment "not here" -j DROP',
        '-A WALL -j DROP',
      ),
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', place: 'router', rule: { table: 'filter', chain: 'WALL', number: 3 } },
      text: /rule 3 of filter WALL \(-d 10\.0\.2\.0\/25 .*-j DROP\)/,
    },
    {
      name: 'RETURN and goto',
      network: ROUTER,
      fault: inRouter(
        '-N ONE',
        '-N TWO',
        '-A ONE -s 10.0.1.0/24 -j RETURN',
        '-A ONE -j DROP',
        '-A TWO -d 10.0.9.0/24 -j ACCEPT',
        '-A FORWARD -j ONE',
        '-A FORWARD -p icmp -g TWO',
        '-A FORWARD -j ACCEPT',
        '-P FORWARD DROP',
      ),
      question: 'left -> 10.0.2.1',
      finds: { code: 'policy-drop', place: 'router', rule: { chain: 'FORWARD' } },
    },
    {
      name: 'REJECT',
      network: `${ROUTER}; ${serve('right', 80)}`,
      fault: inRouter('-A FORWARD -p tcp --dport 80 -j REJECT --reject-with tcp-reset'),
      question: 'left -> 10.0.2.1:80',
      finds: { code: 'rule-reject', place: 'router', rule: { chain: 'FORWARD', number: 1 } },
    },
    {
      name: 'only answers are let through, so the question is not',
      network: ROUTER,
      fault: inRouter('-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT', '-A FORWARD -j DROP'),
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', isAnswer: false, rule: { number: 2 } },
    },
    {
      name: 'only questions are let through, so the answer is not',
      network: ROUTER,
      fault: inRouter('-A FORWARD -i west -j ACCEPT', '-P FORWARD DROP'),
      question: 'left -> 10.0.2.1',
      finds: {
        code: 'policy-drop',
        place: 'router',
        device: 'east',
        isAnswer: true,
        lastSeen: { place: 'router', device: 'east' },
      },
      text: /^on the way back: icmp 10\.0\.2\.1 > 10\.0\.1\.1 on router\/east/,
    },
    {
      name: 'raw PREROUTING',
      network: ROUTER,
      fault: inRouter('-t raw -A PREROUTING -i west -p icmp -j DROP'),
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', rule: { table: 'raw', chain: 'PREROUTING', number: 1 } },
    },
    {
      name: 'a mark that is set in one table and looked at in another',
      network: ROUTER,
      fault: inRouter(
        '-t mangle -A PREROUTING -s 10.0.1.1 -j MARK --set-mark 7',
        '-A FORWARD -m mark --mark 8 -j DROP',
        '-A FORWARD -m mark --mark 7 -j DROP',
      ),
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', rule: { table: 'filter', chain: 'FORWARD', number: 2 } },
    },
    {
      name: 'conditions that only the counters can tell of',
      network: ROUTER,
      fault: inRouter(
        '-A FORWARD -m length --length 2000:3000 -j DROP',
        '-A FORWARD -m ttl --ttl-gt 200 -j DROP',
        '-A FORWARD -m length --length 0:1000 -j DROP',
      ),
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', rule: { number: 3 } },
    },
    {
      name: 'the legacy back end',
      network: ROUTER,
      fault: 'ip netns exec router iptables-legacy -A FORWARD -p icmp -j DROP',
      question: 'left -> 10.0.2.1',
      finds: { code: 'rule-drop', place: 'router', rule: { program: 'iptables-legacy', chain: 'FORWARD', number: 1 } },
    },
    {
      name: 'packets within a bridge pass FORWARD too',
      network: BRIDGE,
      fault: 'iptables -P FORWARD DROP',
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'policy-drop', place: 'host', device: 'v1', rule: { chain: 'FORWARD' } },
    },
    {
      name: 'the port of a bridge (physdev)',
      network: BRIDGE,
      fault: `iptables -A FORWARD -m physdev --physdev-in v3 -j DROP
      iptables -A FORWARD -m physdev --physdev-is-bridged --physdev-out v2 -j DROP`,
      question: 'c1 -> 10.1.0.2',
      finds: { code: 'rule-drop', place: 'host', rule: { chain: 'FORWARD', number: 2 } },
    },
    {
      name: 'FORWARD of a Docker host without the rule for answers',
      lan: true,
      network: `${DOCKER}
      iptables -P FORWARD DROP; iptables -A FORWARD -i docker0 ! -o docker0 -j ACCEPT`,
      fault: 'true',
      question: 'c2 -> 203.0.113.10',
      finds: {
        code: 'policy-drop',
        place: 'host',
        device: 'ens33',
        isAnswer: true,
        rule: { chain: 'FORWARD' },
        lastSeen: { place: 'host', device: 'ens33' },
      },
      text: /icmp 203\.0\.113\.10 > 172\.17\.0\.2 on ens33/,
    },
    {
      name: 'rules of nftables that iptables does not show: says what was excluded',
      network: ROUTER,
      fault: `ip netns exec router nft 'add table inet mine; add chain inet mine f { type filter hook forward priority 5; }'
      ip netns exec router nft add rule inet mine f ip protocol icmp drop`,
      question: 'left -> 10.0.2.1',
      finds: { code: 'lost', place: 'router', device: 'east', lastSeen: { place: 'router', device: 'west' } },
      text: /why is not known\. Excluded: .* table inet mine \(router\)$/,
    },
  ]))
