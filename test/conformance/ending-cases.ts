import { expect } from 'vitest'
import { type Case, commandLines, interrupt, outputOf, type } from './case.ts'

/** Commands that would not end: Ctrl-C, and the time-out, which begins with Ctrl-C and becomes harder. */
export const endingCases: readonly Case[] = [
  {
    name: 'Ctrl-C ends `ping`, which prints its statistics',
    async run(world) {
      const end = await interrupt(world, 'ping -i 0.2 127.0.0.1', /icmp_seq=2/)
      expect(end.shellEnded).toBe(false)
      expect(end.output).toMatch(/\d packets transmitted, \d received, 0% packet loss/)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'Ctrl-C ends `tcpdump`, also one that waits for 100 packets',
    async run(world) {
      for (const command of ['tcpdump -ni lo icmp', 'tcpdump -ni lo -c 100']) {
        const end = await interrupt(world, command, /listening on lo/)
        expect(end.shellEnded).toBe(false)
        expect(end.output).toMatch(/\d+ packets captured/)
      }
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'Ctrl-C ends loops, and what comes after them in the command',
    async run(world) {
      await outputOf(world, 'X=kept; cd /usr')
      for (const loop of ['while :; do sleep 0.05; done', 'while :; do :; done', 'for i in 1 2 3; do sleep 60; done']) {
        const end = await interrupt(world, `${loop}; echo after`, 300)
        expect(end, loop).toMatchObject({ status: 130, output: '', shellEnded: false })
      }
      expect(await outputOf(world, 'echo $X; pwd')).toBe('kept\n/usr')
    },
  },
  {
    name: 'Ctrl-C ends a loop inside a function',
    async run(world) {
      const end = await interrupt(world, 'f() { while :; do sleep 0.05; done; }; f', 300)
      expect(end.shellEnded).toBe(false)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'Ctrl-C spares the jobs of earlier commands and what they do',
    async run(world) {
      await outputOf(world, 'sleep 987 & OLD=$!; (while :; do sleep 0.05; echo x >> /tmp/count; done) & LOOP=$!')
      await interrupt(world, 'sleep 100', 300)
      await interrupt(world, 'while :; do :; done', 300)
      expect(await outputOf(world, 'kill -0 $OLD $LOOP && echo both; kill $OLD $LOOP')).toBe('both')
    },
  },
  {
    name: 'Ctrl-C that comes before the command begins',
    async run(world) {
      const end = await type(world, 'sleep 30', { signal: AbortSignal.abort() })
      expect(end).toMatchObject({ interrupted: true, timedOut: false })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'Ctrl-C with traps for it in the shell, which do not change how the command ends',
    async run(world) {
      for (const trap of ["trap 'echo caught' INT", "trap '' INT", 'trap - INT', "trap 'exit 1' INT"]) {
        const end = await interrupt(world, `${trap}; echo ready; sleep 30`, /ready/)
        expect(end, trap).toMatchObject({ status: 130, shellEnded: false })
        expect(end.output, trap).not.toContain('caught')
      }
    },
  },
  {
    name: 'Ctrl-C in what a shell does itself: `wait`, opening a pipe that nobody writes to, a subshell, `$(…)`',
    async run(world) {
      await outputOf(world, 'X=kept; mkfifo /tmp/f; sleep 987 &')
      const texts = [
        'wait',
        'read x < /tmp/f',
        'exec 3< /tmp/f',
        '(while :; do :; done)',
        'x=$(sleep 60)',
        'sleep 60 | cat',
      ]
      for (const text of [...texts, 'coproc cat; wait', 'eval "while :; do sleep 60; done"', 'mapfile < /tmp/f']) {
        expect(await interrupt(world, `${text}; echo after`, 200), text).toMatchObject({
          output: '',
          shellEnded: false,
        })
      }
      expect(await outputOf(world, 'echo $X')).toBe('kept')
    },
  },
  {
    name: 'the time-out ends `ping` and `tcpdump` as Ctrl-C does: their last lines are in the output',
    async run(world) {
      const ping = await type(world, 'ping -i 0.2 127.0.0.1', { timeout: 1000 })
      expect(ping).toMatchObject({ timedOut: true, interrupted: false, shellEnded: false })
      expect(ping.output).toMatch(/\d packets transmitted, \d received, 0% packet loss/)
      const tcpdump = await type(world, 'tcpdump -ni lo', { timeout: 1500 })
      expect(tcpdump).toMatchObject({ timedOut: true, shellEnded: false })
      expect(tcpdump.output).toMatch(/packets captured\n\d+ packets received by filter/)
    },
  },
  {
    name: 'after the time-out the rest of the command does not run, and the shell is as it was',
    async run(world) {
      await outputOf(world, 'X=kept; cd /usr')
      const end = await type(world, 'echo before; sleep 60; echo next', { timeout: 300 })
      expect(end).toMatchObject({ output: 'before\n', timedOut: true, shellEnded: false })
      expect(await outputOf(world, 'echo $X; pwd')).toBe('kept\n/usr')
    },
  },
  {
    name: 'a tree of processes that ignores INT and TERM ends, all of it',
    async run(world) {
      await outputOf(world, 'X=kept')
      const proof = `trap "" INT TERM; sleep 4321 & setsid sleep 4322 & (sleep 4323; echo) & bash -c "sleep 4324; :"`
      const end = await type(world, `bash -c '${proof}'`, { timeout: 400 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: false })
      expect(await commandLines(world)).not.toMatch(/sleep 432|trap/)
      expect(await outputOf(world, 'echo $X')).toBe('kept')
    },
  },
  {
    name: 'a loop in a shell that itself ignores INT and TERM',
    async run(world) {
      await outputOf(world, 'X=kept')
      const end = await type(world, `trap '' INT TERM; while :; do sleep 4325; done`, { timeout: 400 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: false })
      expect(await outputOf(world, 'echo $X')).toBe('kept')
      expect(await commandLines(world)).not.toMatch(/sleep 4325/)
    },
  },
  {
    name: 'a loop that cannot be left: the shell goes, with all below it, and a new one comes',
    async run(world) {
      for (const text of [
        'f() { while :; do sleep 4325; done; }; while :; do f; done',
        "trap '' RTMAX; while :; do :; done",
      ]) {
        await outputOf(world, 'true') // a shell that has started
        const end = await type(world, text, { timeout: 300 })
        expect(end, text).toMatchObject({ timedOut: true, shellEnded: true, status: 137 })
        expect(await outputOf(world, 'echo alive')).toBe('alive')
        expect(await commandLines(world), text).not.toMatch(/sleep 4325/)
      }
    },
  },
  {
    name: 'a shell that was stopped',
    async run(world) {
      expect(await type(world, 'kill -STOP $$', { timeout: 300 })).toMatchObject({ timedOut: true, shellEnded: true })
      await outputOf(world, 'X=outer')
      await type(world, 'bash')
      expect(await type(world, 'kill -STOP $$', { timeout: 300 })).toMatchObject({ timedOut: true, shellEnded: false })
      expect(await outputOf(world, 'echo $X')).toBe('outer')
    },
  },
  {
    name: 'a program in the place of the shell',
    async run(world) {
      const end = await type(world, 'exec sleep 4326', { timeout: 300 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: true })
      expect(await outputOf(world, 'echo alive')).toBe('alive')
      expect(await commandLines(world)).not.toMatch(/sleep 4326/)
    },
  },
  {
    name: 'a command that reads what the shell is to read: both go, the terminal is usable again',
    async run(world) {
      const end = await type(world, 'cat < /run/labrun/terminal/main/in.1', { timeout: 300 })
      expect(end.timedOut).toBe(true)
      expect((await type(world, 'echo alive')).output).toBe('alive\n')
    },
  },
  {
    name: 'a time-out with a loop of an earlier command in the background',
    async run(world) {
      await outputOf(world, '(while :; do sleep 0.1; done) &')
      const end = await type(world, 'while :; do :; done', { timeout: 300 })
      expect(end).toMatchObject({ timedOut: true, shellEnded: false })
      expect(await outputOf(world, 'jobs -rp | wc -l; kill %1')).toBe('1')
    },
  },
]
