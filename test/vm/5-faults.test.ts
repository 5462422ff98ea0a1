import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { outputOf } from '../../src/machine/machine.ts'
import { sshConfig } from '../../src/machine/virtual-machine.ts'
import { Screen } from '../e2e/screen.ts'
import { type Ended, endOf, labrunWith, startLabrun } from '../support/labrun.ts'
import { virtualMachine } from './machine.ts'

const TITLE = '---\nlabrun: 1\n---\n\n# A lab\n\n'
const HOLD =
  '## Hold\n\n```sh\nip netns add held\n```\n\n```sh timeout=10m\necho now it waits; sleep 500\n```\n\n```yaml check\n- netns: held\n```\n'
const QUICK = '## Quick\n\n```sh\nip netns add quick\n```\n\n```yaml check\n- netns: quick\n```\n'

let folder = ''
let env: Record<string, string> = {}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'))
  writeFileSync(join(folder, 'hold.md'), TITLE + HOLD)
  writeFileSync(join(folder, 'quick.md'), TITLE + QUICK)
  env = { XDG_STATE_HOME: folder, NO_COLOR: '1' }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('in the middle of a step', () => {
  // Each begins with a machine that runs and works; that it does is the proof of the one before.
  beforeEach(async () => expectWorks(await run('quick')))

  test('the connection breaks: an error, never a failure; the next run works at once', async () => {
    const child = await holding()
    const processes = spawnSync('ps', ['-o', 'pid=,args=', '--ppid', String(child.pid)], { encoding: 'utf8' }).stdout
    const [, master] = /^\s*(\d+) ssh .*ControlMaster=yes/m.exec(processes) ?? []
    process.kill(Number(master), 'SIGKILL')
    expectLost(await endOf(child))
  })

  test('the machine loses its network: that is noticed within half a minute', async () => {
    const child = await holding()
    const start = Date.now()
    await inMachine(
      'setsid sh -c "sleep 1; ip link set eth0 down; sleep 45; ip link set eth0 up; networkctl reconfigure eth0" >/dev/null 2>&1 </dev/null &',
    )
    expectLost(await endOf(child))
    expect(Date.now() - start).toBeLessThan(35_000)
    await delay(45_000 - (Date.now() - start))
  })

  test('the machine reboots', async () => {
    const child = await holding()
    await inMachine('setsid sh -c "sleep 1; reboot -f" >/dev/null 2>&1 </dev/null &')
    expectLost(await endOf(child))
  })

  test('the machine is stopped', async () => {
    const screen = new Screen(['--on', 'vagrant', join(folder, 'hold.md')], env)
    await screen.answer('ip netns add held', '\r')
    await screen.shows('sleep 500', 60_000)
    await screen.answer('sleep 500', '\r')
    await screen.shows(/^\s*now it waits/m, 60_000)
    spawnSync('vagrant', ['halt', '--force'], { env: { ...process.env }, stdio: 'ignore' })
    await screen.shows(/the virtual machine.*(gone|does not answer)/s, 60_000)
    expect(await screen.ended).toBe(2)
  })
})

test('Ctrl-C while the machine starts: it ends soon, and says how to go on', async () => {
  await labrunWith({ env }, 'vm', 'halt')
  const child = startLabrun({ env }, 'run', join(folder, 'quick.md'), '--on', 'vagrant')
  await delay(8000)
  const start = Date.now()
  child.kill('SIGINT')
  const { status, stdout } = await endOf(child)
  expect(status).toBe(130)
  expect(stdout).toMatch(/was interrupted/)
  expect(Date.now() - start).toBeLessThan(60_000)
})

test('right after that two labruns start the machine at the same time: a lab passes, a student’s place is kept', async () => {
  const quick = run('quick')
  const student = new Screen(['--on', 'vagrant', join(folder, 'hold.md')], env)
  try {
    await student.answer('You were at step 1 of 1', '\r')
    // The machine starts first.
    await student.shows(/▸ echo now it waits; sleep 500[\s\S]*›\s*$/, 300_000)
    await student.answer('▸ echo now it waits', 'q\r')
    await student.ended
  } finally {
    student.kill()
  }
  expectWorks(await quick)
})

test('the disk of the machine is full: labs run all the same, and what needs room says so', async () => {
  await inMachine(
    'fallocate -l "$(df --output=avail -B1 / | tail -n 1)" /full; dd if=/dev/zero of=/full2 bs=1M 2>/dev/null; ! dd if=/dev/zero of=/full3 bs=4k count=1 2>/dev/null',
  )
  expectWorks(await run('quick'))
  await inMachine('rm -f /full /full2 /full3')
})

test('a box that is broken off: `vagrant up` fails half-way with the reason, and a good one works after it', async () => {
  const own = { ...env, VAGRANT_DOTFILE_PATH: join(folder, 'dot'), VAGRANT_HOME: join(folder, 'vagrant') }
  const box = process.env.LABRUN_VM_BOX
  expect(box, 'these tests need LABRUN_VM_BOX: a box file that vagrant/box/build has made').toMatch(/\.box$/)
  const broken = join(folder, 'broken.box')
  copyFileSync(box!, broken)
  truncateSync(broken, 5_000_000)
  const { status, stderr } = await labrunWith({ env: { ...own, LABRUN_VM_BOX: broken } }, 'vm', 'up')
  expect(status).toBe(2)
  expect(stderr).toMatch(/Vagrant says: [\s\S]*→ /)
  const { stdout } = await labrunWith({ env: own }, 'vm', 'status')
  expect(stdout).toMatch(/there is none yet/)
})

test('a machine that cannot be made ready: an error that says why; a new one works', async () => {
  await inMachine('dpkg --remove --force-depends ethtool >/dev/null 2>&1')
  rmSync(join(sshConfig(), '..', 'labrun.json'))
  const { status, stderr } = await labrunWith({ env }, 'vm', 'up')
  expect(status).toBe(2)
  expect(stderr).toMatch(/could not be made ready for labs[\s\S]*→ it needs the internet for that once/)
  expect((await labrunWith({ env }, 'vm', 'destroy')).status).toBe(0)
  expectWorks(await run('quick'))
})

async function run(lab: string): Promise<Ended> {
  return await labrunWith({ env }, 'run', join(folder, `${lab}.md`), '--on', 'vagrant', '--json')
}

/** A run that is in the middle of its second command. */
async function holding() {
  const child = startLabrun({ env }, 'run', join(folder, 'hold.md'), '--on', 'vagrant', '--reporter', 'events')
  await new Promise<void>((resolve) => {
    let said = ''
    const listen = (bytes: Buffer) => {
      said += String(bytes)
      if (said.includes('"text":"now it waits')) resolve()
    }
    child.stdout.on('data', listen)
    child.on('close', () => resolve())
  })
  return child
}

async function inMachine(text: string): Promise<void> {
  const machine = await virtualMachine()
  await outputOf(machine, ['sudo', 'sh', '-c', text])
  await machine.close()
}

function expectWorks({ status, stdout, stderr }: Ended): void {
  expect(status, stdout + stderr).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ status: 'passed' })
}

function expectLost({ status, stdout }: Ended): void {
  expect(status, stdout).toBe(2)
  const events = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const trouble = events.find(({ type }) => type === 'lab-trouble') as
    | { message: string; remedies: string[] }
    | undefined
  expect(trouble?.message, stdout).toMatch(/the virtual machine/)
  expect(trouble?.remedies.join()).toContain('run it again')
  const { result } = events.find(({ type }) => type === 'lab-end') as {
    result: { status: string; ledger: { failed: number } }
  }
  expect(result.status).toBe('error')
  expect(result.ledger.failed).toBe(0)
}
