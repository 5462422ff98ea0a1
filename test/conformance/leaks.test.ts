import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { localMachine } from '../../src/machine/local.ts'
import type { Machine } from '../../src/machine/machine.ts'
import { World } from '../../src/world/world.ts'
import { eventually, lan, outputOf, type } from './case.ts'
import { asUser, isRoot, STRANGER } from './machines.ts'
import { below, leftAfter, type Process } from './processes.ts'
import { snapshot } from './snapshot.ts'

const LEAVE = readFileSync(new URL('fixtures/leaves-things.sh', import.meta.url), 'utf8').trimEnd()
const LABRUN = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))
const HOLD = fileURLToPath(new URL('fixtures/hold-world.mjs', import.meta.url))

/** Milliseconds within which everything must be gone. */
const SOON = 3000

let before: ReturnType<typeof snapshot>
let folder: string
let child: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leaks-'))
  before = snapshot()
})

afterEach(() => {
  child?.kill('SIGKILL')
  child = undefined
  rmSync(folder, { recursive: true })
})

const users: readonly (readonly [string, Machine, string])[] = [
  ['the current user', localMachine, ''],
  ...(isRoot ? [['an ordinary user', asUser(STRANGER), `${STRANGER}`] as const] : []),
]

describe.each(users)('nothing of a world of %s is left', (_name, machine, user) => {
  test('when it is closed', async () => {
    const world = await World.open(machine, lan)
    await leave(world)
    const processes = below(process.pid)
    expect(processes.map(({ command }) => command).join('\n')).toMatch(
      /sleep 5001[\s\S]*sleep 5002|sleep 5002[\s\S]*sleep 5001/,
    )
    await world.close()
    await expectNothingLeft(processes)
  })

  test('when it is closed while a command runs that ignores everything', async () => {
    const world = await World.open(machine, lan)
    const told = expect(
      type(world, `trap '' INT TERM HUP; bash -c 'trap "" INT TERM HUP; sleep 5005 & sleep 5006'`),
    ).rejects.toThrow('the world has died')
    await eventually(() => commands(below(process.pid)), /sleep 5006/)
    const processes = below(process.pid)
    await world.close()
    await told
    await expectNothingLeft(processes)
  })

  test('when its first process on the machine is killed', async () => {
    const world = await World.open(machine, lan)
    await leave(world)
    const processes = below(process.pid)
    const [first] = processes.filter(({ parent }) => parent === process.pid)
    process.kill(first!.pid, 'SIGKILL')
    await expect(type(world, 'sleep 30')).rejects.toThrow('the world has died')
    await expectNothingLeft(processes)
  })

  test('when the process that holds it is killed in the middle of a command', async () => {
    const text = `${LEAVE}\necho "now it sleeps"; sleep 5007`
    const processes = await started([HOLD, user, text], /now it sleeps\n$/)
    expect(commands(processes)).toMatch(/sleep 5007/)
    child!.kill('SIGKILL')
    await expectNothingLeft(processes)
  })
})

describe('nothing is left of `labrun run`', () => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    test(`that gets ${signal} in the middle of a command`, async () => {
      const lab = labWith(`${LEAVE}\necho "now it sleeps"; sleep 5008`)
      const processes = await started([LABRUN, 'run', lab, '--reporter', 'events'], /"text":"now it sleeps/)
      expect(commands(processes)).toMatch(/sleep 5008/)
      const end = ended(child!)
      child!.kill(signal)
      expect(await end).toBe(signal === 'SIGKILL' ? signal : 130)
      await expectNothingLeft(processes)
    })
  }

  test('whose lab ends its own world: it reports that, and ends', async () => {
    const start = Date.now()
    let output = ''
    child = spawn(process.execPath, [LABRUN, 'run', labWith('reboot -f; sleep 30')], { env: environment() })
    child.stdout!.on('data', (bytes) => {
      output += String(bytes)
    })
    expect(await ended(child)).toBe(2)
    expect(output).toContain('the world has died')
    expect(Date.now() - start).toBeLessThan(8000)
    await expectNothingLeft([])
  })
})

/** Does what would leave things behind on the machine if the world were not private. */
async function leave(world: World): Promise<void> {
  const end = await type(world, LEAVE)
  expect(end).toMatchObject({ timedOut: false, shellEnded: false })
  expect(await outputOf(world, 'ip netns list; ip -br link; iptables -S; hostname; ls /etc')).toMatch(
    /labrun-left-ns[\s\S]*labrun-left0[\s\S]*10\.96\.0\.0[\s\S]*labrun-left-host[\s\S]*labrun-left-file/,
  )
}

/** Starts a program of Node and waits until its output matches; resolves to its processes at that time. */
async function started(parameters: readonly string[], shown: RegExp): Promise<readonly Process[]> {
  let output = ''
  child = spawn(process.execPath, parameters, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (bytes) => {
      output += String(bytes)
    })
  }
  await eventually(() => output, shown)
  await eventually(() => commands(below(child!.pid!)), /sleep 500[78]/)
  return below(child.pid!)
}

/** A lab whose commands are all to be run, whatever their status. */
function labWith(text: string): string {
  const file = join(folder, 'lab.md')
  const commands = text.split('\n')
  const blocks = commands.map((command) => `\`\`\`sh exit=any timeout=60s\n${command}\n\`\`\`\n`)
  writeFileSync(
    file,
    `---\nlabrun: 1\nworld: lan\n---\n\n# A lab that leaves things\n\n## Leave\n\n${blocks.join('\n')}`,
  )
  return file
}

/** Temporary files of the program go where it can be seen that they are gone. */
function environment(): NodeJS.ProcessEnv {
  return { ...process.env, TMPDIR: folder, NO_COLOR: '1' }
}

async function ended(program: ChildProcess): Promise<number | string | null> {
  return await new Promise((resolve) => program.once('exit', (code, signal) => resolve(signal ?? code)))
}

function commands(processes: readonly Process[]): string {
  return processes.map(({ command }) => command).join('\n')
}

async function expectNothingLeft(processes: readonly Process[]): Promise<void> {
  expect(await leftAfter(processes, SOON)).toEqual([])
  expect(snapshot()).toEqual(before)
}
