import { expect } from 'vitest'
import { type Case, outputOf, type } from './case.ts'

/** What lasts from one command to the next, and what ends the shell. */
export const shellCases: readonly Case[] = [
  {
    name: 'the folder, variables, functions, options and aliases last',
    async run(world) {
      await outputOf(world, 'cd /usr; X="a b"; f() { echo "f:$1"; }; M=(k v); alias q="echo q"; set -f')
      expect(await outputOf(world, 'pwd; echo "$X"; f 1; echo $M; q; echo *')).toBe('/usr\na b\nf:1\nk\nq\n*')
    },
  },
  {
    name: '`declare` outside a function lasts, and `local` there is only an error',
    async run(world) {
      await type(world, 'declare Y=7; local Z=1')
      expect(await outputOf(world, 'echo $Y')).toBe('7')
    },
  },
  {
    name: '`$?` carries over to the next command',
    async run(world) {
      expect(await type(world, '(exit 4)')).toMatchObject({ status: 4, shellEnded: false })
      expect(await outputOf(world, 'echo $?')).toBe('4')
    },
  },
  {
    name: '`exit 3` ends the shell with that status, and the next command gets a new one',
    async run(world) {
      expect(await type(world, 'X=1; echo a; exit 3; echo b')).toMatchObject({
        status: 3,
        output: 'a\n',
        shellEnded: true,
        timedOut: false,
      })
      expect(await outputOf(world, 'echo "alive [$X]"')).toBe('alive []')
    },
  },
  {
    name: '`exec bash` keeps what is exported, and the terminal goes on',
    async run(world) {
      expect(await type(world, 'V=1; export W=2; exec bash')).toMatchObject({ status: 0, shellEnded: false })
      expect(await outputOf(world, 'echo "[$V] [$W]"')).toBe('[] [2]')
    },
  },
  {
    name: '`exec` of a program that ends: its status, then a new shell',
    async run(world) {
      expect(await type(world, 'exec sh -c "echo last; exit 7"')).toMatchObject({
        status: 7,
        output: 'last\n',
        shellEnded: true,
      })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`set -e` and a failing command: the shell ends there',
    async run(world) {
      expect(await type(world, 'set -e; false; echo after')).toMatchObject({ status: 1, output: '', shellEnded: true })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`set -e` alone does not end the shell',
    async run(world) {
      await outputOf(world, 'set -e; X=kept')
      expect(await outputOf(world, 'if false; then :; fi; echo $X')).toBe('kept')
    },
  },
  {
    name: '`set -u` and an unbound variable: a clear end',
    async run(world) {
      const end = await type(world, 'set -u; echo $nowhere')
      expect(end).toMatchObject({ output: 'bash: nowhere: unbound variable\n', shellEnded: true, timedOut: false })
      expect(end.status).toBeGreaterThan(0)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`set -uf`, another IFS and a PATH that leads nowhere',
    async run(world) {
      await type(world, 'set -uf; IFS=o; PATH=/nonexistent')
      expect(await outputOf(world, 'echo alive; set +uf; unset IFS; PATH=/usr/bin')).toBe('alive')
      expect(await outputOf(world, 'ls -d /usr')).toBe('/usr')
    },
  },
  {
    name: '`set -x` shows the commands and nothing of the terminal itself',
    async run(world) {
      const first = await type(world, 'set -x; echo hi')
      const second = await type(world, 'echo two')
      const third = await type(world, 'set +x; echo three')
      expect(first.output).toMatch(/^\++ echo hi\nhi\n$/)
      expect(second.output).toMatch(/^\++ echo two\ntwo\n$/)
      expect(third.output).toMatch(/^\++ set \+x\nthree\n$/)
      expect(await outputOf(world, 'echo four')).toBe('four')
    },
  },
  {
    name: '`set -v` shows the commands and nothing of the terminal itself',
    async run(world) {
      await type(world, 'set -v')
      expect(await outputOf(world, 'echo hi')).toBe('echo hi\nhi')
      expect(await outputOf(world, 'set +v')).toBe('set +v')
    },
  },
  {
    name: 'traps: EXIT comes with the end of the shell, ERR and DEBUG do no harm',
    async run(world) {
      const end = await type(world, "trap 'echo bye' EXIT; trap 'echo err' ERR; trap ': >/dev/null' DEBUG; false")
      expect(end).toMatchObject({ status: 1, shellEnded: false })
      expect(end.output).toMatch(/^err\n/)
      expect(end.output).not.toContain('bye')
      await type(world, 'trap - ERR DEBUG')
      expect(await outputOf(world, 'echo alive')).toBe('alive')
      expect(await type(world, 'exit 2')).toMatchObject({ status: 2, output: 'bye\n', shellEnded: true })
    },
  },
  {
    name: '`break`, `continue` and `return` outside a loop or function',
    async run(world) {
      const end = await type(world, 'break; continue; echo x; return 4; echo y')
      expect(end).toMatchObject({ status: 4, shellEnded: false })
      expect(end.output).toMatch(/x\n$/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`kill -9 $$` ends the shell with 137',
    async run(world) {
      expect(await type(world, 'kill -9 $$')).toMatchObject({ status: 137, shellEnded: true, timedOut: false })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'two terminals work at the same time and know nothing of each other',
    async run(world) {
      const start = Date.now()
      const [left, right] = await Promise.all([
        type(world, 'cd /usr; X=left; sleep 1; pwd; echo $X', { terminal: 'left' }),
        type(world, 'cd /tmp; X=right; sleep 1; pwd; echo $X', { terminal: 'right' }),
      ])
      expect(Date.now() - start).toBeLessThan(1900)
      expect([left.output, right.output]).toEqual(['/usr\nleft\n', '/tmp\nright\n'])
      expect(await outputOf(world, 'echo $X', 'left')).toBe('left')
      expect(await outputOf(world, 'echo "[$X]"', 'main')).toBe('[]')
    },
  },
  {
    name: 'a second command in a busy terminal is refused, not mixed in',
    async run(world) {
      const first = type(world, 'sleep 0.3; echo first')
      await expect(type(world, 'echo second')).rejects.toThrow('busy')
      expect(await first).toMatchObject({ status: 0, output: 'first\n' })
    },
  },
]
