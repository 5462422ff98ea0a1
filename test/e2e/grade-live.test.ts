import { spawnSync } from 'node:child_process'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isRoot } from '../conformance/machines.ts'
import { ClassFolder } from '../grade/class-folder.ts'
import { SOLUTION } from '../grade/replay.ts'
import { type Sshd, startSshd, whyNoSshd } from '../machine/sshd.ts'
import { labrunWith } from '../support/labrun.ts'

const why = whyNoSshd ?? (isRoot ? undefined : 'only root may look at namespaces')
if (why) console.info(`skipped: grading of live machines: ${why}`)

type Cells = Record<string, string>

// Logins and worlds, one after the other, on a machine of which nobody knows how busy it is.
const PATIENCE = 300_000

describe.skipIf(why)('students’ machines as they are now', { timeout: PATIENCE }, () => {
  const here = new ClassFolder('u1,Ann,', 'u2,Bea,', 'u3,Cem,')
  let server: Sshd
  let env: Record<string, string>

  beforeAll(async () => {
    // A mount namespace of its own, so that the names of its network namespaces are known there only.
    const private_ = 'mkdir -p /run/netns; mount -t tmpfs tmpfs /run/netns; exec "$@"'
    server = await startSshd([], ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', private_, 'sh'])
    here.write('bin/ssh', `#!/bin/sh\nexec /usr/bin/ssh -F ${server.config} "$@"\n`)
    spawnSync('chmod', ['755', here.path('bin/ssh')])
    env = { PATH: `${here.path('bin')}:${process.env.PATH}` }
  })
  afterAll(async () => {
    await server.stop()
    here.remove()
  })

  const there = (line: string) => spawnSync('/usr/bin/ssh', ['-F', server.config, 'there', line], { encoding: 'utf8' })
  const live = async (...words: readonly string[]) => {
    const options = [
      '--roster',
      here.path('roster.csv'),
      '--key',
      here.path('course.key'),
      '--out',
      here.path('graded'),
    ]
    return await labrunWith({ env }, 'grade', here.exam, ...options, '--attempts', '1', ...words)
  }

  test('nothing was built: no points, and nothing is built by looking', async () => {
    const { status, stdout, stderr } = await live('--live', 'ssh:there')
    expect(status, stdout + stderr).toBe(0)
    expect(stdout).toContain('✓ ssh:there: 0 of 9')
    expect(there('ip netns list').stdout.trim()).toBe('')
  })

  test('what was built is judged, without the question; a machine that is away is no failure', async () => {
    for (const line of Object.values(SOLUTION).flat()) expect(there(line).status).toBe(0)
    here.write('machines.csv', 'id,machine\nu1,ssh:there\nu2,ssh:nobody@nowhere.invalid\n')
    const { status, stdout, stderr } = await live('--inventory', here.path('machines.csv'), '--jobs', '2')
    expect(status, stdout + stderr).toBe(1)
    expect(stdout).toMatch(/✓ u1: 7 of 9/)
    expect(stdout).toMatch(/u2: needs staff: .*nowhere\.invalid/)
    expect(stdout).toContain('missing: u3')
    const { u1, u2 } = here.table('items.csv')
    // Its firewall keeps the first step's way shut: only the present state counts.
    expect(u1).toMatchObject({
      'rooms/netns-2': '3',
      'cable/ping-1': '0',
      'cable/question-1': '',
      'one-way/iptables-1': '2',
    })
    expect(u2!.status).toBe('needs-staff')
    // What is not judged counts nowhere: neither for those who have no grade nor for the platforms.
    expect(Object.values(here.table('grades.csv')).map(({ max }) => max)).toEqual(['9', '9', '9'])
    const [{ 'Maximum Grade': most } = {}] = parse(here.read('graded/moodle.csv'), { columns: true }) as Cells[]
    expect(most).toBe('9')
    expect(here.read('graded/canvas.csv').split('\n')[1]).toMatch(/,9$/)
    there('ip netns exec blue iptables -F INPUT')
    expect((await live('--live', 'ssh:there')).stdout).toContain('✓ ssh:there: 7 of 9')
    there('ip netns del red; ip netns del blue')
  })

  test('what is no machine is told before anything is done', async () => {
    const { status, stderr } = await live('--live', 'pc1')
    expect(status).toBe(2)
    expect(stderr).toMatch(/pc1: expected ssh:USER@HOST/)
  })
})
