import { setTimeout as delay } from 'node:timers/promises'
import { expect } from 'vitest'
import { type Case, commandLines, eventually, interrupt, outputOf, type } from './case.ts'

/** Work that goes on beside the commands: `&`, and background blocks. */
export const backgroundCases: readonly Case[] = [
  {
    name: 'a job that writes later does not hold up its command',
    async run(world) {
      const start = Date.now()
      const end = await type(world, '(sleep 1.5; echo late) & echo now')
      expect(Date.now() - start).toBeLessThan(1300)
      expect(end).toMatchObject({ status: 0, output: 'now\n' })
      expect((await type(world, 'sleep 1.7; echo then')).output).toBe('late\nthen\n')
    },
  },
  {
    name: '`sleep 100 &`, then other commands, `jobs`, `kill %1` and `wait`',
    async run(world) {
      expect(await type(world, 'sleep 100 &')).toMatchObject({ status: 0, timedOut: false })
      expect(await outputOf(world, 'jobs')).toMatch(/Running\s+sleep 100 &/)
      expect(await type(world, 'kill %1; wait %1')).toMatchObject({ status: 143, shellEnded: false })
    },
  },
  {
    name: 'a background block runs beside commands; its output comes as it is printed',
    async run(world) {
      let shown = ''
      const block = await world.launch('main', 'for i in 1 2 3; do echo tick $i; sleep 0.2; done; exit 4', (text) => {
        shown += text
      })
      expect(await outputOf(world, 'echo beside')).toBe('beside')
      await eventually(() => shown, /tick 2/)
      expect(block.status).toBeUndefined()
      await eventually(() => String(block.status), /4/)
      expect(await block.end()).toEqual({ text: 'tick 1\ntick 2\ntick 3\n', dropped: 0 })
      expect(shown).toBe('tick 1\ntick 2\ntick 3\n')
    },
  },
  {
    name: 'a background block whose shell ends before it is begun has not started',
    async run(world) {
      await type(world, "SECONDS=0; trap '((SECONDS < 2)) || kill -KILL $$' DEBUG")
      await delay(2000)
      const block = await world.launch('main', 'sleep 1000', () => {})
      expect(block.hasStarted).toBe(false)
      expect((await world.launch('main', 'sleep 1000', () => {})).hasStarted).toBe(true)
    },
  },
  {
    name: 'how a background block ended is known, however it ended',
    async run(world) {
      for (const [text, status] of [
        ['true', 0],
        ['(exit 3)', 3],
        ['exit 3', 3],
        ['set -e; false; true', 1],
        ['set -u; echo $nowhere', 1],
        ['if then', 2],
        ['nosuchcmd', 127],
      ] as const) {
        const block = await world.launch('main', text, () => {})
        expect(await eventually(() => `${text}: ${block.status}`, /: \d/)).toBe(`${text}: ${status}`)
        await block.end()
      }
    },
  },
  {
    name: 'a background block has the variables, functions and folder of its terminal, and changes none of them',
    async run(world) {
      await outputOf(world, 'X=1; f() { echo "f $X"; }; cd /usr; ip netns add net1')
      await type(world, 'ip netns exec net1 bash')
      await type(world, 'X=2; f() { echo "f $X"; }')
      const block = await world.launch('main', 'f; pwd; ip netns identify; X=3; cd /', () => {})
      await eventually(() => String(block.status), /0/)
      expect((await block.end()).text).toBe('f 2\n/usr\nnet1\n')
      expect(await outputOf(world, 'echo $X; pwd; trap -p EXIT; echo "[$LABRUN_BACKGROUND]"')).toBe('2\n/usr\n[]')
    },
  },
  {
    name: 'a server in the background is reached by later commands, and gone after its end',
    async run(world) {
      const block = await world.launch('main', 'cd /etc && python3 -m http.server 8000', () => {})
      expect(
        await outputOf(world, 'curl -s --retry 20 --retry-connrefused --retry-delay 1 http://127.0.0.1:8000/hostname'),
      ).toBe('host')
      expect((await block.end()).text).toMatch(/"GET \/hostname HTTP\/1.1" 200/)
      expect(await type(world, 'curl -s http://127.0.0.1:8000/')).toMatchObject({ status: 7 })
    },
  },
  {
    name: 'what a background block prints while it is being ended belongs to it',
    async run(world) {
      let shown = ''
      const block = await world.launch('main', 'tcpdump -ni lo icmp', (text) => {
        shown += text
      })
      await eventually(() => shown, /listening on/)
      await outputOf(world, 'ping -c 1 127.0.0.1')
      expect((await block.end()).text).toMatch(/packets? captured\n\d+ packets received/)
    },
  },
  {
    name: 'the end of a background block ends loops, what ignores TERM, and children that left it',
    async run(world) {
      for (const text of [
        'while :; do sleep 4330; done',
        'while :; do :; done # busy 4330',
        "trap '' TERM INT; while :; do sleep 0.05; done",
        "setsid sh -c 'sleep 4331 & sleep 4332 &' &\nsleep 0.2",
        'setsid bash -c \'(trap "" TERM; sleep 4333) & disown; exit\' & sleep 4334',
      ]) {
        const before = await commandLines(world)
        const block = await world.launch('main', text, () => {})
        await type(world, 'sleep 0.3')
        await block.end()
        const after = await commandLines(world)
        expect(after, text).not.toMatch(/sleep 43/)
        expect(after.split('\n').length, text).toBeLessThanOrEqual(Math.max(before.split('\n').length, 5))
      }
      expect(await outputOf(world, 'jobs -r; echo alive')).toBe('alive')
    },
  },
  {
    name: 'Ctrl-C of a command spares a background block',
    async run(world) {
      let shown = ''
      const block = await world.launch('main', 'while :; do sleep 0.1; echo tick; done', (text) => {
        shown += text
      })
      await interrupt(world, 'while :; do :; done', 400)
      await interrupt(world, 'sleep 60', 400)
      shown = ''
      await eventually(() => shown, /tick/)
      expect(await block.end()).toMatchObject({ dropped: 0 })
    },
  },
  {
    name: 'a background block outlives its shell, and can still be ended',
    async run(world) {
      const block = await world.launch('main', 'sleep 4335', () => {})
      expect(await type(world, 'exit')).toMatchObject({ shellEnded: true })
      await eventually(() => commandLines(world), /sleep 4335/)
      await block.end()
      expect(await commandLines(world)).not.toMatch(/sleep 4335/)
    },
  },
]
