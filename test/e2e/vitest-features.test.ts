import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isAsleep, until } from '../support/asleep.ts'
import { VITEST, VitestProject } from '../support/vitest-project.ts'

let project: VitestProject
beforeAll(() => {
  project = new VitestProject()
})
afterAll(() => project.remove())

describe('what Vitest can do', { timeout: 120_000 }, () => {
  test('-t: one step is tested, those before it are done', async () => {
    const { status, tests } = await project.test('labs/room', '-t', 'Light it')
    expect(status).toBe(0)
    expect(tests('labs/room.md')).toEqual(['skipped 6 Make it', 'passed 16 Light it'])
  })

  test('-t: a step that needs another which fails unseen does not pass', async () => {
    const { status, tests, failures } = await project.test('labs/cable', '-t', 'Use the cable')
    expect(status).toBe(1)
    expect(tests('labs/cable.md').filter((one) => !one.startsWith('skipped'))).toEqual(['failed 38 Use the cable'])
    expect(failures('labs/cable.md', 'Use the cable')[0]!.text).toMatch(/^blocked: not run/)
  })

  test('a line number means the step that begins there', async () => {
    const { tests } = await project.test('labs/room.md:16')
    expect(tests('labs/room.md')).toEqual(['skipped 6 Make it', 'passed 16 Light it'])
  })

  test('--shard divides the labs; other Markdown is no lab', async () => {
    const shards = [
      await project.test('--shard=1/2', '-t', 'nothing'),
      await project.test('--shard=2/2', '-t', 'nothing'),
    ]
    const [first, second] = shards.map(({ files }) => files) as [string[], string[]]
    expect([first.length, second.length].toSorted()).toEqual([2, 3])
    expect([...first, ...second].toSorted()).toEqual(
      ['cable', 'door', 'late', 'machine', 'room'].map((name) => `labs/${name}.md`),
    )
  })

  test('list: an editor finds each step and its line without running anything', async () => {
    const { stdout } = await project.run(VITEST, 'list', 'labs/room', 'labs/door', '--json', '--static-parse')
    const found = JSON.parse(stdout) as { name: string; file: string; location: { line: number } }[]
    expect(
      found.map(({ name, file, location }) => `${file.slice(project.folder.length + 1)}:${location.line} ${name}`),
    ).toEqual([
      'labs/door.md:7 A door > Open it',
      'labs/room.md:6 A room of its own > Make it',
      'labs/room.md:16 A room of its own > Light it',
    ])
  })

  test('--retry: the step is tried in a new world', async () => {
    const { failures } = await project.test('labs/cable', '--retry=1', '-t', 'Make a cable')
    // In the old one `ip netns add net1` would fail.
    const found = failures('labs/cable.md', 'Make a cable').map(({ text }) => text.split('\n')[0])
    expect(found).toEqual(['failed: ping: host -> 10.0.0.2', 'failed: ping: host -> 10.0.0.2'])
  })

  test('watch: a lab is run when it is new, when it changes, and when one does that it starts from', async () => {
    for (const name of ['room', 'door']) {
      cpSync(join(project.folder, 'labs', `${name}.md`), join(project.folder, 'watched', `${name}.md`))
    }
    project.configure({ labs: 'watched' })
    const vitest = project.start(VITEST, '--watch', '--reporter=verbose')
    let text = ''
    for (const stream of [vitest.stdout, vitest.stderr]) {
      stream.on('data', (bytes: Buffer) => {
        text += String(bytes)
      })
    }
    const shows = async (...parts: readonly string[]) => {
      await until(() => parts.every((part) => text.includes(part)), 60)
      text = ''
    }
    try {
      await shows('3 passed', 'Waiting for file changes')
      const room = readFileSync(join(project.folder, 'watched/room.md'), 'utf8')
      project.write('watched/room.md', room.replace('## Light it', '## Switch it on'))
      const both = ['A room of its own > Switch it on', 'A door > Open it']
      await shows('RERUN', ...both, '3 passed', 'Waiting for file changes')
      project.write('watched/later.md', room.replace('title: A room of its own', 'title: A lab that came later'))
      await shows('RERUN', 'A lab that came later > Light it', '2 passed', 'Waiting for file changes')
    } finally {
      vitest.kill()
      await new Promise((resolve) => vitest.once('close', resolve))
      project.configure({ labs: 'labs' })
    }
  })
})

test.each(['forks', 'threads'])('killed in the middle, it leaves nothing: %s', { timeout: 60_000 }, async (pool) => {
  const seconds = pool === 'forks' ? '63.0271' : '63.0272'
  project.write('labs/wait.md', `---\nlabrun: 1\n---\n\n## Wait\n\n\`\`\`sh timeout=2m\nsleep ${seconds}\n\`\`\`\n`)
  const vitest = project.start(VITEST, 'run', `--pool=${pool}`, 'labs/wait')
  try {
    await until(() => isAsleep(seconds), 40)
    vitest.kill('SIGKILL')
    await until(() => !isAsleep(seconds))
  } finally {
    vitest.kill('SIGKILL')
    rmSync(join(project.folder, 'labs/wait.md'))
  }
})
