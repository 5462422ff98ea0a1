import { expect } from 'vitest'
import { type Case, outputOf, type } from './case.ts'

const MIB = 1 << 20

/** What a world may use of the machine. The numbers are small: where a limit does not hold, the machine has to bear it. */
export const limitCases: readonly Case[] = [
  {
    name: 'a limit of processes: no more can be started, and a probe can',
    limits: { memory: 256 * MIB, processes: 30 },
    async run(world) {
      const end = await type(world, 'for i in {1..60}; do sleep 30 & done 2>&1 | head -c 200')
      expect(end.output).toMatch(/Resource temporarily unavailable/)
      expect(await world.probe('host', ['sh', '-c', 'true & wait; echo probed'])).toMatchObject({ stdout: 'probed\n' })
      expect(world.limitsHit()).toEqual(['processes: more than 30 were wanted, and no new ones could be started'])
    },
  },
  {
    name: 'a limit of memory: who has most is ended, the shell goes on',
    limits: { memory: 96 * MIB, processes: 100 },
    async run(world) {
      const hog = `perl -e '$x = "x" x (20 << 20); $y = $x . "y"; sleep 4; print "ke", "pt\\n"'`
      const end = await type(world, `for i in 1 2 3 4; do ${hog} & done; wait`)
      expect(end.output.match(/^kept$/gm) ?? []).not.toHaveLength(4)
      expect(await outputOf(world, 'echo alive')).toBe('alive')
      expect(world.limitsHit()).toEqual(['memory: more than 96 MiB were wanted, and processes were ended'])
    },
  },
  {
    name: 'a limit of inodes, and of open files',
    limits: { inodes: 2000, files: 100 },
    async run(world) {
      const end = await type(world, 'for i in {1..3000}; do : > /tmp/f$i || break; done')
      expect(end.output).toMatch(/No space left on device/)
      expect(await outputOf(world, 'ulimit -n')).toBe('100')
      expect(world.limitsHit()).toEqual(['disk: its 2000 files and folders were used up'])
    },
  },
  {
    name: 'a limit of output: the command is ended, the beginning is kept, and the next one is complete',
    limits: { output: 100_000 },
    async run(world) {
      const end = await type(world, 'yes')
      expect(end).toMatchObject({ timedOut: false, shellEnded: false })
      expect(end.output.length).toBeLessThan(101_000)
      expect(end.dropped).toBeGreaterThan(0)
      expect(await outputOf(world, 'seq 10000 | tail -n 1')).toBe('10000')
      expect(world.limitsHit()).toEqual([
        'output: a command printed more than 98 KiB and was ended; the rest was not kept',
      ])
    },
  },
  {
    name: 'limits of time: of one command, and of all',
    limits: { command: 1000, time: 4000 },
    async run(world) {
      expect(await type(world, 'sleep 30')).toMatchObject({ timedOut: true })
      expect(world.limitsHit()).toEqual(['time: a command took longer than 1 s and was ended'])
      for (let turn = 0; turn < 4; turn++) await type(world, 'sleep 30')
      expect(await type(world, 'echo never typed')).toMatchObject({ timedOut: true, output: '' })
      expect(world.limitsHit()).toContain(
        'time: the commands took longer than 4 s together; what came after was not run',
      )
      expect(await world.probe('host', ['true'])).toMatchObject({ status: 0 })
    },
  },
  {
    name: 'without a limit that is hit, nothing is told',
    limits: { memory: 256 * MIB, processes: 100, disk: 64 * MIB, inodes: 10_000, files: 100, output: MIB, nice: 5 },
    async run(world) {
      expect(
        await outputOf(world, 'head -c 1M /dev/zero > /tmp/x; for i in {1..20}; do true & done; wait; echo done'),
      ).toBe('done')
      expect(world.limitsHit()).toEqual([])
    },
  },
]
