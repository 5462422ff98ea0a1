import { expect } from 'vitest'
import { type Case, outputOf, type } from './case.ts'

/** Commands that are broken, read what is not theirs, or turn the shell's own tools against it. */
export const syntaxCases: readonly Case[] = [
  {
    name: 'a syntax error ends the command, not the shell',
    async run(world) {
      await outputOf(world, 'X=kept')
      const end = await type(world, 'echo a\nif then fi\necho b')
      expect(end).toMatchObject({ timedOut: false, shellEnded: false })
      expect(end.status).toBeGreaterThan(0)
      expect(end.output).toMatch(/bash: .*syntax error near unexpected token `then'/)
      expect(await outputOf(world, 'echo $X')).toBe('kept')
    },
  },
  {
    name: 'an unclosed quote ends the command, not the shell',
    async run(world) {
      const end = await type(world, 'echo "oops')
      expect(end).toMatchObject({ timedOut: false, shellEnded: false })
      expect(end.status).toBeGreaterThan(0)
      expect(end.output).toMatch(/bash: .*unexpected EOF/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'an unclosed here-document ends with the command',
    async run(world) {
      const end = await type(world, 'cat <<EOF\nhello')
      expect(end).toMatchObject({ status: 0, timedOut: false, shellEnded: false })
      expect(end.output).toMatch(/hello/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'an unclosed `if`, `{` and `(`',
    async run(world) {
      for (const text of ['if true; then', '{ echo a', '( echo a', 'case x in', 'for i in 1 2', 'f() {']) {
        const end = await type(world, text)
        expect(end, text).toMatchObject({ timedOut: false, shellEnded: false })
        expect(end.status, text).toBeGreaterThan(0)
      }
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'an unknown command is told of as bash does it',
    async run(world) {
      const end = await type(world, 'nosuchcmd')
      expect(end).toMatchObject({ status: 127, output: 'bash: nosuchcmd: command not found\n' })
    },
  },
  {
    name: '`cat` and `read` find the end of standard input',
    async run(world) {
      const end = await type(
        world,
        'cat; read x; echo "x=$x $?"; cat - /etc/hostname; python3 -c "print(len(input()))"',
      )
      expect(end).toMatchObject({ timedOut: false, shellEnded: false })
      expect(end.output).toMatch(/^x= [01]\nhost\n[\s\S]*EOFError/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'there is no keyboard: `read` from /dev/tty fails at once',
    async run(world) {
      const end = await type(world, 'read x < /dev/tty')
      expect(end.timedOut).toBe(false)
      expect(end.status).toBeGreaterThan(0)
    },
  },
  {
    name: 'redirections and pipes inside a command',
    async run(world) {
      expect(await outputOf(world, 'wc -l < /etc/hosts >/dev/null && echo yes | head -1')).toBe('yes')
    },
  },
  {
    name: 'scripts, `bash -c`, `sh -c`, a program from a pipe or a here-string',
    async run(world) {
      const script = `bash -c 'echo c'; printf 'echo script' > /tmp/x.sh; bash /tmp/x.sh; echo 'echo piped' | bash
        bash <<< 'echo here'; sh -c 'echo sh'`
      expect((await outputOf(world, script)).split('\n')).toEqual(['c', 'script', 'piped', 'here', 'sh'])
    },
  },
  {
    name: '`printf`, `echo` and `.` replaced by functions',
    async run(world) {
      expect(await outputOf(world, 'printf() { :; }; jobs() { command echo j; }; echo ok')).toBe('ok')
      expect(await outputOf(world, 'unset -f printf jobs; printf "%s" alive')).toBe('alive')
    },
  },
  {
    name: 'all file descriptors from 3 on closed',
    async run(world) {
      const close = 'for i in $(seq 3 60) 198 199; do eval "exec $i>&-"; done 2>/dev/null; echo ok'
      expect(await outputOf(world, close)).toBe('ok')
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`exec >file` takes the output of all later commands, as it would at a keyboard',
    async run(world) {
      expect(await type(world, 'exec 7>&1 >/tmp/taken 2>&1; echo lost')).toMatchObject({ status: 0, output: '' })
      expect(await type(world, 'echo lost too')).toMatchObject({ status: 0, output: '' })
      expect(await outputOf(world, 'exec >&7 2>&1; cat /tmp/taken')).toBe('lost\nlost too')
    },
  },
  {
    name: '`exec >&-` closes standard output; errors still come, and every command ends',
    async run(world) {
      expect(await type(world, 'echo a; exec >&-')).toMatchObject({ status: 0, output: 'a\n', timedOut: false })
      const end = await type(world, 'echo b')
      expect(end).toMatchObject({ status: 1, timedOut: false, shellEnded: false })
      expect(end.output).toBe('bash: echo: write error: Bad file descriptor\n')
      expect(await outputOf(world, 'exec >&2; echo alive')).toBe('alive')
    },
  },
  {
    name: '`exec >&- 2>&-`: even then every command ends',
    async run(world) {
      expect(await type(world, 'exec >&- 2>&-')).toMatchObject({ status: 0, timedOut: false })
      expect(await type(world, 'true')).toMatchObject({ status: 0, output: '', timedOut: false, shellEnded: false })
      expect(await type(world, 'exit 5')).toMatchObject({ status: 5, shellEnded: true })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`su nobody`',
    async run(world) {
      expect(await type(world, "su -s /bin/bash nobody -c 'id -un'")).toMatchObject({ status: 0 })
    },
  },
  {
    name: 'a text of 2 MB',
    async run(world) {
      expect(await outputOf(world, `x='${'y'.repeat(2_000_000)}'; echo \${#x}`)).toBe('2000000')
    },
  },
]
