import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { VitestProject } from '../support/vitest-project.ts'

let project: VitestProject
beforeAll(() => {
  project = new VitestProject()
})
afterAll(() => project.remove())

describe('labs are test files', { timeout: 120_000 }, () => {
  test('a lab is a describe, a step is a test, and what fails points into the Markdown', async () => {
    const { status, files, file, tests, failures } = await project.test('labs/cable', 'labs/room')
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

    const [ping, ...more] = failures('labs/cable.md', 'Make a cable')
    expect(more).toEqual([])
    expect(ping!.place).toBe('labs/cable.md:22:3')
    expect(ping!.text).toMatch(
      /^failed: ping: host -> 10\.0\.0\.2\nexpected: a reply\nseen: [^\n]+\nwhy: Both ends must be up\.\nbecause: net1\/veth1 is down\n[\s\S]*\$ ping -n -c 1 /,
    )
    const [output] = failures('labs/cable.md', 'Say something else')
    expect(output).toEqual({
      place: 'labs/cable.md:34:1',
      text: 'failed: expected output\nthe output is not what is expected\n  one\n- three\n+ two\nthis step follows the failure of "Make a cable"',
    })
    const [blocked] = failures('labs/cable.md', 'Use the cable')
    expect(blocked).toEqual({
      place: 'labs/cable.md:38:1',
      text: 'blocked: not run, because it needs the step "Make a cable", which did not pass',
    })
  })

  test('for people, with the lines around it, and with what follows a failure', async () => {
    const { text } = await project.watchTest('--reporter=verbose', 'labs/cable', 'labs/late')
    expect(text).toMatch(/✓ labs\/cable\.md:46:1 > A cable that is not plugged in > Go on/)
    expect(text).toContain('this step follows the failure of "Make a cable"')
    expect(text).toContain('only a question: it is asked in the lesson')
    expect(text).toMatch(/❯ labs\/cable\.md:22:3\n[\s\S]*22\| - ping: host -> 10\.0\.0\.2\n\s+\|\s+\^/)
    expect(text).toMatch(
      /FAIL .*labs\/late\.md.* > What goes wrong late\nfailed: \$ sleep 0\.2\nexit 3\nended with status 3[\s\S]*❯ labs\/late\.md:9:1/,
    )
  })

  test('a lab for another machine is skipped with the reason, and fails where the machine asked for is not there', async () => {
    const alone = await project.test('labs/machine')
    expect(alone.tests('labs/machine.md')).toEqual(['skipped 7 Begin', 'skipped 13 End'])
    const { text } = await project.watchTest('--reporter=verbose', 'labs/machine')
    expect(text).toContain('the lab says `machine: vm`: LABRUN_ON=vagrant runs it')

    project.environment = { LABRUN_ON: 'ssh:nobody@nowhere.invalid' }
    const { status, tests, failures } = await project.test('labs/machine')
    project.environment = {}
    expect(status).toBe(1)
    expect(tests('labs/machine.md')).toEqual(['failed 7 Begin', 'failed 13 End'])
    for (const title of ['Begin', 'End'])
      expect(failures('labs/machine.md', title)).toEqual([
        {
          place: 'labs/machine.md:1:1',
          text: expect.stringMatching(/^error: .*nowhere\.invalid: no machine of that name[\s\S]*\n→ /),
        },
      ])
  })

  test('what goes wrong after the last step fails', async () => {
    const { status, tests, file } = await project.test('labs/late')
    expect(status).toBe(1)
    expect(tests('labs/late.md')).toEqual(['passed 6 Begin'])
    expect(file('labs/late.md').status).toBe('failed')
  })

  test('a file with mistakes fails, whatever was asked for', async () => {
    project.configure({ labs: ['mistakes/mistakes.md', 'labs/room.md'] })
    const { status, text } = await project.watchTest('-t', 'Light it')
    project.configure({ labs: 'labs' })
    expect(status).toBe(1)
    expect(text).toMatch(
      /mistake: unknown key `titel` in the front matter\n→ did you mean `title`\?\n ❯ mistakes\/mistakes\.md:3:1/,
    )
    expect(text).toMatch(/mistake: `minutes`: .*\n ❯ mistakes\/mistakes\.md:4:10/)
    expect(text).toMatch(/Tests +1 passed \| 1 skipped \(2\)/)
  })
})

describe('verify', { timeout: 120_000 }, () => {
  test('a check that holds before its step is a failure, at its line, and so is an output that cannot differ', async () => {
    project.configure({ labs: ['rotten', 'labs/room.md'], verify: true })
    const { status, tests, failures } = await project.test()
    project.configure({ labs: 'labs' })
    expect(status).toBe(1)
    expect(tests('labs/room.md')).toEqual(['passed 6 Make it', 'passed 16 Light it', 'passed 25 leaves nothing behind'])
    expect(tests('rotten/step-before.md')).toEqual([
      'passed 6 Make',
      'failed 17 Look',
      'passed 27 leaves nothing behind',
    ])
    const [first] = failures('rotten/step-before.md', 'Look')
    expect(first).toEqual({
      place: 'rotten/step-before.md:24:3',
      text: expect.stringMatching(
        /^not proven: `netns: box` holds before the step "Look" is done, .* since the step "Make"\n→ move/,
      ),
    })
    const outputs = failures('rotten/any-output.md', 'Look').map(({ place }) => place)
    expect(outputs).toEqual([14, 22, 30, 36, 43].map((line) => `rotten/any-output.md:${line}:1`))
  })

  test('without it, such a lab passes', async () => {
    project.configure({ labs: 'rotten' })
    const { status } = await project.test()
    project.configure({ labs: 'labs' })
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
