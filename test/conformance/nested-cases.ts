import { expect } from 'vitest'
import { type Case, commandLines, interrupt, outputOf, type } from './case.ts'

/** Shells in shells: what is typed goes to the innermost, and `exit` goes back. */
export const nestedCases: readonly Case[] = [
  {
    name: '`bash`: a shell of its own until `exit`, whose status the outer one has',
    async run(world) {
      expect(await type(world, 'N=outer; cd /usr; echo outer; bash')).toMatchObject({ status: 0, output: 'outer\n' })
      expect(await outputOf(world, 'N=inner; echo $SHLVL; cd /')).toBe('2')
      expect(await type(world, 'exit 5')).toMatchObject({ status: 5, shellEnded: false })
      expect(await outputOf(world, 'echo "back $? $N $SHLVL"; pwd')).toBe('back 5 outer 1\n/usr')
    },
  },
  {
    name: '`ip netns exec net1 bash` over several commands, then `exit`',
    async run(world) {
      await outputOf(world, 'ip netns add net1; ip netns exec net1 bash')
      expect(await outputOf(world, 'ip netns identify $$')).toBe('net1')
      expect(await outputOf(world, 'ip -br link | wc -l; ls /sys/class/net')).toBe('1\nlo')
      await outputOf(world, 'ip link set lo up; X=1')
      expect(await outputOf(world, 'ping -c 1 -W 1 127.0.0.1 >/dev/null && echo $X')).toBe('1')
      expect(await type(world, 'exit')).toMatchObject({ status: 0, shellEnded: false })
      expect(await outputOf(world, 'echo "[$(ip netns identify $$)] [$X]"')).toBe('[] []')
    },
  },
  {
    name: 'two levels: a namespace in a namespace, and a shell in a shell',
    async run(world) {
      await outputOf(world, 'ip netns add a; ip netns add b; ip netns exec a bash')
      await outputOf(world, 'ip netns exec b bash')
      expect(await outputOf(world, 'ip netns identify $$; echo $SHLVL')).toBe('b\n3')
      await type(world, 'exit')
      expect(await outputOf(world, 'ip netns identify $$; echo $SHLVL')).toBe('a\n2')
      await type(world, 'exit')
      expect(await outputOf(world, 'echo "[$(ip netns identify $$)] $SHLVL"')).toBe('[] 1')
    },
  },
  {
    name: 'what a step types after `ip netns exec q bash` goes to that shell',
    async run(world) {
      await type(world, 'ip netns add q; ip netns exec q bash')
      expect((await type(world, 'ip netns identify $$')).output).toBe('q\n')
      expect(await type(world, 'exit')).toMatchObject({ shellEnded: false, timedOut: false })
    },
  },
  {
    name: 'other ways into a shell: `sh -c bash`, `env bash`, `unshare -n bash`, `su`, `exec` inside',
    async run(world) {
      for (const way of [
        'sh -c "bash; true"',
        'env A=1 bash',
        'unshare -n bash',
        'su -s /bin/bash nobody',
        'bash --norc',
      ]) {
        expect(await type(world, way), way).toMatchObject({ status: 0, output: '', timedOut: false })
        await outputOf(world, 'INNER=1')
        expect(await outputOf(world, 'echo "$INNER"'), way).toBe('1')
        expect(await type(world, 'exit'), way).toMatchObject({ shellEnded: false, timedOut: false })
        expect(await outputOf(world, 'echo "[$INNER]"'), way).toBe('[]')
      }
    },
  },
  {
    name: 'Ctrl-C in a nested shell ends what runs there, not the shell',
    async run(world) {
      await outputOf(world, 'ip netns add n9; ip -n n9 link set lo up; ip netns exec n9 bash')
      const end = await interrupt(world, 'ping -i 0.2 127.0.0.1', /icmp_seq=2/)
      expect(end.output).toMatch(/packets transmitted/)
      await interrupt(world, 'while :; do :; done', 300)
      expect(await outputOf(world, 'ip netns identify $$')).toBe('n9')
    },
  },
  {
    name: 'a time-out in a nested shell, typed at once after it was opened',
    async run(world) {
      await type(world, 'bash')
      await type(world, 'bash')
      const end = await type(world, `bash -c 'trap "" INT TERM; sleep 4327 & sleep 4328'`, { timeout: 300 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: false })
      expect(await outputOf(world, 'echo $SHLVL')).toBe('3')
      expect(await commandLines(world)).not.toMatch(/sleep 432/)
    },
  },
  {
    name: 'jobs of an outer shell live on when the inner one is interrupted',
    async run(world) {
      await outputOf(world, '(while :; do sleep 0.1; done) & sleep 4329 &')
      await type(world, 'bash')
      await interrupt(world, 'sleep 60', 300)
      await type(world, 'exit')
      expect(await outputOf(world, 'jobs -rp | wc -l; kill %1 %2')).toBe('2')
    },
  },
  {
    name: '`exec bash` in a nested shell, and `exit 3` from the outermost',
    async run(world) {
      await type(world, 'bash')
      await type(world, 'exec bash')
      expect(await outputOf(world, 'echo $SHLVL')).toBe('2')
      expect(await type(world, 'exit')).toMatchObject({ shellEnded: false })
      expect(await type(world, 'exit 3')).toMatchObject({ status: 3, shellEnded: true })
      expect(await outputOf(world, 'echo $SHLVL')).toBe('1')
    },
  },
  {
    name: '`bash &` does not take what is typed',
    async run(world) {
      await type(world, 'bash &')
      for (const word of ['one', 'two', 'three']) expect(await outputOf(world, `echo ${word}`)).toBe(word)
    },
  },
  {
    name: '`set -e`, then a nested shell in which a command fails',
    async run(world) {
      await type(world, 'set -e')
      await type(world, 'bash')
      expect(await type(world, 'false')).toMatchObject({ status: 1, shellEnded: false })
      expect(await type(world, 'exit 0')).toMatchObject({ status: 0, shellEnded: false })
      expect(await outputOf(world, 'case $- in *e*) echo errexit;; esac')).toBe('errexit')
    },
  },
]
