import { expect } from 'vitest'
import { WorldError } from '../../src/world/trouble.ts'
import { type Case, commandLines, outputOf, type } from './case.ts'

/** Commands against the world itself: either it stands them, or its death is told, and nothing hangs. */
export const deathCases: readonly Case[] = [
  ...['reboot -f', 'poweroff -f', 'halt -f'].map(
    (command): Case => ({
      name: `\`${command}\`: the world dies, and that is told`,
      async run(world) {
        const start = Date.now()
        await expect(type(world, `${command}; sleep 9`)).rejects.toThrow(WorldError)
        await expect(type(world, 'echo again')).rejects.toThrow('the world has died')
        await expect(world.probe('host', ['true'])).rejects.toThrow(WorldError)
        await expect(world.launch('main', 'true', () => {})).rejects.toThrow(WorldError)
        await world.close()
        expect(Date.now() - start).toBeLessThan(3000)
      },
    }),
  ),
  {
    name: 'a probe under way when the world dies',
    async run(world) {
      const told = expect(world.probe('host', ['sleep', '30'])).rejects.toThrow(WorldError)
      // The program may end, and its shell say so, right before the world does (reboot_pid_ns in kernel/pid_namespace.c).
      await expect(type(world, 'reboot -f; sleep 9')).rejects.toThrow(WorldError)
      await told
    },
  },
  {
    name: 'a world that is closed while a command runs',
    async run(world) {
      const running = type(world, 'sleep 60')
      const told = expect(running).rejects.toThrow(WorldError)
      await world.close()
      await told
    },
  },
  ...['/bin/kill -9 -1', "bash -c 'kill -9 -1'", 'kill -9 $PPID $$; /bin/kill -9 -1; sleep 5'].map(
    (command): Case => ({
      name: `\`${command}\`: the shell goes, a new one comes`,
      async run(world) {
        await type(world, 'echo other', { terminal: 'other' })
        expect(await type(world, command)).toMatchObject({ status: 137, shellEnded: true, timedOut: false })
        expect(await outputOf(world, 'echo alive')).toBe('alive')
        expect(await outputOf(world, 'echo alive', 'other')).toBe('alive')
      },
    }),
  ),
  {
    name: '`kill -9 -1` by the shell itself, which is spared',
    async run(world) {
      await outputOf(world, 'sleep 4340 &')
      expect(await type(world, 'kill -9 -1; sleep 0.1; echo x')).toMatchObject({ status: 0, shellEnded: false })
      expect(await commandLines(world)).not.toMatch(/sleep 4340/)
    },
  },
  {
    name: 'signals to the first process of the world do nothing',
    async run(world) {
      await type(world, 'for s in INT TERM HUP QUIT PIPE CHLD USR1 SEGV STOP KILL; do kill -$s 1; done')
      expect(await outputOf(world, 'echo alive')).toBe('alive')
    },
  },
  {
    name: 'a full disk: commands fail, the terminal goes on',
    limits: { disk: 16 << 20 },
    async run(world) {
      const end = await type(world, 'cat /dev/zero > /full')
      expect(end).toMatchObject({ status: 1, timedOut: false, shellEnded: false })
      expect(end.output).toMatch(/No space left on device/)
      expect(await outputOf(world, 'echo alive; rm /full')).toBe('alive')
      expect(world.limitsHit()).toEqual(['disk: its 16 MiB were full'])
      expect((await type(world, 'mount -o remount,nosuid,size=64m none /')).status).not.toBe(0)
    },
  },
  {
    name: 'the files of the terminal cannot be deleted, replaced or hidden',
    async run(world) {
      const folder = '/run/labrun/terminal'
      for (const text of [
        `rm -rf ${folder}`,
        `mv ${folder} /tmp`,
        `umount ${folder}`,
        `mount -o remount,bind,rw ${folder} && touch ${folder}/main/command`,
      ]) {
        expect((await type(world, text)).status, text).not.toBe(0)
      }
      await type(world, `mkfifo /tmp/fifo; mount --bind /tmp/fifo ${folder}/main/command`, { timeout: 2000 })
      expect(await outputOf(world, 'echo alive', 'other')).toBe('alive')
    },
  },
]
