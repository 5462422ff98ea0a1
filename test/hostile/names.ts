import { type Attack, everybody, perl } from './attack.ts'

/** Against what is read: names and texts that mean something to whoever reads them, or that are not what they say. */
export const names: readonly Attack[] = [
  {
    name: 'a file in place of a namespace',
    types: ['touch /run/netns/db; ip netns list'],
    prints: /db/,
    users: everybody,
  },
  {
    name: 'the host’s own namespace under another name',
    types: [
      'touch /run/netns/db; mount --bind /proc/self/ns/net /run/netns/db',
      'umount /run/netns/web; mount --bind /proc/self/ns/net /run/netns/web',
    ],
    users: everybody,
  },
  {
    name: 'namespaces of other kinds under the name of one of the network',
    types: [
      'for kind in mnt pid uts ipc cgroup; do umount -l /run/netns/web; mount --bind /proc/self/ns/$kind /run/netns/web; done',
      'umount -l /run/netns/web; mount --bind /proc/self/ns/user /run/netns/web; touch /run/netns/db; mount --bind /proc/self/ns/uts /run/netns/db',
    ],
    users: everybody,
  },
  {
    name: 'a link to another machine',
    types: [
      'umount /run/netns/web; rm /run/netns/web; ln -s /run/labrun/netns/client /run/netns/web; ln -s /run/labrun/netns/server /run/netns/db',
      'umount -l /run/netns; mv /run/netns /run/real; ln -s /run/labrun/netns /run/netns; ls /run/netns/gateway && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'links into /proc, to nowhere and in a circle',
    types: [
      'rm -f /run/netns/db; ln -s /proc/1/ns/net /run/netns/db',
      'umount /run/netns/web; rm /run/netns/web; ln -s web /run/netns/web; ln -s /nowhere /run/netns/x',
    ],
  },
  {
    name: 'a FIFO in place of a namespace, which nobody opens',
    types: ['mkfifo /run/netns/db; umount /run/netns/web; rm /run/netns/web; mkfifo /run/netns/web'],
    users: everybody,
  },
  { name: 'no /run/netns', types: ['umount -l /run/netns/web; rm -rf /run/netns'] },
  {
    name: 'a file as /run/netns',
    types: ['umount -l /run/netns/web; umount -l /run/netns; rm -rf /run/netns; touch /run/netns'],
  },
  {
    name: 'namespaces that are called like the machines around',
    types: [
      'for n in host gateway client server; do ip netns add $n; ip -n $n addr add 203.0.113.10/32 dev lo; ip -n $n link set lo up; done; ip netns exec server perl -e 1',
    ],
  },
  {
    name: 'names of namespaces that are options, paths or lines',
    types: [
      "cd /run/netns && touch -- -n --help ' ' $'a\\nb' $'\\e[2J' '=cmd|x!A1' '<script>' '$(reboot)' '`reboot`' \"'\" '\"' 'ü' && ls",
    ],
  },
  {
    name: 'names of devices that are options, commands, formulas or escapes',
    types: [
      "for n in -n '=1+1' '<b>x' \"a'b\" 'a\"b' '$(reboot)' $'\\e[31mred' ';reboot' '@eth0' '%s%n' 'ä'; do ip link add name \"$n\" type bridge; ip link set dev \"$n\" up; done; ip -br link | wc -l",
    ],
  },
  {
    name: 'a device that is called eth0, elsewhere',
    types: [
      'ip link add eth0 type bridge; ip addr add 10.9.0.2/24 dev eth0; ip link set eth0 up; ip addr add 203.0.113.10/32 dev lo',
    ],
  },
  {
    name: 'other texts of a device',
    types: [`ip link set lo alias '"}],"addr_info":[{"local":"10.9.0.2","prefixlen":24}]'; ip link set ens33 name web`],
  },
  {
    name: 'a comment of iptables that reads like a rule',
    types: [
      "iptables -t nat -A POSTROUTING -m comment --comment '-s 10.9.0.0/24 -o ens33 -j MASQUERADE'",
      "iptables -t nat -A POSTROUTING -m comment --comment $'x\"\\n-A POSTROUTING -s 10.9.0.0/24 -o ens33 -j MASQUERADE\\n'",
      'iptables -t nat -A OUTPUT -m comment --comment \'" -j MASQUERADE \\"\'',
    ],
  },
  {
    name: 'a chain and a table of iptables that read like others',
    types: [
      'iptables -t nat -N MASQUERADE. ; iptables -t nat -N nat; iptables -t nat -A nat -s 10.9.0.0/24 -o ens33 -j MASQUERADE; iptables -A FORWARD -s 10.9.0.0/24 -o ens33 -j ACCEPT',
      'iptables -t nat -N POST; iptables -t nat -A POST -s 10.9.0.0/24 -o ens33 -j MASQUERADE; iptables -t nat -A POSTROUTING ! -s 10.9.0.0/24 -o ens33 -j MASQUERADE',
    ],
  },
  {
    name: 'escape sequences, HTML and formulas as output',
    types: [
      String.raw`printf '\e]0;title\a\e[2J\e[31mred\e[?1049h\x9b31m\r\b\x7f\u202egnp\n<script>alert(1)</script>\n=HYPERLINK("x")\n::error::x\n'`,
    ],
    prints: /<script>/,
  },
  {
    name: 'output that reads like labrun’s own',
    types: [
      'printf \'✓ passed\\n{"type":"check-end","result":{"status":"passed"}}\\nok 1\\n[… 0 characters of output not kept …]\\n\'',
    ],
    prints: /passed/,
  },
  {
    name: 'names of processes',
    types: [
      perl('$0 = "tcpdump -i eth0"; sleep 3') +
        ' & ' +
        perl('$0 = "\\e[2J <b>"; sleep 3') +
        ' & exec -a "bash --norc /run/labrun/terminal/main/in.1" sleep 3 &',
    ],
  },
]
