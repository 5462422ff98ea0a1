import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Project } from '../support/project.ts'

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url))
const VITEST = 'vitest/vitest.mjs'

interface Report {
  readonly numTotalTests: number
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly message: string
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
      readonly failureMessages: readonly string[]
      readonly location?: { readonly line: number }
    }[]
  }[]
}

let project: Project
beforeAll(() => {
  project = new Project()
  for (const name of ['cable', 'room', 'door', 'late', 'machine'])
    cpSync(join(FIXTURES, 'vitest', `${name}.md`), join(project.folder, 'labs', `${name}.md`))
  for (const name of ['step-before', 'any-output'])
    cpSync(join(FIXTURES, 'rotten', `${name}.md`), join(project.folder, 'rotten', `${name}.md`))
  cpSync(join(FIXTURES, 'mistakes.md'), join(project.folder, 'mistakes', 'mistakes.md'))
  project.write('labs/README.md', '# About these labs\n\nThis is no lab.\n')
  project.write('labs/deep/node_modules/other/lab.md', '---\nlabrun: 1\n---\n')
  configure({ labs: 'labs' })
})
afterAll(() => project.remove())

function configure(options: object, test: object = { includeTaskLocation: true }): void {
  project.write(
    'vitest.config.ts',
    `import { labrun } from 'labrun/vitest'
import { defineConfig } from 'vitest/config'

export default defineConfig({ plugins: [labrun(${JSON.stringify(options)})], test: ${JSON.stringify(test)} })
`,
  )
}

/** Runs Vitest there; the tests by their file, and in the form `status line title`. */
async function run(...words: readonly string[]) {
  const { status, stdout, stderr } = await project.run(VITEST, 'run', '--reporter=json', ...words)
  const start = stdout.indexOf('{"numTotalTestSuites"')
  if (start < 0) throw new Error(`no report:\n${stdout}\n${stderr}`)
  const report = JSON.parse(stdout.slice(start)) as Report
  const files = report.testResults.map(({ name }) => name.slice(project.folder.length + 1)).toSorted()
  const file = (name: string) => report.testResults.find((one) => one.name === join(project.folder, name))!
  const tests = (name: string) =>
    file(name).assertionResults.map((one) => `${one.status} ${one.location?.line} ${one.title}`)
  const failures = (name: string, title: string) =>
    file(name).assertionResults.find((one) => one.title === title)!.failureMessages
  return { status, report, files, file, tests, failures }
}

/** Where a failure message leads to, and what it says. */
function readFailure(message: string): { place: string | undefined; text: string } {
  const [, text = '', place] = /^([\s\S]*)\n {4}at (.*)$/.exec(message) ?? []
  return { place: place?.replace(`${project.folder}/`, ''), text }
}

describe('labs are test files', { timeout: 120_000 }, () => {
  test('a lab is a describe, a step is a test, and what fails points into the Markdown', async () => {
    const { status, files, file, tests, failures } = await run('labs/cable', 'labs/room')
    expect(status).toBe(1)
    expect(files).toEqual(['labs/cable.md', 'labs/room.md'])
    expect(tests('labs/room.md')).toEqual(['passed 6 Make it', 'passed 16 Light it'])
    expect(file('labs/room.md').assertionResults[0]!.ancestorTitles).toEqual(['A room of its own'])
    expect(tests('labs/cable.md')).toEqual([
      'failed 8 Make a cable',
      'failed 26 Say something else',
      'failed 38 Use the cable',
      'passed 46 Go on',
      'skipped 59 Think',
    ])

    const [ping, ...more] = failures('labs/cable.md', 'Make a cable').map(readFailure)
    expect(more).toEqual([])
    expect(ping!.place).toBe('labs/cable.md:22:3')
    expect(ping!.text).toMatch(
      /^failed: ping: host -> 10\.0\.0\.2\nexpected: a reply\nseen: [^\n]+\nwhy: Both ends must be up\.\nbecause: net1\/veth1 is down\n[\s\S]*\$ ping -n -c 1 /,
    )
    const [output] = failures('labs/cable.md', 'Say something else').map(readFailure)
    expect(output).toEqual({
      place: 'labs/cable.md:34:1',
      text: 'failed: expected output\nthe output is not what is expected\n  one\n- three\n+ two\nthis step follows the failure of "Make a cable"',
    })
    const [blocked] = failures('labs/cable.md', 'Use the cable').map(readFailure)
    expect(blocked).toEqual({
      place: 'labs/cable.md:38:1',
      text: 'blocked: not run, because it needs the step "Make a cable", which did not pass',
    })
  })

  test('for people, with the lines around it, and with what follows a failure', async () => {
    const { stdout, stderr } = await project.run(VITEST, 'run', '--reporter=verbose', 'labs/cable')
    const text = stdout + stderr
    expect(text).toMatch(/✓ labs\/cable\.md:46:1 > A cable that is not plugged in > Go on/)
    expect(text).toContain('this step follows the failure of "Make a cable"')
    expect(text).toContain('only a question: it is asked in the lesson')
    expect(text).toMatch(/❯ labs\/cable\.md:22:3\n[\s\S]*22\| - ping: host -> 10\.0\.0\.2\n\s+\|\s+\^/)
  })

  test('what cannot be run does not pass, nor does what goes wrong after the last step', async () => {
    const { status, tests, failures, file } = await run('labs/machine', 'labs/late')
    expect(status).toBe(1)
    expect(tests('labs/machine.md')).toEqual(['failed 7 Begin', 'failed 13 End'])
    for (const title of ['Begin', 'End'])
      expect(failures('labs/machine.md', title).map(readFailure)).toEqual([
        { place: 'labs/machine.md:1:1', text: expect.stringMatching(/^error: this lab says `machine: vm`[\s\S]*\n→ /) },
      ])
    expect(tests('labs/late.md')).toEqual(['passed 6 Begin'])
    expect(file('labs/late.md').status).toBe('failed')
  })

  test('a file with mistakes fails, whatever was asked for', async () => {
    configure({ labs: ['mistakes/mistakes.md', 'labs/room.md'] })
    const { status, stdout, stderr } = await project.run(VITEST, 'run', '-t', 'Light it')
    configure({ labs: 'labs' })
    expect(status).toBe(1)
    const text = stdout + stderr
    expect(text).toMatch(
      /mistake: unknown key `titel` in the front matter\n→ did you mean `title`\?\n ❯ mistakes\/mistakes\.md:3:1/,
    )
    expect(text).toMatch(/mistake: `minutes`: .*\n ❯ mistakes\/mistakes\.md:4:10/)
    expect(text).toMatch(/Tests +1 passed \| 1 skipped \(2\)/)
  })
})

describe('what Vitest can do', { timeout: 120_000 }, () => {
  test('-t: one step is tested, those before it are done', async () => {
    const { status, tests } = await run('labs/room', '-t', 'Light it')
    expect(status).toBe(0)
    expect(tests('labs/room.md')).toEqual(['skipped 6 Make it', 'passed 16 Light it'])
  })

  test('-t: a step that needs another which fails unseen does not pass', async () => {
    const { status, tests, failures } = await run('labs/cable', '-t', 'Use the cable')
    expect(status).toBe(1)
    expect(tests('labs/cable.md').filter((one) => !one.startsWith('skipped'))).toEqual(['failed 38 Use the cable'])
    expect(failures('labs/cable.md', 'Use the cable')[0]).toMatch(/^blocked: not run/)
  })

  test('a line number means the step that begins there', async () => {
    const { tests } = await run('labs/room.md:16')
    expect(tests('labs/room.md')).toEqual(['skipped 6 Make it', 'passed 16 Light it'])
  })

  test('--shard divides the labs; other Markdown is no lab', async () => {
    const shards = [await run('--shard=1/2', '-t', 'nothing'), await run('--shard=2/2', '-t', 'nothing')]
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
    const { failures } = await run('labs/cable', '--retry=1', '-t', 'Make a cable')
    // In the old one `ip netns add net1` would fail.
    const found = failures('labs/cable.md', 'Make a cable').map((one) => one.split('\n')[0])
    expect(found).toEqual(['failed: ping: host -> 10.0.0.2', 'failed: ping: host -> 10.0.0.2'])
  })

  test('watch: a lab is run again when it changes, and when one does that it starts from', async () => {
    const vitest = project.start(VITEST, '--watch', '--reporter=verbose', 'labs/room', 'labs/door')
    let text = ''
    for (const stream of [vitest.stdout, vitest.stderr]) stream.on('data', (bytes: Buffer) => (text += String(bytes)))
    const shows = async (what: RegExp) => {
      for (let turn = 0; !what.test(text); turn++) {
        if (turn > 600) throw new Error(`not seen: ${what}\n${text}`)
        await delay(100)
      }
      text = ''
    }
    try {
      await shows(/3 passed[\s\S]*Waiting for file changes/)
      const room = readFileSync(join(project.folder, 'labs/room.md'), 'utf8')
      project.write('labs/room.md', room.replace('## Light it', '## Switch it on'))
      await shows(
        /A door > Open it[\s\S]*Waiting for file changes|A room of its own > Switch it on[\s\S]*3 passed[\s\S]*Waiting/,
      )
      project.write('labs/room.md', room)
    } finally {
      vitest.kill()
      await new Promise((resolve) => vitest.once('close', resolve))
    }
  })
})

describe('verify', { timeout: 120_000 }, () => {
  test('a check that holds before its step is a failure, at its line, and so is an output that cannot differ', async () => {
    configure({ labs: ['rotten', 'labs/room.md'], verify: true })
    const { status, tests, failures } = await run()
    configure({ labs: 'labs' })
    expect(status).toBe(1)
    expect(tests('labs/room.md')).toEqual(['passed 6 Make it', 'passed 16 Light it', 'passed 25 leaves nothing behind'])
    expect(tests('rotten/step-before.md')).toEqual([
      'passed 6 Make',
      'failed 17 Look',
      'passed 27 leaves nothing behind',
    ])
    const [first] = failures('rotten/step-before.md', 'Look').map(readFailure)
    expect(first).toEqual({
      place: 'rotten/step-before.md:24:3',
      text: expect.stringMatching(
        /^not proven: `netns: box` holds before the step "Look" is done, .* since the step "Make"\n→ move/,
      ),
    })
    const outputs = failures('rotten/any-output.md', 'Look').map((message) => readFailure(message).place)
    expect(outputs).toEqual([14, 22, 30, 36, 43].map((line) => `rotten/any-output.md:${line}:1`))
  })

  test('without it, such a lab passes', async () => {
    configure({ labs: 'rotten' })
    const { status } = await run()
    configure({ labs: 'labs' })
    expect(status).toBe(0)
  })
})

test('its types are those that a configuration in TypeScript needs', { timeout: 60_000 }, async () => {
  project.write(
    'tsconfig.json',
    '{ "compilerOptions": { "strict": true, "module": "nodenext", "noEmit": true, "skipLibCheck": true, "types": [] }, "files": ["vitest.config.ts"] }',
  )
  expect(await project.run('typescript/bin/tsc', '-p', '.')).toMatchObject({ status: 0, stdout: '' })
  project.write('wrong.ts', `import { labrun } from 'labrun/vitest'\nlabrun({ lab: 'labs' })\n`)
  const { status, stdout } = await project.run(
    'typescript/bin/tsc',
    '--module',
    'nodenext',
    '--noEmit',
    '--skipLibCheck',
    '--ignoreConfig',
    'wrong.ts',
  )
  expect(status).not.toBe(0)
  expect(stdout).toMatch(/wrong\.ts\(2,10\): error TS2561: .*'lab' does not exist in type 'LabrunOptions'/)
})
