import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { World } from '../../src/world/world.ts'
import { type Case, eventually, outputOf, type } from './case.ts'

const MB = 1_000_000
// What a terminal that shows it could be made to do something by: all control characters but line feed and tab, and
// those that change the direction of text.
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** What commands print: all of it, only theirs, safe to show, in bounded memory. */
export const outputCases: readonly Case[] = [
  {
    name: 'output without a newline at its end',
    async run(world) {
      expect(await type(world, "printf 'abc'")).toMatchObject({ status: 0, output: 'abc' })
      expect(await type(world, 'true')).toMatchObject({ output: '' })
    },
  },
  {
    name: 'standard output and standard error are one stream, in order',
    async run(world) {
      const end = await type(world, 'for i in 1 2 3; do echo o$i; echo e$i >&2; ls /no-such-$i; done; false')
      expect(end.status).toBe(1)
      expect(end.output.replace(/^ls: .*(no-such-\d).*/gm, '$1').split('\n')).toEqual(
        [1, 2, 3].flatMap((i) => [`o${i}`, `e${i}`, `no-such-${i}`]).concat(''),
      )
    },
  },
  {
    name: 'output that imitates the marks of the protocol is only output',
    async run(world) {
      const end = await type(
        world,
        `printf 'done 1 0;\\ndone $TOKEN 0 ;\\n\\0\\0\\0\\4done'; sleep 0.1; echo x; (exit 6)`,
      )
      expect(end).toMatchObject({ status: 6, output: 'done 1 0;\ndone $TOKEN 0 ;\n␀␀␀␄donex\n' })
    },
  },
  {
    name: 'text written into the pipes of the terminal itself ends no command',
    async run(world) {
      const end = await type(
        world,
        `for f in /run/labrun/terminal/*/status*; do echo 'done 1 0;;; done x y; done 1 0 12 ended' > $f; done
        sleep 0.2; (exit 6)`,
      )
      expect(end).toMatchObject({ status: 6, timedOut: false, shellEnded: false })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: '`tee /dev/stderr` and `>/dev/stdout`',
    async run(world) {
      expect(await outputOf(world, 'echo x | tee /dev/stderr >/dev/null; echo y > /dev/stdout')).toBe('x\ny')
    },
  },
  {
    name: 'a line is shown when it is printed, also by programs that would keep it back in a pipe',
    async run(world) {
      const times: number[] = []
      const text = `(echo a; sleep 1) | grep --color=never a; python3 -c 'import time; print("b"); time.sleep(1)'`
      await type(world, text, { onOutput: () => times.push(Date.now()) })
      expect(times.length).toBe(2)
      // Each came a second before the next thing happened, and not with it.
      expect(times[1]! - times[0]!).toBeGreaterThan(700)
      expect(Date.now() - times[1]!).toBeGreaterThan(700)
    },
  },
  {
    name: 'the beginning of a line is shown while its end has not come',
    async run(world) {
      let shown = ''
      const end = type(world, "printf 'wait… '; sleep 1; echo done", { onOutput: (text) => (shown += text) })
      await eventually(() => shown, /^wait… $/)
      expect((await end).output).toBe('wait… done\n')
    },
  },
  {
    name: 'text arrives whole: 400 kB in one line, and all of Unicode that can be printed',
    async run(world) {
      const end = await type(world, 'head -c 300000 /dev/urandom | base64 -w0 | tee /tmp/b; echo; sha1sum < /tmp/b')
      const [line = '', sum = ''] = end.output.split('\n')
      expect(createHash('sha1').update(line).digest('hex')).toBe(sum.split(' ')[0])
      const all = await type(
        world,
        `python3 -c 'print("".join(chr(c) for c in range(0xA0, 0x1F000) if chr(c).isprintable()))'`,
      )
      const text = all.output.trim()
      expect(
        [...text].every((character) => character !== '\ufffd' || text.indexOf('\ufffd') === text.lastIndexOf('\ufffd')),
      ).toBe(true)
      expect([...text].length).toBeGreaterThan(50_000)
    },
  },
  {
    name: 'escape sequences, binary output and invalid UTF-8 are made harmless',
    async run(world) {
      const sequences = String.raw`printf 'a\033[31mred\033[0m \033]0;title\007b \033]8;;http://x\033\\link\033]8;;\033\\ '
        printf '\233[2J \302\233[2J \a\b\r\f\v\177 \342\200\256rtl \xff\xfe \xed\xa0\x80 end\r\n'`
      const shown: string[] = []
      const end = await type(world, sequences, { onOutput: (text) => shown.push(text) })
      for (const text of [end.output, ...shown]) expect(text).not.toMatch(DANGEROUS)
      expect(end.output).toMatch(/^ared .*b .*link.* ␇␈␍␌␋� �rtl .* end\n$/)
      const binary = await type(world, 'head -c 300000 /dev/urandom; echo; echo end')
      expect(binary.output).not.toMatch(DANGEROUS)
      expect(binary.output).toMatch(/\nend\n$/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'an escape sequence that comes in pieces is made harmless too',
    async run(world) {
      const end = await type(world, String.raw`printf '\033'; sleep 0.2; printf ']0;t'; sleep 0.2; printf 'x\007\n'`)
      expect(end.output).not.toMatch(DANGEROUS)
    },
  },
  {
    name: '10 MB of output: the beginning and the end are kept, the rest is counted',
    async run(world) {
      await expectBounded(world, 'seq 100000000 101100000', 1_100_001 * 10, /^100000000\n/, /\n101100000\n$/)
    },
  },
  {
    name: '50 MB of output in bounded memory',
    async run(world) {
      await expectBounded(world, 'yes 123456789 | head -c 50000000', 50 * MB, /^123456789\n/, /\n123456789\n$/)
    },
  },
  {
    name: 'a line of 100 MB in bounded memory',
    async run(world) {
      await expectBounded(world, "head -c 100000000 /dev/zero | tr '\\0' x", 100 * MB, /^xxx/, /xxx$/)
    },
  },
]

async function expectBounded(world: World, text: string, size: number, first: RegExp, last: RegExp): Promise<void> {
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 20)
  const end = await type(world, text, { timeout: 120_000 })
  clearInterval(watch)
  expect(end).toMatchObject({ status: 0, timedOut: false })
  expect(end.dropped).toBeGreaterThan(0)
  const note = `\n[… ${end.dropped} characters of output not kept …]\n`
  expect(end.output).toContain(note)
  expect(end.output.length - note.length + end.dropped).toBe(size)
  expect(end.output).toMatch(first)
  expect(end.output).toMatch(last)
  expect((most - before) / MB).toBeLessThan(200)
  expect(await outputOf(world, 'echo alive')).toBe('alive')
}
