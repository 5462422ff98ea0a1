import { type Attack, everybody, perl } from './attack.ts'

/** Against the machine: to use it up. */
export const resources: readonly Attack[] = [
  { name: 'a fork bomb', types: [':(){ :|:& };:', 'sleep 1'], hits: ['processes:'], users: everybody },
  {
    name: 'a fork bomb that leaves its session and hears no signal',
    types: [
      `${perl('$SIG{$_} = "IGNORE" for qw(INT TERM HUP); for (1 .. 9) { fork; syscall 112 } sleep 5')} & sleep 1`,
    ],
    hits: ['processes:'],
    users: everybody,
  },
  {
    name: 'zombies',
    types: [`${perl('for (1 .. 500) { fork // last or exit } sleep 5')} & sleep 1`],
    hits: ['processes:'],
  },
  {
    name: 'memory of one process',
    types: [perl('$x .= "x" x 1048576 for 1 .. 400; print "BREACH"')],
    hits: ['memory:'],
  },
  {
    name: 'memory of one process, where there are no cgroups',
    types: [perl('$x .= "x" x 1048576 for 1 .. 400; print "BREACH"')],
    prints: /Out of memory/,
    users: ['an ordinary user'],
  },
  {
    name: 'memory of many processes',
    types: [`for i in 1 2 3 4 5 6; do ${perl('$x = "x" x (20 << 20); $y = $x . "y"; sleep 4')} & done; wait`],
    hits: ['memory:'],
    users: everybody,
  },
  {
    name: 'memory in a tmpfs of the student’s own',
    types: ['mount -t tmpfs -o size=1g more /mnt && head -c 400M /dev/zero > /mnt/x && echo BREACH'],
    hits: ['memory:'],
  },
  {
    name: 'memory in files without a name (memfd_create)',
    types: [
      perl(
        'my $n = "x"; open my $f, ">&=", syscall(319, $n, 0) or die; for (1 .. 400) { syswrite $f, "x" x 1048576 or die } print "BREACH"',
      ),
    ],
    hits: ['memory:'],
  },
  {
    name: 'a full disk, by way of /dev/shm',
    types: ['head -c 40M /dev/zero > /dev/shm/x && echo BREACH'],
    hits: ['disk: its 16 MiB'],
    users: everybody,
  },
  {
    name: 'a disk without inodes',
    types: [
      'mkdir /tmp/many; for ((i = 0; i < 5000; i++)); do : > /tmp/many/$i || break; done; test $i = 5000 && echo BREACH',
    ],
    hits: ['files and folders'],
    users: everybody,
  },
  {
    name: 'a greater disk by mounting it anew',
    types: [
      'mount -o remount,size=900m / && echo BREACH',
      'mount -o remount,size=900m,nr_inodes=0 tmpfs / && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: '10 GB in sparse files',
    types: ['truncate -s 10G /tmp/big; ls -s /tmp/big', 'cat /tmp/big > /tmp/copy', 'tar -cSf /tmp/big.tar /tmp/big'],
    limits: { command: 5000 },
    hits: ['disk:'],
  },
  {
    name: 'folders below folders',
    types: ['for i in {1..800}; do mkdir d && cd d || break; done; cd /'],
  },
  {
    name: 'endless output',
    types: ['yes "all is well"', 'echo still'],
    hits: ['output:'],
    prints: /still/,
    users: everybody,
  },
  {
    name: 'endless output without a line end',
    types: ['cat /dev/zero', 'echo still'],
    hits: ['output:'],
    prints: /still/,
  },
  { name: 'endless output that is no text', types: ['cat /dev/urandom'], hits: ['output:'] },
  {
    name: 'endless output beside the other commands',
    types: ['yes noise &', 'sleep 1', 'sleep 1; echo still'],
    hits: ['output:'],
  },
  {
    name: 'a command that never ends',
    types: ['sleep infinity'],
    limits: { command: 1500 },
    hits: ['took longer than 1.5 s'],
  },
  {
    name: 'a command that never ends and hears no signal',
    types: ["trap '' INT TERM HUP RTMAX; while :; do :; done"],
    limits: { command: 1500 },
    hits: ['took longer than 1.5 s'],
    users: everybody,
  },
  {
    name: 'many commands that take long',
    types: ['sleep 2', 'sleep 2', 'sleep 2', 'echo BREACH', 'echo BREACH'],
    limits: { time: 3000 },
    hits: ['time: the commands took longer than 3 s together'],
  },
  { name: 'more work than there are processors', types: ['for i in {1..12}; do while :; do :; done & done'] },
  {
    name: 'more open files than one may have',
    types: [perl('for (1 .. 5000) { open $f[$_], "<", "/dev/null" or last } print @f > 1000 ? "BREACH" : "few"')],
    prints: /few/,
    users: everybody,
  },
  {
    name: 'higher limits by asking for them',
    types: [
      'ulimit -n 100000 && echo BREACH; ulimit -c unlimited && echo BREACH',
      'echo -1000 > /proc/self/oom_score_adj && echo BREACH; nice -n -20 nice | grep -e - && echo BREACH',
    ],
    users: everybody,
  },
  { name: 'a stopped shell', types: ['kill -STOP $$', 'echo still'], limits: { command: 2000 }, prints: /still/ },
  { name: 'a shell without output', types: ['exec >&- 2>&-; echo x', 'echo x >&1'] },
  {
    name: 'hundreds of namespaces and names',
    types: ['for i in {1..40}; do ip netns add n$i; done; for i in {1..400}; do : > /run/netns/f$i; done'],
  },
]
