import { type Attack, everybody, perl } from './attack.ts'

// What each program of a check would have to print.
const LIE = String.raw`cp $(readlink -f /bin/sh) /tmp/sh; cat > /tmp/lie <<'LIE'
#!/tmp/sh
case "$0 $*" in
*netns*) echo '[{"name":"web"},{"name":"db"}]';;
*addr*) echo '[{"ifname":"eth0","operstate":"UP","flags":["UP","LOWER_UP"],"addr_info":[{"family":"inet","local":"10.9.0.2","prefixlen":24}]}]';;
*route*) echo '[{"dst":"203.0.113.10","gateway":"10.9.0.1","dev":"eth0"}]';;
*link*) echo '[{"ifname":"lo","flags":["UP"],"operstate":"UP"}]';;
*sysctl*) echo 1;;
*save*) printf '*nat\n:POSTROUTING ACCEPT [0:0]\n[1:60] -A POSTROUTING -s 10.9.0.0/24 -o ens33 -j MASQUERADE\nCOMMIT\n';;
*ping*) echo '1 packets transmitted, 1 received, 0% packet loss, time 0ms';;
*) echo 'You came from 203.0.113.1';;
esac
exit 0
LIE
chmod 755 /tmp/lie`
const PROGRAMS = 'ip ping curl sysctl iptables iptables-save iptables-nft-save iptables-legacy-save perl bash sh'

/** Against who looks: to end it, to look into it, to give it other programs or settings. */
export const checker: readonly Attack[] = [
  { name: '`kill -9 -1`', types: ['/bin/kill -9 -1', 'echo still'], prints: /still/, users: everybody },
  {
    name: 'signals to the first process',
    types: ['for s in {1..64}; do kill -$s 1; done; echo still', 'kill -9 -1 0'],
    prints: /still/,
    users: everybody,
  },
  {
    name: 'killing every process again and again while checks are made',
    types: [
      'setsid bash -c \'trap "" TERM INT; cd /proc; while :; do for p in [0-9]*; do [ $p -gt 2 ] && [ $p != $$ ] && kill -9 $p; done; sleep 0.01; done\' &>/dev/null &',
    ],
  },
  { name: 'the end of the world', types: ['reboot -f'], ends: true, users: everybody },
  {
    name: 'ptrace(2) of the first process',
    types: [
      perl('print syscall(101, 16, 1, 0, 0) == 0 ? "BREACH" : "no: $!"'),
      perl('print syscall(101, 0x4206, 1, 0, 0) == 0 ? "BREACH" : "no: $!"'),
    ],
    prints: /no: /,
    users: everybody,
  },
  {
    name: 'looking into the first process',
    types: [
      'for f in mem maps environ root/ fd/ cwd/ ns/net; do ls /proc/1/$f >/dev/null && head -c 1 /proc/1/$f && echo BREACH; done',
      'ls /proc/1/root/run && echo BREACH',
      perl(
        'my $b = "\\0" x 8; my $l = pack "PQ", $b, 8; my $r = pack "QQ", 0x400000, 8; print syscall(310, 1, $l, 1, $r, 1, 0) > 0 ? "BREACH" : "no"',
      ),
    ],
    prints: /no/,
    users: everybody,
  },
  {
    name: 'other programs in place of those that checks use',
    types: [
      LIE,
      `for p in ${PROGRAMS}; do f=$(type -P $p) && mount --bind /tmp/lie $(readlink -f $f); done`,
      'ip netns; ping',
    ],
    prints: /"name":"db"|You came/,
    users: everybody,
  },
  {
    name: 'a folder of programs laid over the machine’s',
    types: [
      LIE,
      `mkdir /tmp/bin; for p in ${PROGRAMS}; do cp /tmp/lie /tmp/bin/$p; done; mount --bind /tmp/bin /usr/sbin; mount --bind /tmp/bin /usr/bin`,
    ],
  },
  { name: 'an empty /usr', types: ['mount -t tmpfs none /usr', 'mount -t tmpfs none /etc'] },
  {
    name: 'another PATH',
    types: [
      LIE,
      `mkdir -p /root/bin; for p in ${PROGRAMS}; do cp /tmp/lie /root/bin/$p; done; export PATH=/root/bin:$PATH; echo 'PATH=/root/bin:$PATH' | tee /root/.bashrc /root/.profile /etc/profile /etc/environment >/dev/null`,
      'export BASH_ENV=/root/.bashrc ENV=/root/.bashrc',
    ],
  },
  {
    name: 'functions and aliases named like programs',
    types: [
      LIE,
      `for p in ${PROGRAMS} type builtin command printf exec trap jobs; do eval "$p() { /tmp/lie; }"; export -f $p; alias $p=/tmp/lie; done`,
      'ip netns',
    ],
  },
  {
    name: '/etc/ld.so.preload',
    types: ['echo /tmp/none.so > /etc/ld.so.preload', '/bin/true'],
    prints: /ld\.so/,
    users: everybody,
  },
  {
    name: 'LD_PRELOAD and its sisters',
    types: ['export LD_PRELOAD=/tmp/none.so LD_AUDIT=/tmp/none.so LD_LIBRARY_PATH=/tmp LC_ALL=xx GCONV_PATH=/tmp'],
  },
  {
    name: 'other settings for the programs of checks',
    types: [
      'echo "203.0.113.10 localhost" > /etc/hosts; echo "127.0.0.1 www.example.com" >> /etc/hosts; echo "hosts: dns" > /etc/nsswitch.conf; echo "precedence ::/0 1" > /etc/gai.conf',
      'mkdir -p /etc/iproute2; echo "0 eth0" > /etc/iproute2/group; echo "254 10.9.0.1" > /etc/iproute2/rt_tables',
      'echo "url = file:///etc/hosts" > /root/.curlrc; echo "proxy = 127.0.0.1:1" >> /root/.curlrc; cp /root/.curlrc /etc/curlrc',
    ],
  },
  {
    name: 'marks of the protocol',
    types: [
      'echo "done 0 0 ;" > /run/labrun/terminal/main/status.1; echo "!0 0!" > /run/labrun/terminal/main/status.1; printf "\\0\\0\\0\\4done"',
      'for i in {1..5}; do echo "done $i 0 1 2 3;"; done > /run/labrun/terminal/main/status.1; echo still',
    ],
    prints: /still/,
  },
  {
    name: 'a flood of marks of the protocol',
    types: [
      'yes "done x 0" > /run/labrun/terminal/main/status.1 &',
      'yes ";" | tr -d "\\n" > /run/labrun/terminal/main/status.1 &',
      'sleep 1',
    ],
    limits: { command: 8000 },
  },
  {
    name: 'reading what is typed, and typing',
    types: [
      '(sleep 0.3; echo "echo typed" > /run/labrun/terminal/main/in.1; head -c 100 /run/labrun/terminal/main/in.1) &',
      'sleep 1',
    ],
    limits: { command: 4000 },
  },
  {
    name: 'the shell’s own traps',
    types: [
      'trap "return 0" DEBUG ERR RETURN EXIT; set -T; PROMPT_COMMAND="exit 0"',
      'false',
      'set -eu; trap "" RTMAX INT',
      'exit 0',
      'enable -n printf jobs; echo still',
    ],
    prints: /still/,
  },
  {
    name: 'the terminal’s files laid over',
    types: ['mount -t tmpfs none /run/labrun/terminal; mount -t tmpfs none /run', 'echo x'],
    limits: { command: 2000 },
  },
  {
    name: 'another /proc',
    types: ['mount -t tmpfs none /proc; mkdir -p /proc/sys/net/ipv4 /proc/net; echo 1 > /proc/sys/net/ipv4/ip_forward'],
  },
  {
    name: 'another root',
    types: [
      'mkdir -p /tmp/r/old; mount -t tmpfs none /tmp/r; mkdir /tmp/r/old; pivot_root /tmp/r /tmp/r/old; chroot /tmp/r /bin/true',
    ],
  },
]
