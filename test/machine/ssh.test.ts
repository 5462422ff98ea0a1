import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Machine, outputOf as outputOn } from '../../src/machine/machine.ts'
import { connectSsh, type SshTarget } from '../../src/machine/ssh.ts'
import { MachineError } from '../../src/machine/trouble.ts'
import { WorldError } from '../../src/world/trouble.ts'
import { World } from '../../src/world/world.ts'
import { eventually, isolated, lan, outputOf, type } from '../conformance/case.ts'
import { type Sshd, startSshd, whyNoSshd } from './sshd.ts'

if (whyNoSshd) console.info(`skipped: machines over SSH: ${whyNoSshd}`)

describe.skipIf(whyNoSshd)('a machine over SSH', () => {
  let server: Sshd
  beforeAll(async () => {
    server = await startSshd()
  })
  afterAll(() => server.stop())

  const target = (changes: Partial<SshTarget> = {}): SshTarget => ({
    name: 'the other machine',
    destination: 'there',
    config: server.config,
    isForLabs: false,
    remedies: ['look at it'],
    ...changes,
  })

  const connected = async (act: (machine: Machine) => Promise<void>) => {
    const machine = await connectSsh(target())
    await act(machine)
    await machine.close()
  }

  test('worlds there are as here, several at the same time, over one connection', async () => {
    await connected(async (machine) => {
      const worlds = await Promise.all([
        World.open(machine, lan),
        World.open(machine, isolated),
        World.open(machine, lan),
      ])
      for (const [number, world] of worlds.entries()) await outputOf(world, `ip netns add of${number}`)
      expect(await Promise.all(worlds.map((world) => outputOf(world, 'ip netns list')))).toEqual(['of0', 'of1', 'of2'])
      expect(server.connections()).toHaveLength(1)
      expect(await outputOf(worlds[0]!, 'ping -c 1 -W 5 server | grep -c "1 received"')).toBe('1')
      await Promise.all(worlds.map((world) => world.close()))
    })
  })

  test('any byte goes there and back', async () => {
    await connected(async (machine) => {
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
      const { stdin, stdout, ended } = machine.start(['cat'])
      stdin.end(Buffer.concat(Array.from({ length: 4096 }, () => bytes)))
      const parts: Buffer[] = []
      for await (const part of stdout) parts.push(part as Buffer)
      expect((await ended).status).toBe(0)
      expect(Buffer.concat(parts).equals(Buffer.concat(Array.from({ length: 4096 }, () => bytes)))).toBe(true)
      const odd = ['it\'s "$HOME"', '\\', '', '`id`', 'a\nb', '-n', '*']
      expect(await outputOn(machine, ['printf', '[%s]', ...odd])).toBe(odd.map((one) => `[${one}]`).join(''))
    })
  })

  test('the connection breaks in the middle of a command: that is told, with what to do', async () => {
    const machine = await connectSsh(target())
    const world = await World.open(machine, isolated)
    const waiting = type(world, 'echo started; sleep 60').catch((error: unknown) => error)
    const [connection] = server.connections()
    process.kill(connection!, 'SIGKILL')
    const error = (await waiting) as WorldError
    expect(error).toBeInstanceOf(WorldError)
    expect(error.code).toBe('machine-lost')
    expect(error.message).toContain('the other machine')
    expect(error.remedies).toContain('look at it')
    expect(machine.isLost()).toBe(true)
    await expect(outputOn(machine, ['true'])).rejects.toBeInstanceOf(MachineError)
    await world.close()
    await machine.close()
    await connected(async (again) => expect(await outputOn(again, ['echo', 'there'])).toBe('there\n'))
  })

  test('a world that dies by itself is no lost machine', async () => {
    await connected(async (machine) => {
      const world = await World.open(machine, isolated)
      const error = await type(world, 'kill -KILL -1; reboot -f; sleep 9').catch((reason: unknown) => reason)
      expect((error as WorldError).code).toBe('world-died')
      expect(machine.isLost()).toBe(false)
      await world.close()
    })
  })

  test('nothing stays there when labrun’s side ends', async () => {
    await connected(async (machine) => {
      const world = await World.open(machine, isolated)
      await outputOf(world, 'sleep 6180 & sleep 6181 &')
      const list = async () => await outputOn(machine, ['sh', '-c', 'pgrep -fc "^sleep 618[01]" || true'])
      expect((await list()).trim()).toBe('2')
      await world.close()
      await eventually(list, /^0$/m)
    })
  })

  test.each([
    ['a key that is not known there', 'ssh-denied', /does not let us in/, 'ssh-copy-id there', 'stranger'],
    ['no server', 'ssh-refused', /no SSH server listens/, 'systemctl start ssh', 'port'],
    ['another host key', 'ssh-unknown-host', /host key/, 'connect once by hand', 'host key'],
  ])('%s: the cause and the way out', async (_name, code, message, remedy, change) => {
    const text = readFileSync(server.config, 'utf8')
    const config = join(server.folder, `config-${code}`)
    const stranger = readFileSync(join(server.folder, 'stranger.pub'), 'utf8')
    writeFileSync(join(server.folder, 'others'), `[127.0.0.1]:${server.port} ${stranger}`)
    const changed = {
      stranger: text.replace(join(server.folder, 'user'), join(server.folder, 'stranger')),
      port: text.replace(`Port ${server.port}`, 'Port 1'),
      'host key': text.replace('known_hosts', 'others'),
    }[change]
    writeFileSync(config, changed!)
    const error = await connectSsh(target({ config })).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(MachineError)
    expect((error as MachineError).code).toBe(code)
    expect((error as MachineError).message).toMatch(message)
    expect((error as MachineError).remedies.join('\n')).toContain(remedy)
  })

  test('more programs than the server allows on one connection', async () => {
    const narrow = await startSshd(['MaxSessions 2'])
    const machine = await connectSsh(target({ config: narrow.config }))
    const world = await World.open(machine, isolated)
    const error = (await World.open(machine, isolated).catch((reason: unknown) => reason)) as WorldError
    expect(error.message).toMatch(/allows no more programs/)
    expect(error.remedies.join()).toContain('MaxSessions')
    await world.close()
    await machine.close()
    await narrow.stop()
  })
})
