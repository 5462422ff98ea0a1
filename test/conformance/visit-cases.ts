import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Report, Visit, VisitOptions } from '../../src/world/visit.ts'
import type { World } from '../../src/world/world.ts'
import { type Case, eventually, outputOf, type } from './case.ts'

const options: VisitOptions = {
  rows: 24,
  cols: 80,
  term: 'xterm-256color',
  colorterm: '',
  plain: true,
  history: ['from before'],
  words: ['check', 'follow'],
}

/** A visit, with all that it shows and tells. `takes`: whether what it shows is taken. */
function visit(world: World, terminal = 'main', takes = () => true) {
  const seen = { screen: '', bytes: 0, reports: [] as Report[] }
  const screen = (bytes: Buffer, taken: () => void) => {
    seen.bytes += bytes.length
    seen.screen = (seen.screen + bytes.toString('latin1')).slice(-100_000)
    if (takes()) taken()
  }
  const one = world.visit(terminal, { screen, report: (report) => seen.reports.push(report) }, options)
  return { visit: one, seen }
}

async function line(one: Visit, seen: { screen: string }, text: string, answer: RegExp): Promise<void> {
  await eventually(() => seen.screen, /# $/)
  await one.keys(Buffer.from(`${text}\r`))
  await eventually(() => seen.screen, answer)
}

/** What a person's own terminal in a world must do. */
export const visitCases: readonly Case[] = [
  {
    name: 'a visit has the state of its terminal, and hands on what it has changed',
    async run(world) {
      await outputOf(world, 'X=5; A=("b c" d); f() { echo "f $X"; }; cd /tmp; alias hi="echo hello"')
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'f; echo "$A" "$PWD"; hi; tty', /f 5\r\nb c \/tmp\r\nhello\r\n\/dev\/pts\/\d/)
      await line(one, seen, 'X=6; unset A; g() { echo "g $X"; }; cd /run; set -u; echo do""ne', /done\r/)
      await line(one, seen, 'follow', /follow\r/)
      await eventually(() => JSON.stringify(seen.reports.at(-1)), /"waits":"follow"/)
      one.leave()
      expect(await one.ended).toBe('outer')
      expect(await outputOf(world, 'g; echo "$PWD"; [ -v A ] || echo gone; [ -o nounset ] && echo nounset')).toBe(
        'g 6\n/run\ngone\nnounset',
      )
    },
  },
  {
    name: 'a visit hands on what it has changed whatever IFS, traps and PATH are, and after exec',
    async run(world) {
      for (const [index, text] of ["IFS=,; trap 'echo mine' EXIT", 'PATH=/nope', 'export E=1; exec bash'].entries()) {
        const { visit: one, seen } = visit(world)
        await line(one, seen, `${text}`, /# [^#]*# $/)
        await line(one, seen, `V${index}="a b,c"; echo do""ne`, /done\r/)
        await line(one, seen, 'follow', /follow\r/)
        await eventually(() => JSON.stringify(seen.reports.at(-1)), /"waits":"follow"/)
        one.leave()
        expect(await one.ended).toBe('outer')
      }
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell that reads this
      expect(await outputOf(world, 'echo "$V0; $V1; $V2; $E; $PATH; ${IFS@Q}"')).toBe(
        "a b,c; a b,c; a b,c; 1; /nope; ','",
      )
    },
  },
  {
    name: 'a visit that cannot hand on what it has changed says so',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'dd if=/dev/zero of=/run/labrun/visit/full bs=1M 2>/dev/null; echo do""ne', /done\r/)
      await line(one, seen, 'follow', /follow\r/)
      await eventually(() => JSON.stringify(seen.reports.at(-1)), /"waits":"follow"/)
      one.leave()
      await one.ended
      expect(seen.screen).toContain('is lost')
    },
  },
  {
    name: 'while a visit waits, what is typed into its terminal is done in it',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'follow', /follow\r/)
      await eventually(() => JSON.stringify(seen.reports.at(-1)), /"waits":"follow"/)
      expect(await outputOf(world, 'declare Y=7; cd /tmp; echo "$0"')).toMatch(/bash/)
      one.go(0)
      await line(one, seen, 'echo "$Y $PWD"', /7 \/tmp\r/)
    },
  },
  {
    name: 'a visit tells of each command, its status, and shells within it',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, "printf '%s\\n' a; (exit 3)", /a\r/)
      const told = () => JSON.stringify(seen.reports)
      await eventually(told, /"kind":"start".*printf.*"kind":"prompt","status":3,"depth":0/)
      await line(one, seen, 'bash', /bash\r\n[\s\S]*# $/)
      await eventually(told, /"typed":\["bash"\].*"depth":1/)
      await line(one, seen, 'history', /from before/)
    },
  },
  {
    name: 'a line appears above the prompt without a change to what is being typed',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'alias e="echo aliased"', /aliased"\r[\s\S]*# $/)
      for (const [number, letter] of [...'e one; e two'].entries()) {
        await one.keys(Buffer.from(letter))
        await delay(20)
        if (number % 4 === 0) await one.say(`line ${number}`)
      }
      await one.keys(Buffer.from('\r'))
      await eventually(() => seen.screen, /aliased one\r\naliased two\r/)
      expect(seen.screen).toMatch(/line \d/)
    },
  },
  {
    name: 'nothing is said into a program that is running in a visit',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'cat -v', /cat -v\r/)
      expect(await one.say('a line')).toBe(false)
      await one.keys(Buffer.from('x\r'))
      await eventually(() => seen.screen, /x\r\nx\r/)
      expect(seen.screen).not.toMatch(/\^X|a line/)
    },
  },
  {
    name: 'what a visit prints without end waits in the program, and Ctrl-C ends it',
    async run(world) {
      let takes = true
      const { visit: one, seen } = visit(world, 'main', () => takes)
      await eventually(() => seen.screen, /# $/)
      takes = false
      await one.keys(Buffer.from('yes\r'))
      await eventually(() => String(seen.bytes), /\d{6}/)
      await delay(300)
      const { bytes } = seen
      await delay(300)
      expect(seen.bytes).toBe(bytes)
      expect(bytes).toBeLessThan(300_000)
      // The world goes on meanwhile.
      expect(await outputOf(world, 'echo other', 'second')).toBe('other')
      await one.keys(Buffer.from('\u0003'))
    },
  },
  {
    name: 'a window that is gone ends its visit, and its terminal goes on',
    async run(world) {
      const { visit: one, seen } = visit(world, 'second')
      await line(one, seen, 'sleep 1000', /1000\r/)
      one.hangUp()
      await one.ended
      expect((await type(world, 'echo on', { terminal: 'second' })).output.trim()).toBe('on')
    },
  },
  {
    name: 'what runs where a window is gone, and was not told of it, is told again',
    async run(world) {
      const { visit: one, seen } = visit(world, 'second')
      await line(
        one,
        seen,
        `trap "trap - HUP" HUP; sh -c 'trap "" HUP; echo be""gun; sleep 1.5; trap - HUP; exec sleep 1000'`,
        /begun\r/,
      )
      one.hangUp()
      await one.ended
      expect((await type(world, 'echo on', { terminal: 'second' })).output.trim()).toBe('on')
    },
  },
  {
    name: 'a window that is gone before its shell is at a prompt ends its visit all the same',
    async run(world) {
      const command = type(world, 'sleep 1')
      const { visit: one } = visit(world)
      one.hangUp()
      await command
      await one.ended
      expect(await outputOf(world, 'echo on')).toBe('on')
    },
  },
  {
    name: 'what the student writes where a visit tells of itself does not fill memory',
    async run(world) {
      const { visit: one, seen } = visit(world)
      await line(one, seen, `head -c 60M /dev/zero | tr '\\0' x >"$__labrun_side"; echo do""ne`, /done\r/)
      const { stdout } = await world.probe('host', ['cat', '/proc/1/status'])
      expect(Number(/VmRSS:\s*(\d+)/.exec(stdout)![1])).toBeLessThan(40_000)
      await line(one, seen, 'echo on""e', /one\r/)
    },
  },
  {
    name: 'a visit writes nothing where a link of the student leads',
    async run(world) {
      await outputOf(world, 'rm -f ~/.bashrc; ln -s /tmp/elsewhere ~/.bashrc')
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'test -e /tmp/elsewhere || echo no""ne', /none\r/)
    },
  },
  {
    name: 'a visit whose terminal has ended with it has failed, whatever its status was',
    async run(world) {
      await outputOf(world, "trap 'exit 0' TERM; SHELL_BELOW=$$")
      const { visit: one, seen } = visit(world)
      await line(one, seen, 'kill $SHELL_BELOW; exit', /exit\r/)
      expect(await one.ended).toBe('failed')
      expect(await outputOf(world, 'echo on')).toBe('on')
    },
  },
]
