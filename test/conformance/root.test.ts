import { existsSync, readdirSync } from 'node:fs'
import { beforeEach, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import { outputOf as outputOn } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { isolated, outputOf, type } from './case.ts'

const CGROUPS = '/sys/fs/cgroup'
const DOCKERD = '/usr/sbin/dockerd'

beforeEach((context) => {
  if (process.getuid?.() !== 0) context.skip('only root may build a world with the machine’s real root')
  if (readdirSync(CGROUPS).length === 0) context.skip('this machine has no cgroups')
})

test('a world with the machine’s real root has cgroups of its own, of version 1 or 2, which go with it', async () => {
  const before = await state()
  const world = await World.open(localMachine, isolated, 'root')
  // It is at the root of every hierarchy that it has, and sees nothing of the machine's.
  expect(await outputOf(world, `cat ${CGROUPS}/cgroup.procs ${CGROUPS}/*/cgroup.procs 2>&1 | grep -cx $$`)).not.toBe(
    '0',
  )
  expect(await outputOf(world, 'find /sys/fs/cgroup -name "labrun.*"')).toBe('')
  await outputOf(
    world,
    'for folder in $(dirname $(find /sys/fs/cgroup -maxdepth 2 -name cgroup.procs)); do mkdir -p $folder/left/behind || exit; done',
  )
  await type(
    world,
    `sleep 1000 & for procs in ${CGROUPS}/*/left/cgroup.procs; do test ! -e $procs || echo $! > $procs; done`,
  )
  expect((await state()).join('\n')).toMatch(/labrun\.\d+\/.*left\/behind/)
  await world.close()
  await nothingNewSince(before)
})

test('a dockerd of its own runs a container in it, and leaves nothing behind', async (context) => {
  if (!existsSync(DOCKERD) || !existsSync('/bin/busybox')) context.skip('no dockerd, or no busybox, on this machine')
  const before = await state()
  const world = await World.open(localMachine, isolated, 'root')
  await world.launch('main', 'dockerd --storage-driver vfs >/tmp/dockerd.log 2>&1', () => {})
  await outputOf(
    world,
    'for i in $(seq 200); do docker version >/dev/null 2>&1 && break; sleep 0.2; done; docker version',
  )
  await outputOf(
    world,
    'mkdir -p /tmp/image && cp /bin/busybox /tmp/image && tar -C /tmp/image -c . | docker import - tiny',
  )
  expect(await outputOf(world, 'docker run --rm tiny /busybox echo hello')).toBe('hello')
  await outputOf(world, 'docker run -d --name web -p 8000:80 tiny /busybox httpd -f -p 80')
  expect(await outputOf(world, 'docker inspect -f "{{.State.Running}}" web')).toBe('true')
  await world.close()
  await nothingNewSince(before)
})

/** Others use the machine at the same time, and what they have made goes too. */
async function nothingNewSince(before: readonly string[]): Promise<void> {
  const added = async () => (await state()).filter((line) => !before.includes(line))
  await expect.poll(added, { timeout: 20_000 }).toEqual([])
}

/** What a world could leave on the machine, one a line: cgroups, devices, rules, mounts, files. */
async function state(): Promise<string[]> {
  const look = `find ${CGROUPS} -type d | grep -E 'labrun|docker|left'; ip -br link; iptables-save | grep -e ^-A; cat /proc/self/mounts; ls /run /var/lib`
  return (await outputOn(localMachine, ['sh', '-c', look])).split('\n')
}
