import { type Attack, everybody, perl } from './attack.ts'

/** Against the machine under the world: to get at what is outside. `@FOLDER@` has a file with a secret, a server listens to `@PORT@` of all `@ADDRESSES@`. */
export const edges: readonly Attack[] = [
  {
    name: 'files of the grader',
    types: [
      'ls @FOLDER@ && echo BREACH',
      'cat @FOLDER@/hidden /proc/1/root@FOLDER@/hidden /proc/self/root@FOLDER@/hidden ../../../../../..@FOLDER@/hidden && echo BREACH',
      'echo forged > @FOLDER@/hidden; mkdir -p @FOLDER@; echo x > @FOLDER@/result.json',
    ],
    users: everybody,
  },
  {
    name: 'hidden checks: searched for in files, processes and the environment',
    types: [
      'grep -rl "hidden-[e]1f9c1" /etc /run /tmp /root /home /var /dev/shm 2>/dev/null && echo BREACH',
      'for p in /proc/[0-9]*; do tr "\\0" "\\n" < $p/environ; tr "\\0" "\\n" < $p/cmdline; done 2>/dev/null | grep -e "hidden-[e]1f9c1" -e [H]OSTILE_SECRET && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'servers on the machine’s addresses',
    types: [
      'for a in @ADDRESSES@; do timeout 2 bash -c "echo > /dev/tcp/$a/@PORT@" && echo BREACH; done; ip link show | grep -c :',
    ],
    users: everybody,
  },
  {
    name: 'servers on the machine’s loopback, and sockets without a file',
    types: [
      'timeout 2 bash -c "echo > /dev/tcp/127.0.0.1/@PORT@" && echo BREACH',
      perl(
        'use Socket; socket my $s, AF_UNIX, SOCK_STREAM, 0; connect $s, pack_sockaddr_un("\\0hostile-abstract") and print "BREACH"',
      ),
      'ss -xl | grep -q . && ss -xl | grep hostile && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'shared memory, queues and semaphores of others',
    types: ['ipcs -a | grep -E "^0x" && echo BREACH; ls /dev/shm /dev/mqueue | grep -v : | grep . && echo BREACH'],
  },
  {
    name: 'settings of the kernel',
    types: [
      'for f in kernel/core_pattern kernel/panic kernel/sysrq kernel/modprobe vm/overcommit_memory fs/file-max kernel/hostname kernel/printk kernel/randomize_va_space; do v=$(cat /proc/sys/$f); [ $f = kernel/hostname ] || { echo "$v" > /proc/sys/$f && echo BREACH; }; done',
      'echo h > /proc/sysrq-trigger && echo BREACH; date -s "$(date)" && echo BREACH; dmesg -C && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'devices',
    types: [
      'for n in "b 254 0" "b 8 0" "c 1 1" "c 1 2" "c 10 237" "c 5 1"; do rm -f /tmp/n; mknod /tmp/n $n && head -c 1 /tmp/n && echo BREACH; done',
      'ls /dev/mem /dev/kmem /dev/vda /dev/sda /dev/kmsg /dev/loop-control /dev/fuse && echo BREACH; head -c 1 /proc/kcore && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'mounts of the machine’s disks, and of kernel file systems',
    types: [
      'for t in ext4 debugfs tracefs securityfs bpf pstore configfs efivarfs; do mount -t $t /dev/vda /mnt && ls -A /mnt | grep . && echo BREACH; umount /mnt; done; mount -o loop /tmp/x /mnt && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'the machine’s programs, made writable',
    types: [
      'mount -o remount,rw /usr; mount -o remount,bind,rw /usr; touch /usr/bin/hostile && echo BREACH',
      'umount -l /usr; umount -l /run/labrun/etc; umount -R -l /; touch /usr/bin/hostile && echo BREACH',
      'unshare -Urm sh -c "mount -o remount,bind,rw /usr; umount -l /usr; mount --bind /usr /mnt; touch /mnt/bin/hostile" && echo BREACH',
      'cp -a /usr/bin/true /tmp/x; mount -t overlay -o lowerdir=/usr/bin,upperdir=/tmp/u,workdir=/tmp/w none /usr/bin; chattr -i /usr/bin/true && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'namespaces of other processes',
    types: [
      'for k in mount net pid uts ipc user; do nsenter -t 1 --$k true && [ $k = mount ] && echo BREACH; done',
      'for p in /proc/[0-9]*; do nsenter --mount=$p/ns/mnt ls @FOLDER@; done 2>/dev/null && echo BREACH',
      'ls -d /proc/[0-9]* | wc -l; unshare -Urmpf --mount-proc ls -d /proc/[0-9]* | wc -l',
    ],
    users: everybody,
  },
  {
    name: 'the parent of a namespace, by ioctl and by handle',
    types: [
      perl(
        'for my $k (qw(user pid)) { open my $f, "<", "/proc/self/ns/$k" or die; my $fd = ioctl $f, 0xb702, 0; print defined $fd ? "BREACH $k" : "no: $!\\n" }',
      ),
      perl(
        'for my $k (qw(user mnt net)) { open my $f, "<", "/proc/self/ns/$k" or die; my $fd = ioctl $f, 0xb701, 0; if (defined $fd && $k eq "user") { print "BREACH" } }',
      ),
    ],
    users: everybody,
  },
  {
    name: 'the outside machines, by way of the cable',
    types: [
      'ls /run/labrun/netns && echo BREACH; ip netns exec gateway true && echo BREACH; nsenter --net=/run/labrun/netns/gateway true && echo BREACH',
      // RTM_NEWLINK (16) of a bridge with IFLA_TARGET_NETNSID (46), for the namespaces with numbers 0 to 4.
      perl(
        'for my $nsid (0 .. 4) { socket my $n, 16, 3, 0; my $a = pack("SSi", 8, 46, $nsid) . pack("SSZ8", 12, 3, "breach") . pack("SS", 16, 18) . pack("SSa8", 12, 1, "bridge"); my $m = pack("LSSLL", 32 + length $a, 16, 0x605, 1, 0) . pack("CxSiLL", 0, 0, 0, 0, 0) . $a; send $n, $m, 0; recv $n, my $r, 4096, 0; my $e = -unpack "x16 i", $r; print $e ? "no $e\\n" : "BREACH\\n" }',
      ),
    ],
    prints: /no 1\n/,
    users: everybody,
  },
  {
    name: 'cgroups',
    types: [
      'mount -t cgroup -o memory none /mnt && echo BREACH; mount -t cgroup2 none /mnt && ls /mnt | grep -q . && echo none',
      'unshare -C sh -c "mount -t cgroup -o memory none /mnt && echo 99999999999 > /mnt/memory.limit_in_bytes && echo BREACH; mount -t cgroup -o pids none /mnt && echo max > /mnt/pids.max && echo BREACH; mkdir /mnt/more && echo BREACH; mount -t cgroup2 none /mnt && mkdir /mnt/more && echo BREACH"',
    ],
    users: everybody,
  },
  {
    name: 'setuid, other users and capabilities',
    types: [
      'cp /bin/bash /tmp/b; chmod 6777 /tmp/b; su nobody -s /bin/sh -c "/tmp/b -p -c id"; chown 12345:12345 /tmp/b; sudo -n id && echo BREACH',
      'capsh --print; setpriv --reuid 1 id; mount --bind /etc/shadow /tmp/b; cat /run/labrun/etc/shadow && echo BREACH',
    ],
    users: everybody,
  },
  {
    name: 'user namespaces within',
    types: [
      'unshare -Ur sh -c "mount -t tmpfs none /mnt; id -u; cat /run/labrun/etc/shadow" && echo BREACH',
      'unshare -Urn ip link add x type bridge; unshare -U --map-auto id -u',
    ],
    users: everybody,
  },
  {
    name: 'modules, kexec, bpf, perf and the kernel’s keys',
    types: [
      'modprobe -r veth && echo BREACH; insmod /tmp/x.ko && echo BREACH',
      // bpf(BPF_PROG_LOAD) of "return 0" for kprobes; perf_event_open of the whole kernel; init_module; kexec_load; syslog(clear)
      perl(
        'my $i = pack "CCsl CCsl", 0xb7, 0, 0, 0, 0x95, 0, 0, 0; my $l = "GPL\\0"; my $a = pack("LLPP", 2, 2, $i, $l) . "\\0" x 96; print syscall(321, 5, $a, length $a) >= 0 ? "BREACH bpf" : "no"; my $p = pack("LLQ", 1, 128, 0) . "\\0" x 112; print syscall(298, $p, -1, 0, -1, 0) >= 0 ? "BREACH perf" : "no"; my $e = ""; print syscall(175, $e, 0, $e) == 0 ? "BREACH module" : "no"; print syscall(246, 0, 0, 0, 0) == 0 ? "BREACH kexec" : "no"; print syscall(103, 5, 0, 0) >= 0 ? "BREACH syslog" : "no"',
      ),
      'keyctl show 2>/dev/null; cat /proc/keys | grep -v _uid | grep -i secret && echo BREACH; echo ":x:M::x::/tmp/b:" > /proc/sys/fs/binfmt_misc/register && echo BREACH',
    ],
    prints: /no/,
    users: everybody,
  },
  {
    name: 'io_uring',
    types: [
      perl(
        'my $p = "\\0" x 120; my $fd = syscall(425, 4, $p); print $fd < 0 ? "none" : "its own"; open my $f, "<", "@FOLDER@/hidden" and print "BREACH"',
      ),
    ],
    prints: /none|its own/,
  },
  {
    name: 'typing into the grader’s terminal (TIOCSTI)',
    types: [
      perl(
        'open my $t, "+<", "/dev/tty" or print "no tty"; my $c = "x"; $t and ioctl($t, 0x5412, $c) and print "BREACH"; my $d = "x"; ioctl(STDIN, 0x5412, $d) and print "BREACH"',
      ),
    ],
    prints: /no tty/,
  },
  {
    name: 'fewer namespaces for who comes after',
    types: [
      'for k in user mnt net pid uts ipc cgroup; do echo 0 > /proc/sys/user/max_"$k"_namespaces; done; unshare -n true',
    ],
    users: everybody,
  },
  {
    name: 'processes that outlive their shell',
    types: [
      'setsid nohup bash -c "trap \\"\\" TERM HUP INT; (sleep 7331 &) ; sleep 7332" >/dev/null 2>&1 & disown -a; (setsid sleep 7333 &)',
      'unshare -Urpf sleep 7334 & exit 0',
    ],
    users: everybody,
  },
  {
    name: 'a process that holds every pipe it can find',
    types: [
      'for f in /proc/[0-9]*/fd/*; do exec {x}<>$f; done 2>/dev/null; sleep 7335 & cat /run/labrun/terminal/main/out > /dev/null &',
      'echo x',
    ],
    limits: { command: 4000 },
  },
  {
    name: 'no uplink, no loopback, no rules left',
    types: [
      'ip link del ens33; ip link set lo down; ip link set lo name gone; iptables -P INPUT DROP; iptables -P OUTPUT DROP; nft flush ruleset',
      'for i in $(seq 60); do ip link add d$i type veth peer name e$i; done; ip -all netns delete',
    ],
    users: everybody,
  },
]
