import { expect } from 'vitest'
import { ProbeError } from '../../src/world/probes.ts'
import { type Case, lan, outputOf, type } from './case.ts'

/** Probes: programs that are run beside the terminals, at a place of the network. */
export const probeCases: readonly Case[] = [
  {
    name: 'a probe: status, output and errors apart, input, each place its own network',
    spec: lan,
    async run(world) {
      await outputOf(world, 'ip netns add net1; cd /usr; export X=1; alias sh=false')
      expect(await world.probe('host', ['sh', '-c', 'echo out; echo "err $X" >&2; pwd; exit 3'])).toEqual({
        status: 3,
        stdout: 'out\n/\n',
        stderr: 'err \n',
      })
      expect((await world.probe('host', ['cat'], { input: 'héllo\n' })).stdout).toBe('héllo\n')
      const links = async (place: string) => (await world.probe(place, ['ip', '-br', 'link'])).stdout.match(/^[^ @]+/gm)
      expect(await links('host')).toEqual(['lo', 'ens33'])
      expect(await links('net1')).toEqual(['lo'])
      expect(await links('client')).toEqual(['lo', 'eth0'])
      expect(await links('gateway')).toEqual(['lo', 'lan0', 'wan0', 'lan1', 'lan2'])
    },
  },
  {
    name: 'a probe that cannot run says why',
    async run(world) {
      const code = async (work: Promise<unknown>) =>
        await work.then(
          () => 'none',
          (error: unknown) => (error instanceof ProbeError ? error.code : String(error)),
        )
      expect(await code(world.probe('host', ['no-such-program']))).toBe('missing-tool')
      expect(await code(world.probe('nowhere', ['true']))).toBe('missing-namespace')
      expect(await code(world.probe('host', ['/etc/hostname']))).toBe('not-permitted')
      expect(await code(world.probe('host', ['sh', '-c', 'kill -9 $$']))).toBe('killed')
      expect(await code(world.probe('host', ['sleep', '30'], { timeout: 200 }))).toBe('timed-out')
      expect(await code(world.probe('host', ['cat', '/dev/zero']))).toBe('trouble')
      expect(await world.probe('host', ['true'])).toMatchObject({ status: 0 })
    },
  },
  {
    name: 'probes run beside a command and beside each other',
    async run(world) {
      const start = Date.now()
      const work = [type(world, 'sleep 1'), ...[1, 2, 3].map(() => world.probe('host', ['sleep', '1']))]
      await Promise.all(work)
      expect(Date.now() - start).toBeLessThan(2900)
    },
  },
  {
    name: 'a probe whose child lives on does not wait for it',
    async run(world) {
      const start = Date.now()
      expect((await world.probe('host', ['sh', '-c', 'sleep 8 & echo now'])).stdout).toBe('now\n')
      expect(Date.now() - start).toBeLessThan(5000)
    },
  },
  {
    name: 'the number by which one namespace knows another',
    async run(world) {
      await outputOf(world, 'ip netns add net1; ip netns add net2')
      expect(await world.namespaceId('net1', 'net2')).toBe(-1)
      await outputOf(
        world,
        'ip link add v0 netns net1 type veth peer name v1 netns net2; ip link add v2 type veth peer name v3 netns net1',
      )
      const id = await world.namespaceId('net1', 'net2')
      expect(id).toBeGreaterThanOrEqual(0)
      expect(await outputOf(world, 'ip -n net1 netns list-id')).toMatch(new RegExp(`^nsid ${id} .*net2`, 'm'))
      expect(await world.namespaceId('host', 'net1')).toBeGreaterThanOrEqual(0)
      expect(await world.namespaceId('host', 'net2')).toBe(-1)
      expect(await world.namespaceId('host', 'host')).toBe(-1)
      await expect(world.namespaceId('net1', 'nowhere')).rejects.toThrow(ProbeError)
    },
  },
]
