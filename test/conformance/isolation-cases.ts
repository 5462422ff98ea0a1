import { expect } from 'vitest'
import { type Case, commandLines, lan, outputOf, type } from './case.ts'

// The environment of a shell in a world.
const OWN =
  'PATH HOME USER LOGNAME SHELL LANG TERM PWD OLDPWD SHLVL _ PYTHONUNBUFFERED LD_PRELOAD _STDBUF_O BASH_ENV'.split(' ')

/** What a world must not reach: the machine under it. */
export const isolationCases: readonly Case[] = [
  {
    name: 'settings of the kernel that are not of the network cannot be changed',
    async run(world) {
      // With the values that they have: where a write is not refused, the test does no harm.
      for (const text of [
        'sysctl -w vm.swappiness=$(sysctl -n vm.swappiness)',
        'cat /proc/sys/kernel/panic > /proc/sys/kernel/panic',
        'echo h > /proc/sysrq-trigger',
        'date -s "$(date)"',
        'cat /sys/kernel/profiling > /sys/kernel/profiling',
      ]) {
        expect((await type(world, text)).status, text).not.toBe(0)
      }
    },
  },
  {
    name: 'no devices: `mknod` makes none, /dev has only the harmless ones',
    async run(world) {
      for (const node of ['b 8 0', 'b 254 0', 'c 1 1', 'c 1 2']) {
        expect((await type(world, `mknod /tmp/node ${node} && head -c 1 /tmp/node`)).status, node).not.toBe(0)
      }
      expect((await outputOf(world, 'ls /dev')).split('\n').sort()).toEqual(
        expect.arrayContaining(['fd', 'full', 'net', 'null', 'ptmx', 'pts', 'random', 'shm', 'urandom', 'zero']),
      )
      expect(
        await outputOf(
          world,
          'ls /dev | grep -vxE "fd|full|net|null|ptmx|pts|random|shm|std(in|out|err)|tty|u?random|zero"; true',
        ),
      ).toBe('')
    },
  },
  {
    name: 'the machine’s programs are read-only, and who remounts them has still no right to change them',
    async run(world) {
      const touches = ['touch /usr/bin/labrun-zz', 'mkdir /usr/labrun-zz']
      for (const text of [...touches, 'touch /run/labrun/etc/labrun-zz']) {
        const end = await type(world, text)
        expect(end.status, text).not.toBe(0)
        expect(end.output, text).toContain('Read-only file system')
      }
      expect((await type(world, 'mount -o remount,rw /usr')).status).not.toBe(0)
      await type(world, 'mount -o remount,bind,rw /usr')
      for (const text of [...touches, 'touch /usr/bin/env', 'chmod 755 /usr/bin']) {
        expect((await type(world, text)).status, text).not.toBe(0)
      }
    },
  },
  {
    name: 'homes, logs and temporary files are empty, and can be used',
    async run(world) {
      expect(await outputOf(world, 'ls -A /home /tmp /var/tmp /var/log /mnt /root /srv | grep -v :; true')).toBe('')
      await outputOf(world, 'for d in /home /tmp /root /run /var/log /etc; do echo x > $d/f; done')
      expect(await outputOf(world, 'cat /home/f /etc/f; ls -A /run | sort')).toBe('x\nx\nf\nlabrun\nlock')
    },
  },
  {
    name: 'passwords of the machine cannot be read',
    async run(world) {
      expect(await outputOf(world, 'cut -d: -f2 /etc/shadow | sort -u')).toBe('*')
      expect((await type(world, 'cat /run/labrun/etc/shadow')).status).not.toBe(0)
      expect((await type(world, 'cat /run/labrun/etc/gshadow')).status).not.toBe(0)
    },
  },
  {
    name: 'files of /etc can be edited, and the names in them are the world’s own',
    async run(world) {
      await outputOf(world, 'echo "10.1.2.3 new-name" >> /etc/hosts; useradd -M tester || true')
      expect(await outputOf(world, 'getent hosts new-name')).toMatch(/^10\.1\.2\.3\s+new-name$/)
      await outputOf(
        world,
        'mkdir -p /etc/iproute2; echo "100 mine" >> /etc/iproute2/rt_tables; ip route add 10.0.0.0/8 dev lo table mine',
      )
      expect(await outputOf(world, 'ip route show table mine')).toMatch(/^10\.0\.0\.0\/8/)
    },
  },
  {
    name: 'a world sees its own processes only, and none of the machine’s environment or open files',
    spec: lan,
    async run(world) {
      const processes = (await commandLines(world)).trim().split('\n')
      expect(processes.length).toBeLessThan(6)
      const names = (await outputOf(world, 'env | cut -d= -f1')).split('\n')
      expect(names.filter((name) => !OWN.includes(name))).toEqual([])
      expect(await outputOf(world, 'ls /proc/self/fd')).toBe('0\n1\n2\n3')
      expect(await outputOf(world, 'readlink /proc/self/fd/0; readlink /proc/$$/fd/1')).toBe(
        '/dev/null\n/run/labrun/terminal/main/out',
      )
    },
  },
  {
    name: 'mounts: the student may make some, there is no way back to the machine’s',
    async run(world) {
      await outputOf(world, 'mkdir /tmp/m && mount -t tmpfs tmpfs /tmp/m && touch /tmp/m/x && umount /tmp/m')
      expect(await outputOf(world, 'grep -c "/.old" /proc/self/mountinfo; true')).toBe('0')
      expect(
        await outputOf(
          world,
          "awk '$9 !~ /^(tmpfs|proc|sysfs|devpts)$/ && $6 !~ /^ro/ && $5 !~ /^.dev/' /proc/self/mountinfo",
        ),
      ).toBe('')
      expect((await type(world, 'mount -t ext4 /dev/vda /mnt')).status).not.toBe(0)
    },
  },
  {
    name: 'the first process of the world cannot be looked into: it holds the channel to labrun',
    async run(world) {
      for (const text of [
        'ls /proc/1/fd/',
        'cat /proc/1/environ',
        'cat /proc/1/maps',
        'nsenter -t 1 -m true',
        'modprobe -r veth',
      ]) {
        expect((await type(world, text)).status, text).not.toBe(0)
      }
    },
  },
]
